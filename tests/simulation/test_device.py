"""Error models: each family alone does what it says, and a seed is one device."""

from __future__ import annotations

import gc
import tracemalloc
from itertools import cycle, islice, pairwise

import numpy as np
import pytest

from imu_gesture.samples import Samples, concatenate
from imu_gesture.simulation.chips import BMI270_BOARD, LSM9DS1_BOARD, Chip
from imu_gesture.simulation.dance import Dancer
from imu_gesture.simulation.device import Device, held
from imu_gesture.simulation.errors import DATASHEET, ENVIRONMENT, Family, draw_errors, only
from imu_gesture.simulation.faults import FAULTS
from imu_gesture.simulation.signals import FIELD_UT, IdealSignals, ideal_signals

BOARDS = [LSM9DS1_BOARD, BMI270_BOARD]
NOTHING: frozenset[Family] = frozenset()


def turning(turning_s: float = 4.0) -> IdealSignals:
    return ideal_signals(Dancer(0).turning(turning_s))


def lying(duration_s: float, rate_hz: float = 100.0) -> IdealSignals:
    n = round(duration_s * rate_hz)
    return IdealSignals(
        rate_hz=rate_hz,
        acc_g=np.tile([0.0, 0.0, 1.0], (n, 1)),
        gyr_dps=np.zeros((n, 3)),
        mag_ut=np.tile(FIELD_UT, (n, 1)),
    )


def measured(
    families: frozenset[Family], ideal: IdealSignals, chip: Chip = LSM9DS1_BOARD
) -> Samples:
    return Device(chip, 3, families).measure(ideal)


def same(a: Samples, b: Samples) -> bool:
    return (
        np.array_equal(a.device_time_us, b.device_time_us)
        and np.array_equal(a.acc_g, b.acc_g)
        and np.array_equal(a.gyr_or_zero_dps, b.gyr_or_zero_dps)
        and np.array_equal(a.mag_ut, b.mag_ut)
    )


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
def test_without_errors_the_truth_is_read(chip: Chip) -> None:
    ideal = turning()
    samples = measured(NOTHING, ideal, chip)
    time_s = samples.device_time_us * 1e-6
    attitude = Dancer(0).turning(4.0).attitude
    field = attitude(samples.mag_time_us * 1e-6).inv().apply(FIELD_UT)
    assert np.allclose(samples.mag_ut, field, atol=0.05)
    assert np.allclose(np.diff(time_s), 1 / chip.rate_hz, atol=1e-6)
    assert len(samples.mag_ut) == np.ceil(ideal.duration_s * chip.mag_rate_hz)
    # The mean over a period turns by what the board turned in it.
    turned = (attitude(time_s[:-1]).inv() * attitude(time_s[1:])).as_rotvec(degrees=True)
    assert np.allclose(samples.gyr_or_zero_dps[1:] / chip.rate_hz, turned, atol=0.02)


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
def test_a_seed_is_one_device(chip: Chip) -> None:
    ideal = turning()
    assert same(Device(chip, 5).measure(ideal), Device(chip, 5).measure(ideal))
    assert not same(Device(chip, 5).measure(ideal), Device(chip, 6).measure(ideal))


PIECES = {
    "step by step": [1],
    "seven steps": [7],
    "as a virtual board asks": [192],
    "of any length": [1, 400, 3, 57, 1000, 2],
}


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
@pytest.mark.parametrize("name", PIECES)
def test_pieces_of_any_length_are_read_like_the_whole(name: str, chip: Chip) -> None:
    faults = [FAULTS["left-handed frame of Arduino_LSM9DS1"], FAULTS["accelerometer in mg"]]
    ideal = turning()
    whole = Device(chip, 3, frozenset(Family), faults).measure(ideal)
    device = Device(chip, 3, frozenset(Family), faults)
    edges = np.cumsum([0, *islice(cycle(PIECES[name]), len(ideal))])
    parts = [
        device.measure(ideal.steps(slice(start, end)))
        for start, end in pairwise(edges.tolist())
        if start < len(ideal)
    ]
    assert same(concatenate(parts), whole)
    assert np.array_equal(np.concatenate([part.sequence for part in parts]), whole.sequence)


def held_bytes() -> int:
    """What the simulation holds of the memory allocated since `tracemalloc.start()`.

    Other tests' threads may still be at work in this process: theirs does not count.
    """
    gc.collect()  # what nobody holds any more is no growth, whenever it would have been collected
    ours = tracemalloc.Filter(inclusive=True, filename_pattern="*/imu_gesture/simulation/*")
    return sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces([ours]).traces)


def test_a_board_that_is_on_for_long_takes_no_more_memory() -> None:
    device, ideal = Device(LSM9DS1_BOARD, 0, frozenset(Family)), lying(0.5, 400.0)
    tracemalloc.start()
    try:
        for _ in range(20):
            device.measure(ideal)
        before = held_bytes()
        for _ in range(500):
            device.measure(ideal)
        assert held_bytes() - before < 20_000  # less than a sample for each of the pieces
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("family", Family)
def test_each_family_changes_something_on_its_own(family: Family) -> None:
    ideal = ideal_signals(Dancer(0).turning(24.0))
    alone, without = measured(frozenset({family}), ideal), measured(NOTHING, ideal)
    assert not same(alone, without)


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
def test_errors_stay_within_the_datasheet(chip: Chip) -> None:
    for seed in range(20):
        errors = draw_errors(chip, seed)
        for drawn, limits in (
            (errors.acc, chip.acc),
            (errors.gyr, chip.gyr),
            (errors.mag, chip.mag),
        ):
            assert np.abs(drawn.offset).max() <= limits.offset
            assert np.abs(drawn.scale).max() <= limits.scale
            assert np.abs(drawn.skew).max() <= limits.misalignment_rad
        assert abs(errors.rate) <= chip.rate_error


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
def test_devices_differ_as_much_as_the_datasheet_allows(chip: Chip) -> None:
    drawn = [draw_errors(chip, seed) for seed in range(400)]
    uniform = 1 / np.sqrt(3)
    gyr_dps, acc_g = (np.array([getattr(one, s).offset for one in drawn]) for s in ("gyr", "acc"))
    assert np.allclose(gyr_dps.std(axis=0), uniform * chip.gyr.offset, rtol=0.12)
    assert np.allclose(acc_g.std(axis=0), uniform * chip.acc.offset, rtol=0.12)
    rates = [one.rate for one in drawn]
    assert np.std(rates) == pytest.approx(uniform * chip.rate_error, rel=0.12)
    assert np.mean(rates) == pytest.approx(0, abs=0.1 * chip.rate_error)


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
def test_a_still_board_reads_the_truth_within_its_noise(chip: Chip) -> None:
    samples = measured(frozenset({Family.NOISE, Family.COUNTS}), lying(60), chip)
    for readings, true, limits in (
        (samples.acc_g, (0, 0, 1), chip.acc),
        (samples.gyr_or_zero_dps, (0, 0, 0), chip.gyr),
        (samples.mag_ut, FIELD_UT, chip.mag),
    ):
        of_mean = 5 / np.sqrt(len(readings)) * limits.noise + limits.per_lsb
        assert np.allclose(readings.mean(axis=0), true, atol=of_mean)
        assert np.allclose(readings.std(axis=0), limits.noise, rtol=0.12)


def test_switching_a_family_off_leaves_the_others_as_they_are() -> None:
    errors = draw_errors(LSM9DS1_BOARD, 1)
    part = only(errors, DATASHEET - {Family.SCALE})
    assert np.array_equal(part.gyr.offset, errors.gyr.offset)
    assert np.array_equal(part.gyr.skew, errors.gyr.skew)
    assert not part.gyr.scale.any()


def test_warming_up_follows_its_law() -> None:
    device = Device(LSM9DS1_BOARD, 2, frozenset({Family.WARM_UP}))
    samples = device.measure(lying(1500))
    errors = device.errors
    time_s = samples.device_time_us.astype(np.float64) * 1e-6
    expected = errors.heating_k * (1 - np.exp(-time_s / errors.heating_tau_s))
    temperature_c = [device.temperature_c(moment_s) for moment_s in (0.0, 60.0, time_s[-1])]
    assert temperature_c[0] == 25.0
    assert temperature_c[1] == pytest.approx(device.errors.heating(np.array([60.0]))[0] + 25)
    assert temperature_c[2] == pytest.approx(25 + expected[-1])
    assert expected[-1] >= LSM9DS1_BOARD.heating_k[0] * (1 - np.exp(-1500 / 600))
    drift = samples.gyr_or_zero_dps - expected[:, None] * errors.gyr.offset_per_k
    assert np.abs(drift).max() < 1e-3
    later = device.measure(lying(10.0))  # it is still warm
    assert np.allclose(later.gyr_or_zero_dps[0], samples.gyr_or_zero_dps[-1], atol=1e-3)


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
def test_readings_are_counts_and_clip(chip: Chip) -> None:
    ideal = lying(2.0)
    fast = IdealSignals(ideal.rate_hz, ideal.acc_g * 9, ideal.gyr_dps + 3000, ideal.mag_ut)
    back = IdealSignals(ideal.rate_hz, ideal.acc_g * -9, ideal.gyr_dps - 3000, ideal.mag_ut)
    families = frozenset({Family.COUNTS, Family.NOISE})
    for true, count in ((fast, 32767), (back, -32768)):
        samples = measured(families, true, chip)
        assert np.all(samples.gyr_or_zero_dps == np.float32(count) * np.float32(chip.gyr.per_lsb))
        assert np.all(samples.acc_g[:, 2] == np.float32(count) * np.float32(chip.acc.per_lsb))
        counts = samples.mag_ut / np.float32(chip.mag.per_lsb)
        assert np.allclose(counts, np.rint(counts), atol=1e-3)


def test_lost_samples_leave_holes_in_the_numbers() -> None:
    samples = measured(frozenset({Family.LOST}), lying(60.0))
    steps = np.diff(samples.sequence)
    assert steps.min() == 1
    lost = (steps - 1).sum() / len(steps)
    assert 0.01 < lost < 0.03
    assert np.allclose(np.diff(samples.device_time_us), steps * 1e6 / 119.0, atol=1.5)


def test_hard_iron_comes_in_steps() -> None:
    samples = measured(frozenset({Family.STEPS}), lying(70.0))
    away = np.linalg.norm(samples.mag_ut - FIELD_UT, axis=1)
    assert away[0] < 1e-3
    jumps = np.unique(away.round(3))
    assert len(jumps) == 4
    assert jumps[1:].min() >= 10
    assert jumps.max() <= 50


def test_a_held_magnetometer_repeats_its_reading() -> None:
    samples = measured(DATASHEET, turning())
    repeated = held(samples)
    assert len(repeated.mag_ut) == len(samples)
    assert len(np.unique(repeated.mag_ut, axis=0)) <= len(samples.mag_ut)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_touches_its_sensors_only(name: str) -> None:
    fault = FAULTS[name]
    ideal = turning()
    clean = measured(DATASHEET, ideal)
    device = Device(LSM9DS1_BOARD, 3, faults=[fault])
    faulty = device.measure(ideal)
    columns = {
        "acc": (clean.acc_g, faulty.acc_g),
        "gyr": (clean.gyr_or_zero_dps, faulty.gyr_or_zero_dps),
        "mag": (clean.mag_ut, faulty.mag_ut),
    }
    for sensor, (before, after) in columns.items():
        expected = fault.factor * before @ fault.axes.T if sensor in fault.sensors else before
        assert np.allclose(after, expected, rtol=1e-5)
    whole = faulty.acc_g / np.float32(device.info.acc_g_per_lsb)
    assert np.allclose(whole, np.rint(whole), atol=1e-2)  # its sketch says what it believes


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
def test_a_device_says_what_it_is(chip: Chip) -> None:
    info = Device(chip, seed=4).info
    assert info.board == chip.board
    assert info.stated_rate_hz == chip.rate_hz
    assert info.acc_range_g == pytest.approx(4.0, rel=1e-3)
    assert info.gyr_range_dps == pytest.approx(2000, rel=0.15)  # 70 mdps/LSB is 2294 in all
    assert info.device_id != Device(chip, seed=5).info.device_id


def test_a_sketch_with_a_wrong_scale_says_it() -> None:
    info = Device(LSM9DS1_BOARD, 0, faults=[FAULTS["gyroscope scale of Arduino_LSM9DS1"]]).info
    assert info.gyr_range_dps == pytest.approx(2000.0)
    assert info.acc_g_per_lsb == LSM9DS1_BOARD.acc.per_lsb


def test_the_environment_is_no_part_of_the_datasheet() -> None:
    assert frozenset(Family) == DATASHEET | ENVIRONMENT
    assert not DATASHEET & ENVIRONMENT
