"""What a fitting gives: the same model for the same seed, int8 at both ends, errors as text."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
import pytest

from imu_gesture.errors import TrainingError
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.learning.config import Architecture
from imu_gesture.learning.evaluation import model_inputs
from imu_gesture.learning.fitting import FitResult, FittingPool
from tests.learning.jobs import CONFIG, NAMES, job


@dataclass
class Fits:
    """Results and errors by name; the same training ran in two processes."""

    results: dict[str, FitResult]
    errors: dict[str, TrainingError]
    epochs: list[int]


@pytest.fixture(scope="module")
def fits() -> Fits:
    fits = Fits({}, {}, [])
    with FittingPool(1, fits.epochs.append) as here, FittingPool(1) as there:
        jobs = {
            "first": (here, job()),
            "other seed": (here, job(seed=1)),
            "again": (there, job()),
            "diverging late": (here, job(learning_rate=1000.0)),
            "no convolution": (there, job(architecture=Architecture(filters=(0, 8, 8)))),
            "too large": (there, job(architecture=Architecture(filters=(2**62, 8, 8)))),
            "no number": (there, job(learning_rate=float("nan"))),
        }
        futures = {name: (pool, pool.submit(one)) for name, (pool, one) in jobs.items()}
        for name, (pool, future) in futures.items():
            try:
                fits.results[name] = pool.result(future)
            except TrainingError as error:
                fits.errors[name] = error
    return fits


@pytest.mark.slow
def test_the_same_seed_gives_the_same_model_in_another_process(fits: Fits) -> None:
    first, again = fits.results["first"], fits.results["again"]
    assert first.tflite == again.tflite
    assert np.array_equal(first.probabilities, again.probabilities)
    assert np.array_equal(first.feature_gain, again.feature_gain)
    assert first.best_epoch == again.best_epoch


@pytest.mark.slow
def test_another_seed_gives_another_model(fits: Fits) -> None:
    assert fits.results["first"].tflite != fits.results["other seed"].tflite


@pytest.mark.slow
def test_every_epoch_is_reported_once(fits: Fits) -> None:
    assert fits.epochs == [1] * (3 * CONFIG.epochs)


@pytest.mark.slow
def test_the_model_takes_and_gives_int8(fits: Fits) -> None:
    facts = read_facts(fits.results["first"].tflite)
    (features,), (scores,) = facts.inputs, facts.outputs
    assert (features.dtype, features.shape) == ("INT8", (1, 48, 1, 6))
    assert (scores.dtype, scores.shape) == ("INT8", (1, len(NAMES)))
    assert (scores.scales, scores.zero_points) == ((1 / 256,), (-128,))
    assert {o.name for o in facts.operators} == {"CONV_2D", "RESHAPE", "FULLY_CONNECTED", "SOFTMAX"}


@pytest.mark.slow
def test_the_input_quantisation_is_the_models(fits: Fits) -> None:
    fitted = fits.results["first"]
    tensor = read_facts(fitted.tflite).inputs[0]
    assert fitted.input.scale == pytest.approx(tensor.scales[0])
    assert fitted.input.zero_point == tensor.zero_points[0]


@pytest.mark.slow
def test_int8_scores_are_close_to_the_float_networks(fits: Fits) -> None:
    fitted, windows = fits.results["first"], job().test_windows
    scores = open_classifier(fitted.tflite).scores(model_inputs(fitted, windows))
    assert np.abs((scores + 128.0) / 256 - fitted.probabilities).max() < 0.1
    assert np.array_equal(scores.argmax(axis=1), fitted.probabilities.argmax(axis=1))
    assert np.mean(scores.argmax(axis=1) == job().train.label) > 0.9


@pytest.mark.slow
def test_features_have_a_root_mean_square_of_one_for_each_sensor(fits: Fits) -> None:
    gain, windows = fits.results["first"].feature_gain, job().train.windows
    for sensor in (slice(0, 3), slice(3, 6)):
        features = (windows * gain)[..., sensor].astype(np.float64)
        assert np.sqrt(np.mean(np.square(features))) == pytest.approx(1, rel=1e-5)


@pytest.mark.slow
def test_the_best_epoch_is_kept_though_later_ones_diverge(fits: Fits) -> None:
    fitted = fits.results["diverging late"]
    assert 1 <= fitted.best_epoch < CONFIG.epochs
    assert np.isfinite(fitted.probabilities).all()


@pytest.mark.slow
def test_a_loss_that_is_never_a_number_is_an_error(fits: Fits) -> None:
    assert "training diverged" in str(fits.errors["no number"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("no convolution", "ValueError", "filters=0"),
        ("too large", "InvalidArgumentError", "more than 2**63 - 1 elements"),
    ],
)
def test_an_error_of_tensorflow_arrives_with_its_text(
    name: str, kind: str, text: str, fits: Fits
) -> None:
    said = str(fits.errors[name])
    assert said.startswith(f"TensorFlow failed with {kind}: ")
    assert text in said


@pytest.mark.slow
@pytest.mark.usefixtures("fits")
def test_this_process_never_loads_tensorflow() -> None:
    assert not {"tensorflow", "keras"} & set(sys.modules)
