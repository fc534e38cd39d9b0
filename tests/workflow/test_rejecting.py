"""A model that rejects, along the whole line: the same on host, virtual board, Cortex-M4F."""

from __future__ import annotations

from pathlib import Path

import pytest

from imu_gesture.deploy.manifest import write_run
from imu_gesture.deploy.measured import measure_model, with_model
from imu_gesture.deploy.sketch import write_sketch
from imu_gesture.errors import ModelError
from imu_gesture.live.recogniser import HostRecogniser
from imu_gesture.samples import Samples
from imu_gesture.workflow.boards import laid_link
from imu_gesture.workflow.evaluating import evaluate_run
from imu_gesture.workflow.verifying import board_side, host_rungs
from imu_gesture.workspace import Workspace
from tests import make
from tests.live.small_model import Model, small_model
from tests.workflow.test_evaluating import record

MOST_SPREAD = 140  # of the small model: rejects some windows of a moving hand


@pytest.fixture(scope="module")
def model() -> Model:
    return small_model(0, MOST_SPREAD)


def reports(model: Model, samples: Samples) -> list[tuple[int, str]]:
    return [(r.device_time_us, r.label) for r in HostRecogniser(*model).push(samples)]


def hand() -> Samples:
    return make.gestures(["circle", "wave"] * 4, 0, pause_s=2.0)[0]


def test_some_movements_are_rejected_and_some_are_not(model: Model) -> None:
    every, kept = reports(small_model(), hand()), reports(model, hand())
    assert 0 < len(kept) < len(every)


def test_all_rungs_hold(model: Model, tmp_path: Path) -> None:
    place = Workspace(tmp_path)
    make.write(place.recordings, "a", hand(), [])
    write_sketch(tmp_path / "firmware_sketch", *model)
    _, *rungs = host_rungs(place, *model)  # the first: scores that nobody has found
    with laid_link(0, model) as link:
        rungs += board_side(link, place, model)
    assert [rung for rung in rungs if rung.state == "failed"] == []
    assert {"core on host and Cortex-M4F", "board's scores", "board from raw samples on"} <= {
        rung.name for rung in rungs
    }


def test_a_board_with_another_limit_is_told(model: Model, tmp_path: Path) -> None:
    place = Workspace(tmp_path)
    make.write(place.recordings, "a", hand(), [])
    with laid_link(0, small_model(0, MOST_SPREAD + 200)) as link:
        rungs = list(board_side(link, place, model))
    assert next(r.name for r in rungs if r.state == "failed") == "board from raw samples on"


def test_evaluate_counts_what_the_firmware_reports(model: Model, tmp_path: Path) -> None:
    place = Workspace(tmp_path)
    folder = place.new_run()
    write_run(folder, *model)
    samples = record(tmp_path, "a")
    found = evaluate_run(place, None, ()).streams.overall
    assert found.reported == len(reports(model, samples)) > 0


def test_the_model_is_as_its_manifest_says(model: Model) -> None:
    said, tflite = model
    found = measure_model(tflite)
    assert (found.model_id, found.operators) == (said.model_id, said.operators)


def test_a_model_with_logits_takes_no_other_runs_place(model: Model) -> None:
    with pytest.raises(ModelError, match="name that run instead"):
        with_model(small_model()[0], model[1], "other.tflite")
    replaced = with_model(model[0], small_model(3)[1], "other.tflite")
    assert replaced.decision.most_spread == 0
