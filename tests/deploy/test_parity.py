"""The firmware's streaming path against the batch path: no byte differs; any that did counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.dataset.front_end import FRONT_ENDS, FrontEndName
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.verify.parity import batch_inputs, differing_bytes
from imu_gesture.inference.classifier import Int8Array, open_classifier
from imu_gesture.samples import Samples
from imu_gesture.simulation.board import Inference
from tests import make
from tests.models import handmade
from tests.models.manifests import manifest

CONTENT = handmade.tflite()
SAMPLES, _ = make.gestures(["circle", "wave"] * 3)


def plain(content: bytes, front_end: FrontEndName = "sensor") -> ModelManifest:
    """With offsets and gains that keep features inside int8."""
    said = manifest(content, offset=(0.0,) * 6, front_end=front_end)
    return said.model_copy(
        update={"features": said.features.model_copy(update={"gain": (1.0,) * 3 + (0.01,) * 3})}
    )


def stream(samples: Samples, said: ModelManifest, content: bytes, part: int) -> list[Inference]:
    """What the firmware computes when samples come a few at a time."""
    classifier = open_classifier(content)
    inferences: list[Inference] = []

    def classify(window: Int8Array) -> Int8Array:
        scores: Int8Array = classifier.scores(window[None])[0]
        inferences.append(Inference(window, scores))
        return scores

    firmware = _core.Firmware(said.firmware_params(), classify)
    for start in range(0, len(samples), part):
        few = samples.rows(slice(start, start + part))
        firmware.push(few.device_time_us, few.acc_g, few.gyr_or_zero_dps)
    return inferences


def with_gap() -> Samples:
    later = SAMPLES.device_time_us + 500_000 * (np.arange(len(SAMPLES)) > len(SAMPLES) // 2)
    return replace(SAMPLES, device_time_us=later)


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_no_byte_differs_behind_any_front_end(front_end: FrontEndName) -> None:
    said = plain(CONTENT, front_end)
    inferences = stream(with_gap(), said, CONTENT, 50)
    assert len(inferences) > 100
    assert differing_bytes(with_gap(), said, open_classifier(CONTENT), inferences) == 0
    others = [plain(CONTENT, other) for other in FRONT_ENDS if other != front_end]
    assert all(
        not np.array_equal(batch_inputs(SAMPLES, other), batch_inputs(SAMPLES, said))
        for other in others
    )


@pytest.mark.parametrize("part", [1, 7, 10_000])
@pytest.mark.parametrize(
    "samples",
    [SAMPLES, with_gap(), replace(SAMPLES, gyr_dps=None), make.noise(900, rate_hz=99.8)],
    ids=["gestures", "a gap", "no gyroscope", "another rate"],
)
def test_no_byte_differs(samples: Samples, part: int) -> None:
    said = plain(CONTENT)
    inferences = stream(samples, said, CONTENT, part)
    assert len(inferences) > 50
    assert len({inference.input.tobytes() for inference in inferences}) > 50
    assert differing_bytes(samples, said, open_classifier(CONTENT), inferences) == 0


@pytest.mark.slow
def test_no_byte_differs_with_a_trained_model(tensorflow_models: dict[str, bytes]) -> None:
    content = tensorflow_models["trained"]
    said = plain(content)
    inferences = stream(SAMPLES, said, content, part=5)
    assert len(inferences) > 50
    assert differing_bytes(SAMPLES, said, open_classifier(content), inferences) == 0


@pytest.mark.parametrize("place", [0, 17, -1])
def test_every_changed_byte_counts(place: int) -> None:
    said = plain(CONTENT)
    inferences = stream(SAMPLES, said, CONTENT, part=10)
    seen = inferences[place]
    changed_input, changed_scores = seen.input.copy(), seen.scores.copy()
    changed_input[3, 2:4] ^= 1
    changed_scores[1] ^= 1
    inferences[place] = Inference(changed_input, changed_scores)
    assert differing_bytes(SAMPLES, said, open_classifier(CONTENT), inferences) == 3


ONE = handmade.SAMPLES * handmade.CHANNELS + handmade.CLASSES


@pytest.mark.parametrize("missing", [1, 2, 5])
def test_missing_inferences_count_whole(missing: int) -> None:
    said = plain(CONTENT)
    inferences = stream(SAMPLES, said, CONTENT, part=10)[:-missing]
    found = differing_bytes(SAMPLES, said, open_classifier(CONTENT), inferences)
    assert found == missing * ONE


def test_an_inference_too_many_counts_whole() -> None:
    said = plain(CONTENT)
    inferences = stream(SAMPLES, said, CONTENT, part=10)
    again = [*inferences, inferences[-1]]
    assert differing_bytes(SAMPLES, said, open_classifier(CONTENT), again) == ONE


def test_a_firmware_that_never_inferred_differs_in_everything() -> None:
    said = plain(CONTENT)
    count = len(batch_inputs(SAMPLES, said))
    assert differing_bytes(SAMPLES, said, open_classifier(CONTENT), []) == count * ONE


def test_too_few_samples_for_a_window_differ_in_nothing() -> None:
    said, few = plain(CONTENT), SAMPLES.rows(slice(0, 20))
    assert stream(few, said, CONTENT, part=10) == []
    assert batch_inputs(few, said).shape == (0, handmade.SAMPLES, handmade.CHANNELS)
    assert differing_bytes(few, said, open_classifier(CONTENT), []) == 0
