"""Another model in the place of a run's: described anew, and refused where it does not fit."""

from __future__ import annotations

import pytest

from imu_gesture.deploy.manifest import model_id
from imu_gesture.deploy.measured import measure_model, with_model
from imu_gesture.errors import ModelError
from imu_gesture.inference.flatbuffer import read_facts
from tests.models import handmade
from tests.models.manifests import manifest

OWN, OTHER = handmade.tflite(), handmade.tflite(seed=1)


def test_what_the_flatbuffer_decides_is_new_and_the_rest_stays() -> None:
    changed = handmade.model(seed=1)
    handmade.tensor(changed, "features").quantization.scale = [0.0625]
    own, other = manifest(OWN), handmade.packed(changed)
    said = with_model(own, other, "mine.tflite")
    assert (said.model_id, said.model_bytes) == (model_id(other), len(other))
    assert (said.input.scale, said.input.zero_point) == (0.0625, 5)
    assert said.operators == read_facts(other).operator_names
    assert said.arena.runtime.startswith("tflite-micro ")
    assert (said.window, said.features, said.decision) == (own.window, own.features, own.decision)
    assert said.labels == own.labels
    assert said.scores is None
    assert said.provenance.configuration == {"model": "mine.tflite"}


@pytest.mark.parametrize(
    ("names", "window", "said"),
    [
        (("circle", "wave"), {}, "knows 3 classes; .* knows 2: circle, wave"),
        (("a", "b", "c"), {"samples": 24}, r"takes \[16, 6\] .* takes \[24, 6\]"),
        (("a", "b", "c"), {"channels": 3}, r"takes \[16, 6\] .* takes \[16, 3\]"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(
    names: tuple[str, ...], window: dict[str, int], said: str
) -> None:
    own = manifest(OWN, names)
    own = own.model_copy(update={"window": own.window.model_copy(update=window)})
    with pytest.raises(ModelError, match=rf"mine\.tflite: .*{said}"):
        with_model(own, OTHER, "mine.tflite")


def test_a_model_that_the_board_would_miscompute_is_refused() -> None:
    changed = handmade.model()
    handmade.tensor(changed, "weights").quantization.scale = [0.1, 0.2, 0.3]
    with pytest.raises(ModelError, match="3 weight scales"):
        measure_model(handmade.packed(changed))
