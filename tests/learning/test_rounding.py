"""What int8 costs, and that training with its roundings gets it back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from imu_gesture.dataset.splits import make_splits
from imu_gesture.deploy.model_check import check_model
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.learning.evaluation import model_inputs
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.learning.learned import learn
from tests.learning.jobs import job
from tests.learning.rounding import WideJob

EPOCHS = 16
AWARE = {"epochs": EPOCHS, "quantisation": "quantisation-aware"}


@pytest.fixture(scope="module")
def pool() -> Iterator[FittingPool]:
    with FittingPool(1) as pool:
        yield pool


@pytest.mark.slow
def test_training_with_the_roundings_recovers_what_wide_channels_cost(pool: FittingPool) -> None:
    found = pool.result(pool.submit(WideJob(job(epochs=60))))
    assert found.float32 == 1.0
    assert found.post_training < 0.7
    assert found.aware > 0.9
    assert found.aware >= found.rounded  # of the same ranges, without further training
    check_model(read_facts(found.aware_tflite))


@pytest.mark.slow
def test_an_aware_model_has_the_boards_operators_and_its_seed_decides(pool: FittingPool) -> None:
    futures = [pool.submit(job(**AWARE)) for _ in range(2)]
    fitted, again = (pool.result(future) for future in futures)
    assert fitted.tflite == again.tflite
    facts = read_facts(fitted.tflite)
    check_model(facts)
    assert {o.name for o in facts.operators} == {"CONV_2D", "RESHAPE", "FULLY_CONNECTED", "SOFTMAX"}
    (features,), (scores,) = facts.inputs, facts.outputs
    assert (features.dtype, scores.dtype) == ("INT8", "INT8")
    assert (scores.scales, scores.zero_points) == ((1 / 256,), (-128,))
    said = open_classifier(fitted.tflite).scores(model_inputs(fitted, job().test_windows))
    assert np.array_equal(said.argmax(axis=1), fitted.probabilities.argmax(axis=1))


@pytest.mark.slow
@pytest.mark.parametrize(("most_loss", "repeats"), [(0.005, 0), (-1.0, 1)])
def test_all_is_fitted_once_more_only_where_int8_loses(
    most_loss: float, repeats: int, pool: FittingPool
) -> None:
    fit = job(epochs=EPOCHS)
    splits = make_splits(fit.train, "block", 2)
    calls: list[str] = []
    learned = learn(
        fit.train, splits, fit.config, pool, lambda: calls.append("repeat"), most_loss=most_loss
    )
    assert len(calls) == repeats
    assert learned.evaluation is not None
    assert learned.evaluation.accuracy == 1.0
    # no better than what was there, so it is not kept
    assert learned.config.quantisation == "post-training"


@pytest.mark.slow
def test_without_held_out_windows_quantisation_stays_what_it_was(pool: FittingPool) -> None:
    fit = job(epochs=1)
    learned = learn(fit.train, [], fit.config, pool, most_loss=-1.0)
    assert learned.evaluation is None
    assert learned.config == fit.config
