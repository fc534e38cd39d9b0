"""Int8 classifiers: TensorFlow Lite Micro is preferred, and LiteRT is at most one level away."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from imu_gesture.errors import ModelError
from imu_gesture.inference.classifier import Classifier, Int8Array, open_classifier
from imu_gesture.inference.litert import LiteRtClassifier
from imu_gesture.inference.tflm import TflmClassifier
from tests.models import handmade

RUNTIMES: tuple[Callable[[bytes], Classifier], ...] = (TflmClassifier, LiteRtClassifier)
both = pytest.mark.parametrize("runtime", RUNTIMES)


def windows(n: int, samples: int = handmade.SAMPLES, seed: int = 0) -> Int8Array:
    rng = np.random.default_rng(seed)
    return rng.integers(-128, 128, (n, samples, handmade.CHANNELS)).astype(np.int8)


@both
def test_scores_are_int8_and_one_row_a_window(runtime: Callable[[bytes], Classifier]) -> None:
    scores = runtime(handmade.tflite()).scores(windows(7))
    assert scores.shape == (7, handmade.CLASSES)
    assert scores.dtype == np.int8
    assert len(np.unique(scores, axis=0)) > 1
    assert np.all(abs((scores.astype(int) + 128).sum(axis=1) - 256) <= handmade.CLASSES)


@both
def test_windows_do_not_depend_on_each_other(runtime: Callable[[bytes], Classifier]) -> None:
    classifier, inputs = runtime(handmade.tflite()), windows(20)
    together = classifier.scores(inputs)
    alone = [classifier.scores(window[None])[0] for window in inputs[::-1]][::-1]
    assert np.array_equal(together, alone)


@both
def test_no_windows_no_scores(runtime: Callable[[bytes], Classifier]) -> None:
    scores = runtime(handmade.tflite()).scores(windows(0))
    assert scores.shape == (0, handmade.CLASSES)
    assert scores.dtype == np.int8


@both
@pytest.mark.parametrize("shape", [(2, 15, 6), (2, 6, 16), (2, 16, 3), (16, 6), (2, 96), (0, 9, 6)])
def test_windows_of_another_shape_are_refused(
    runtime: Callable[[bytes], Classifier], shape: tuple[int, ...]
) -> None:
    classifier = runtime(handmade.tflite())
    with pytest.raises(ModelError, match=r"do not fit the model's input \(1, 16, 1, 6\)"):
        classifier.scores(np.zeros(shape, np.int8))


@both
def test_a_damaged_model_is_refused(runtime: Callable[[bytes], Classifier]) -> None:
    content = handmade.tflite()
    for damaged in (b"", b"x" * 100, content[:700], content[:8] + bytes(len(content) - 8)):
        with pytest.raises(ModelError):
            runtime(damaged)


@both
def test_an_operator_that_the_runtime_lacks_is_refused(
    runtime: Callable[[bytes], Classifier],
) -> None:
    changed = handmade.model()
    changed.operatorCodes[2].builtinCode = schema.BuiltinOperator.UNIQUE
    with pytest.raises(ModelError, match="cannot run this model"):
        runtime(handmade.packed(changed))


@both
def test_float_models_are_refused_with_the_cure(runtime: Callable[[bytes], Classifier]) -> None:
    changed = handmade.model()
    handmade.tensor(changed, "features").type = schema.TensorType.FLOAT32
    with pytest.raises(ModelError, match=r"FLOAT32, INT8; convert with inference_input_type"):
        runtime(handmade.packed(changed))


@both
def test_two_inputs_are_refused(runtime: Callable[[bytes], Classifier]) -> None:
    changed = handmade.model()
    changed.subgraphs[0].inputs = [0, 0]
    with pytest.raises(ModelError, match="one int8 input"):
        runtime(handmade.packed(changed))


def test_tensorflow_lite_micro_is_preferred() -> None:
    classifier = open_classifier(handmade.tflite())
    assert classifier.exact
    assert classifier.name.startswith("tflite-micro ")


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (["tflite_micro"], "ai-edge-litert False"),
        (["ai_edge_litert"], "tflite-micro True"),
        (["tflite_micro", "ai_edge_litert"], "pip install ai-edge-litert"),
    ],
)
def test_the_runtime_that_is_installed_is_taken(
    missing: list[str], said: str, run_python: Callable[..., str]
) -> None:
    code = (
        "from imu_gesture.errors import ModelError\n"
        "from imu_gesture.inference.classifier import open_classifier\n"
        "try:\n    found = open_classifier(bytes.fromhex(sys.argv[1]))\n"
        "    print(found.name.split()[0], found.exact)\n"
        "except ModelError as error:\n    print(error)"
    )
    assert said in run_python(code, handmade.tflite().hex(), missing=missing)


@pytest.mark.parametrize("seed", range(3))
def test_both_runtimes_agree_on_models_made_by_hand(seed: int) -> None:
    content, inputs = handmade.tflite(seed), windows(500, seed=seed)
    micro = TflmClassifier(content).scores(inputs).astype(int)
    assert np.abs(micro - LiteRtClassifier(content).scores(inputs)).max() <= 1


@pytest.mark.slow
def test_both_runtimes_agree_within_one_level_on_a_trained_model(
    tensorflow_models: dict[str, bytes],
) -> None:
    content, inputs = tensorflow_models["trained"], windows(2000, samples=48)
    micro = TflmClassifier(content).scores(inputs).astype(int)
    difference = np.abs(micro - LiteRtClassifier(content).scores(inputs))
    assert difference.max() <= 1
    assert np.mean(difference > 0) < 0.02  # 0.4 % of the windows when this was written
