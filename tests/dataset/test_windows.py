"""The time base that suits recordings, and runs cut at their gaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import WindowSpec, choose_window, runs_of
from imu_gesture.errors import DatasetError
from imu_gesture.labels import BACKGROUND, Label
from imu_gesture.samples import Samples
from tests import make
from tests.dataset import cases
from tests.dataset.cases import SPEC


def gestures_of(seconds: list[float], rate_hz: float = 119.0) -> LabelledRecording:
    labels = [Label(0.1, 0.1 + length_s, "up") for length_s in seconds]
    return cases.labelled(cases.ramp(10, rate_hz), labels)


@pytest.mark.parametrize(
    ("sensor_hz", "period_us", "samples", "hop"),
    [
        (119.0, 20_000, 48, 5),
        (104.0, 20_000, 48, 5),
        (400.0, 20_000, 48, 5),
        (50.0, 20_000, 48, 5),
        (40.0, 25_000, 40, 4),
        (25.0, 40_000, 24, 2),
    ],
)
def test_the_rate_is_the_sensors_but_at_most_50_hz(
    sensor_hz: float, period_us: int, samples: int, hop: int
) -> None:
    spec = choose_window([gestures_of([1.0], sensor_hz)])
    assert spec == WindowSpec(period_us, samples, hop, 6)


@pytest.mark.parametrize(
    ("seconds", "samples"),
    [
        ([0.32], 16),
        ([0.64], 32),
        ([1.28], 64),
        ([1.27], 64),
        ([0.5] * 80 + [1.28] * 20, 64),
        ([0.64] * 99 + [5.0], 32),
        ([9.0], 128),
    ],
)
def test_the_window_suits_85_of_100_gestures(seconds: list[float], samples: int) -> None:
    assert choose_window([gestures_of(seconds)]).samples == samples


def test_what_is_given_is_kept() -> None:
    spec = choose_window([gestures_of([1.0])], rate_hz=100.0, duration_s=0.64)
    assert spec == WindowSpec(10_000, 64, 10, 6)
    assert (spec.rate_hz, spec.duration_s, spec.margin) == (100.0, 0.64, 16)


def test_the_usual_recording_decides_the_rate() -> None:
    recordings = [gestures_of([1.0], rate_hz) for rate_hz in (119.0, 25.0, 25.0)]
    assert choose_window(recordings).period_us == 40_000


def test_one_recording_without_gyroscope_leaves_three_channels() -> None:
    without = cases.labelled(replace(cases.ramp(3), gyr_dps=None), [Label(0, 1, "up")])
    assert choose_window([gestures_of([1.0]), without]).channels == 3


def test_background_does_not_decide_the_window() -> None:
    recording = cases.labelled(cases.ramp(9), [Label(0, 0.64, "up"), Label(1, 9, BACKGROUND)])
    assert choose_window([recording]).samples == 32


@pytest.mark.parametrize("labels", [[], [Label(0, 3, BACKGROUND)]])
def test_without_a_gesture_there_is_nothing_to_learn(labels: list[Label]) -> None:
    with pytest.raises(DatasetError, match="no gesture is labelled"):
        choose_window([cases.labelled(cases.ramp(3), labels)])


def test_gestures_too_short_to_tell_apart_are_refused() -> None:
    with pytest.raises(DatasetError, match=r"of 0\.20 s are 8 rows at 50 Hz, fewer than 16"):
        choose_window([gestures_of([0.2])])


def test_a_sensor_too_slow_for_gestures_is_refused() -> None:
    with pytest.raises(DatasetError, match=r"9\.0 samples a second are too few"):
        choose_window([gestures_of([1.0], rate_hz=9.0)])


@pytest.mark.parametrize("step_us", [_core.DEFAULT_MAX_GAP_US, _core.DEFAULT_MAX_GAP_US + 1])
def test_runs_are_cut_where_the_core_would_not_bridge(step_us: int) -> None:
    samples = cases.ramp(4)
    times_us = samples.device_time_us.copy()
    times_us[200:] += step_us - (times_us[200] - times_us[199])
    samples = replace(samples, device_time_us=times_us)
    runs = runs_of(samples, SPEC)
    spans = [(run.first_us, run.last_us) for run in runs]
    whole = [(times_us[0], times_us[-1])]
    cut = [(times_us[0], times_us[199]), (times_us[200], times_us[-1])]
    assert spans == (cut if step_us > _core.DEFAULT_MAX_GAP_US else whole)


def test_a_lone_sample_between_gaps_is_no_run() -> None:
    samples = cases.silent(cases.silent(cases.ramp(4), 2.0, 1.0), 3.01, 1.0)
    assert np.sum(np.diff(samples.device_time_us) > 1_000_000) == 2
    assert len(runs_of(samples, SPEC)) == 2


@pytest.mark.parametrize("samples", [make.noise(400), cases.ramp(2, 25.0), cases.ramp(2, 400.0)])
def test_before_and_behind_a_run_its_ends_are_held(samples: Samples) -> None:
    (run,) = runs_of(samples, SPEC)
    padded = run.padded
    before = padded.device_time_us < run.first_us
    behind = padded.device_time_us > run.last_us
    assert np.array_equal(padded.acc_g[~before & ~behind], samples.acc_g)
    assert np.array_equal(padded.device_time_us[~before & ~behind], samples.device_time_us)
    for outside, row in ((before, 0), (behind, -1)):
        assert np.all(padded.acc_g[outside] == samples.acc_g[row])
        assert np.all(padded.gyr_or_zero_dps[outside] == samples.gyr_or_zero_dps[row])
    held_us = (SPEC.samples // 2 + SPEC.margin) * SPEC.period_us
    assert run.first_us - padded.device_time_us[0] >= held_us
    assert padded.device_time_us[-1] - run.last_us >= held_us


def test_rows_are_means_over_their_period() -> None:
    (run,) = runs_of(cases.ramp(3), SPEC)
    inside = (run.end_us - SPEC.period_us >= run.first_us) & (run.end_us <= run.last_us)
    middle_s = (run.end_us[inside] - SPEC.period_us / 2) * 1e-6
    assert np.sum(inside) > 140
    np.testing.assert_allclose(run.rows[inside, 0], middle_s, atol=1e-5)
    np.testing.assert_allclose(run.rows[inside, 5], middle_s / 2, atol=1e-5)


def test_a_time_belongs_to_the_row_whose_period_it_ends_in() -> None:
    (run,) = runs_of(cases.ramp(3), SPEC)
    end_us = int(run.end_us[50])
    assert [run.row_at(end_us + late_us) for late_us in (-19_999, 0, 1, 20_000)] == [50, 50, 51, 51]
