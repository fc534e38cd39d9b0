"""What the live window is told of board and model before anything is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from imu_gesture import _core
from imu_gesture.device import DeviceInfo
from imu_gesture.recording.capture.plan import CapturePlan
from imu_gesture.recording.replay_link import ReplayLink
from imu_gesture.workflow.boards import virtual_link
from imu_gesture.workflow.live_window import LiveOptions, levels_of, model_words, names_of
from tests import make
from tests.live.small_model import Model, small_model


def other_model() -> Model:
    """Of other classes, and with another identity."""
    manifest, tflite = small_model()
    labels = tuple(
        label.model_copy(update={"name": f"other {label.name}"}) for label in manifest.labels
    )
    return manifest.model_copy(update={"labels": labels, "model_id": "0" * 15 + "1"}), tflite


def options(model: Model) -> LiveOptions:
    return LiveOptions(model[0], Path("models/run-007"), None, None, CapturePlan("live"))


def test_a_boards_own_classes_are_shown_with_the_runs_thresholds_of_the_same_name() -> None:
    model, other = small_model(), other_model()
    with virtual_link(0, model) as link:
        names = names_of(link, other[0])
        assert names == model[0].label_names
        assert levels_of(names, model[0]) == [label.threshold for label in model[0].labels]
        assert levels_of(names, other[0]) == [_core.NEVER] * len(names)
        assert model_words(link, options(model)) == f"model {model[0].model_id} of run-007"
        said = model_words(link, options(other))
        assert said.startswith(f"model {model[0].model_id}; run-007 is another one")
        assert "imu-gesture deploy" in said


@pytest.mark.parametrize("recorded", [False, True], ids=["board without a model", "recording"])
def test_without_a_model_on_the_board_it_is_the_runs_on_this_computer(
    recorded: bool, tmp_path: Path
) -> None:
    model = small_model()
    path = make.write(tmp_path, "r", make.noise(200), [])
    with ReplayLink(path) if recorded else virtual_link(0) as link:
        assert isinstance(link.info, DeviceInfo)
        assert names_of(link, model[0]) == model[0].label_names
        said = model_words(link, options(model))
    assert said == f"model {model[0].model_id} of run-007, on this computer only"
