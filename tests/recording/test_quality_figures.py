"""The figures of the verdict: what they count, and what they say nothing of."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from imu_gesture import _core
from imu_gesture.recording.importers.times import PAUSE_US, times_from_rate
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.recording.quality import quality
from imu_gesture.samples import Samples
from tests import make
from tests.recording import faults as f
from tests.recording.faults import FIRST, good


def test_figures_at_rest_and_of_the_field() -> None:
    found = quality(f.offset("gyr_dps", 12.5, slice(1, 2))(good()))
    assert found.acc_rest_g == pytest.approx(1, abs=0.01)
    assert found.gyr_rest_dps == pytest.approx((0, 12.5, 0), abs=0.5)
    assert found.field_ut == pytest.approx(np.linalg.norm((20, -5, 40)), abs=0.5)
    assert quality(Recording(make.noise(1000), RecordingInfo())).field_ut is None


def test_readings_without_gravity_are_good_where_that_is_said() -> None:
    removed = f.both(f.offset("acc_g", -1.0, slice(2, 3)), f.said(gravity="removed"))
    found = quality(removed(good()))
    assert found.problems == ()
    assert found.acc_rest_g == pytest.approx(0, abs=0.02)


def test_times_made_from_a_rate_say_nothing_of_the_clock() -> None:
    made = quality(f.said(time_source="rate")(good()))
    assert (made.jitter_us, made.clock_error_ppm) == (None, None)
    assert made.rate_hz == pytest.approx(119, abs=0.01)
    measured = quality(good())
    assert measured.jitter_us == pytest.approx(0.4, abs=0.2)  # times are whole microseconds
    assert measured.clock_error_ppm == pytest.approx(0, abs=100)


def test_pauses_between_segments_of_made_times_are_no_losses() -> None:
    """The duplicate in the middle is taken out, as importers do."""
    ranges = [(0, FIRST), (FIRST, FIRST + 119), (FIRST + 119, f.ROWS)]
    made = f.both(f.retimed(lambda _: times_from_rate(ranges, 119.0)), f.said(time_source="rate"))
    whole = quality(made(good()))
    cut = quality(f.both(made, f.dropped(slice(FIRST, FIRST + 119)))(good()))
    assert (whole.gaps, whole.lost_samples, whole.problems) == (2, 0, ())
    assert (cut.gaps, cut.lost_samples, cut.problems) == (1, 0, ())


def test_pauses_where_importers_bridge_a_restarting_clock_are_none_of_the_board() -> None:
    times_us = good().samples.device_time_us
    usual_us = int(times_us[FIRST] - times_us[FIRST - 1])
    found = quality(f.shifted(PAUSE_US - usual_us)(good()))
    assert (found.gaps, found.lost_samples, found.problems) == (1, 0, ())


def test_the_rate_is_the_sensors_whatever_was_lost() -> None:
    found = quality(f.dropped(slice(None, None, 2))(good()))
    assert found.rate_hz == pytest.approx(119, rel=1e-4)
    assert found.lost_samples == f.ROWS // 2 - 1


def test_holes_in_the_numbers_alone_do_not_change_the_rate() -> None:
    numbers = np.arange(f.ROWS) + 3 * (np.arange(f.ROWS) % 5 == 0).cumsum()
    found = quality(f.on_samples(lambda s: replace(s, sequence=numbers))(good()))
    assert found.rate_hz == pytest.approx(119, rel=1e-4)
    assert found.lost_samples == 3 * (f.ROWS // 5)


def test_a_silence_is_a_gap_and_not_a_late_sample() -> None:
    paused = quality(f.shifted(300_000)(good()))
    late = quality(f.shifted(60_000)(good()))
    assert (paused.gaps, paused.late_samples) == (1, 0)
    assert (late.gaps, late.late_samples) == (0, 1)


def test_damaged_rows_of_made_times_are_lost() -> None:
    lost = f.both(f.dropped(slice(FIRST, FIRST + 30)), f.said(time_source="rate"))
    assert quality(lost(good())).lost_samples == 30


@pytest.mark.parametrize(
    ("step_us", "gaps"),
    [
        (_core.DEFAULT_MAX_GAP_US - 1, 0),
        (_core.DEFAULT_MAX_GAP_US, 0),
        (_core.DEFAULT_MAX_GAP_US + 1, 1),
        (5_000_000, 1),
    ],
)
def test_gaps_are_the_silences_that_the_core_does_not_bridge(step_us: int, gaps: int) -> None:
    times_us = good().samples.device_time_us
    usual_us = int(times_us[FIRST] - times_us[FIRST - 1])
    recording = f.shifted(step_us - usual_us)(good())
    found, samples = quality(recording), recording.samples
    assert found.gaps == gaps
    assert found.longest_gap_s == pytest.approx(gaps * step_us * 1e-6)
    how = _core.ConditionerParams(20_000)
    columns = (samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps)
    assert len(np.unique(_core.condition(how, *columns)[2])) == gaps + 1


def test_coarse_readings_at_rest_are_not_bad() -> None:
    """An accelerometer alone, printed with two decimals, lying on the table."""
    acc_g = np.random.default_rng(0).normal((0, 0, 1), 0.002, (2000, 3)).round(2)
    samples = replace(make.noise(2000), acc_g=acc_g.astype(np.float32), gyr_dps=None)
    found = quality(Recording(samples, RecordingInfo()))
    assert found.stale_share > 0.5
    assert found.verdict == "usable"
    assert found.stuck_axes == ()
    assert set(found.clipped_share.values()) == {0.0}


@given(st.lists(st.integers(1, f.ROWS - 2), unique=True, max_size=200))
def test_every_lost_sample_is_counted(rows: list[int]) -> None:
    keep = np.ones(f.ROWS, np.bool_)
    keep[rows] = False
    found = quality(f.on_samples(lambda s: s.rows(keep))(good()))
    assert found.lost_samples == len(rows)
    assert found.rate_hz == pytest.approx(119, rel=1e-4)
    assert (found.verdict == "bad") <= (len(rows) > 0.05 * f.ROWS)


@given(st.integers(0, 2**40), st.integers(0, 2**31))
def test_where_clock_and_numbers_start_does_not_matter(start_us: int, first: int) -> None:
    def later(s: Samples) -> Samples:
        times_us, mag_us = s.device_time_us + start_us, s.mag_time_us + start_us
        return replace(s, device_time_us=times_us, mag_time_us=mag_us, sequence=s.sequence + first)

    faulty = f.both(f.dropped(slice(600, 640)), f.hung(30))(good())
    assert quality(f.on_samples(later)(faulty)) == quality(faulty)


_ANY = st.floats(width=32)


@given(st.data())
def test_whatever_the_samples_there_is_a_verdict_and_json(data: st.DataObject) -> None:
    n, m = data.draw(st.integers(0, 30)), data.draw(st.integers(0, 5))
    whole = st.integers(-(2**40), 2**40)
    samples = Samples(
        device_time_us=data.draw(arrays.arrays(np.int64, n, elements=whole)),
        acc_g=data.draw(arrays.arrays(np.float32, (n, 3), elements=_ANY)),
        gyr_dps=data.draw(st.none() | arrays.arrays(np.float32, (n, 3), elements=_ANY)),
        sequence=data.draw(arrays.arrays(np.int64, n, elements=st.integers(0, 2**32 - 1))),
        mag_time_us=data.draw(arrays.arrays(np.int64, m, elements=whole)),
        mag_ut=data.draw(arrays.arrays(np.float32, (m, 3), elements=_ANY)),
    )
    found = quality(Recording(samples, RecordingInfo()))
    assert found.verdict in {"good", "usable", "bad"}
    json.dumps(found.as_json(), allow_nan=False)
