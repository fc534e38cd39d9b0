"""What training hands to the core's front ends, and the gyroscope's offset in recordings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imu_gesture.dataset.dataset import build_dataset
from imu_gesture.dataset.front_end import FRONT_ENDS, FrontEnd, FrontEndName, usual_front_end
from imu_gesture.dataset.windows import choose_window, corrected, runs_of
from imu_gesture.errors import DatasetError
from imu_gesture.samples import Samples
from tests import make
from tests.dataset import cases
from tests.dataset.cases import SPEC

GESTURES, LABELS = make.gestures(["up", "down"] * 4, pause_s=2.0)
BIAS_DPS = np.array([30.0, -20.0, 10.0], np.float32)


def quiet(samples: Samples) -> Samples:
    """The same gestures by a steady hand: a rest is a rest for the tracker too."""
    rng = np.random.default_rng(0)
    moving = np.abs(samples.gyr_or_zero_dps).max(axis=1, keepdims=True) > 12
    acc_g = np.where(moving, samples.acc_g, np.array([0, 0, 1]))
    gyr_dps = np.where(moving, samples.gyr_or_zero_dps, rng.normal(0, 0.1, (len(samples), 3)))
    return replace(samples, acc_g=acc_g.astype(np.float32), gyr_dps=gyr_dps.astype(np.float32))


STEADY = quiet(GESTURES)


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_an_offset_of_the_gyroscope_does_not_reach_the_model(front_end: FrontEndName) -> None:
    biased = replace(STEADY, gyr_dps=STEADY.gyr_or_zero_dps + BIAS_DPS)
    free, removed = (
        FrontEnd(front_end, SPEC.period_us)(
            build_dataset(
                [cases.labelled(samples, LABELS)], replace(SPEC, front_end=front_end)
            ).windows
        )
        for samples in (STEADY, biased)
    )
    assert np.abs(removed - free).max() < 0.2
    unknown_dps = corrected(cases.labelled(biased, LABELS)).gyr_or_zero_dps[:70]
    assert np.abs(unknown_dps - BIAS_DPS).max() < 1


def test_a_held_end_is_no_rest() -> None:
    """A slow steady turn at the end, held for longer than the tracker needs to believe it."""
    samples = make.noise(400)
    samples.gyr_or_zero_dps[-1] = 20.0
    (run,) = runs_of(corrected(cases.labelled(samples, [])), replace(SPEC, samples=128))
    held = run.end_us > run.last_us + 1_000_000
    assert np.sum(held) > 30
    assert np.allclose(run.rows[held, 3:], 20.0)


def test_without_a_gyroscope_there_is_nothing_to_track() -> None:
    samples = replace(make.noise(100), gyr_dps=None)
    found = corrected(cases.labelled(samples, []))
    assert found.gyr_dps is None
    assert np.array_equal(found.acc_g, samples.acc_g)


@pytest.mark.parametrize("front_end", ["gravity", "stroke"])
def test_a_recording_without_gyroscope_is_refused(front_end: FrontEndName) -> None:
    deaf = cases.labelled(replace(STEADY, gyr_dps=None), LABELS, "deaf")
    with pytest.raises(DatasetError, match=r"deaf: recorded without gyroscope.*--front-end sensor"):
        choose_window([cases.labelled(STEADY, LABELS), deaf], front_end=front_end)


@pytest.mark.parametrize(("factor", "says"), [(0.1, r"0\.10 g"), (9.81, r"9\.8. g")])
def test_recordings_without_gravity_are_refused(factor: float, says: str) -> None:
    strange = replace(STEADY, acc_g=STEADY.acc_g * np.float32(factor))
    recording = cases.labelled(strange, LABELS)
    with pytest.raises(DatasetError, match=rf"gravity.* {says}.*--front-end sensor"):
        build_dataset([recording], replace(SPEC, front_end="stroke"))
    build_dataset([recording], SPEC)


@pytest.mark.parametrize("pose", [(0.6, 0.0, 0.8), (0.0, -1.0, 0.0)])
def test_up_is_where_gravity_points_on_average(pose: tuple[float, float, float]) -> None:
    rng = np.random.default_rng(0)
    windows = np.zeros((20, 16, 6), np.float32)
    windows[..., :3] = np.array(pose) + rng.normal(0, 0.1, (20, 16, 3))
    found = usual_front_end("gravity", 20_000, windows)
    assert np.array(found.up) @ np.array(pose) > 0.999
    assert usual_front_end("sensor", 20_000, windows) == FrontEnd("sensor", 20_000)
    windows[::2] *= -1
    assert usual_front_end("gravity", 20_000, windows).up == (0.0, 0.0, 1.0)


def test_the_front_end_is_part_of_a_datasets_identity() -> None:
    recording = cases.labelled(STEADY, LABELS)
    digests = {
        build_dataset([recording], replace(SPEC, front_end=name)).digest() for name in FRONT_ENDS
    }
    assert len(digests) == len(FRONT_ENDS)
