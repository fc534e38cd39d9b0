"""Simulated chips: right on average, wrong as their datasheets say."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture.samples import Samples
from imu_gesture.simulation.motion import KEYFRAME_RATE_HZ, Motion, motion_through
from imu_gesture.simulation.sensors import BMI270, LSM9DS1, ImuModel, ImuParams

CHIPS = pytest.mark.parametrize("chip", [LSM9DS1, BMI270], ids=lambda chip: chip.board)
UP_G = np.array([0, 0, 1])


def without_constant_errors(chip: ImuParams) -> ImuParams:
    return replace(
        chip,
        rate_error=0.0,
        acc_offset_g=0.0,
        gyr_offset_dps=0.0,
        scale_error=0.0,
        misalignment_rad=0.0,
    )


def still(seconds: float) -> Motion:
    keyframes = np.zeros((round(seconds * KEYFRAME_RATE_HZ) + 1, 3))
    return motion_through(keyframes, keyframes, [])


def turn(angle_deg: float, axis: int, seconds: float = 2.0) -> Motion:
    """From rest to rest, about one axis of the board."""
    phase = np.linspace(0, 1, round(seconds * KEYFRAME_RATE_HZ) + 1)
    angles = np.zeros((len(phase), 3))
    angles[:, axis] = np.radians(angle_deg) * (phase - np.sin(2 * np.pi * phase) / (2 * np.pi))
    return motion_through(np.zeros_like(angles), angles, [])


def integral_deg(samples: Samples) -> NDArray[np.float64]:
    step_s = float(np.median(np.diff(samples.device_time_us))) * 1e-6
    total: NDArray[np.float64] = samples.gyr_or_zero_dps.sum(axis=0, dtype=np.float64) * step_s
    return total


@CHIPS
def test_a_still_board_reads_gravity_and_no_rate_within_the_noise(chip: ImuParams) -> None:
    samples = ImuModel(without_constant_errors(chip), seed=0).measure(still(60))
    gyr_dps = samples.gyr_or_zero_dps
    of_mean = 5 / np.sqrt(len(samples))
    assert np.allclose(samples.acc_g.mean(axis=0), UP_G, atol=chip.acc_noise_g * of_mean)
    assert np.allclose(gyr_dps.mean(axis=0), 0, atol=chip.gyr_noise_dps * of_mean)
    assert np.allclose(samples.acc_g.std(axis=0), chip.acc_noise_g, rtol=0.05)
    assert np.allclose(gyr_dps.std(axis=0), chip.gyr_noise_dps, rtol=0.05)


@CHIPS
def test_a_devices_errors_stay_while_it_is_on(chip: ImuParams) -> None:
    device = ImuModel(chip, seed=3)
    first, second = device.measure(still(30)), device.measure(still(30))
    of_mean = 7 / np.sqrt(len(first))
    means = [np.r_[s.acc_g.mean(axis=0), s.gyr_or_zero_dps.mean(axis=0)] for s in (first, second)]
    assert np.all(np.abs(means[0] - means[1])[:3] < chip.acc_noise_g * of_mean)
    assert np.all(np.abs(means[0] - means[1])[3:] < chip.gyr_noise_dps * of_mean)
    assert np.all(means[0] != np.r_[UP_G, 0, 0, 0])


@CHIPS
def test_devices_differ_by_a_third_of_the_datasheets_limits(chip: ImuParams) -> None:
    readings = [ImuModel(chip, seed).measure(still(0.5)) for seed in range(400)]
    acc_g = np.array([samples.acc_g.mean(axis=0) for samples in readings])
    gyr_dps = np.array([samples.gyr_or_zero_dps.mean(axis=0) for samples in readings])
    rate_hz = np.array([1e6 / np.diff(samples.device_time_us).mean() for samples in readings])
    noise_dps = chip.gyr_noise_dps / np.sqrt(len(readings[0]))
    assert np.allclose(gyr_dps.std(axis=0), np.hypot(chip.gyr_offset_dps / 3, noise_dps), rtol=0.12)
    # Gravity shows the offset, beside it the scale on z and the misalignment on x and y.
    beside_g = np.array([chip.misalignment_rad, chip.misalignment_rad, chip.scale_error]) / 3
    expected_g = np.hypot(chip.acc_offset_g / 3, beside_g)
    assert np.allclose(acc_g.std(axis=0), expected_g, rtol=0.12)
    assert rate_hz.std() == pytest.approx(chip.rate_hz * chip.rate_error / 3, rel=0.12)
    assert rate_hz.mean() == pytest.approx(chip.rate_hz, rel=0.01)


@CHIPS
@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("angle_deg", [-120.0, 90.0])
def test_a_turn_integrates_to_its_angle(chip: ImuParams, axis: int, angle_deg: float) -> None:
    device = ImuModel(without_constant_errors(chip), seed=1)
    found_deg = integral_deg(device.measure(turn(angle_deg, axis)))
    assert np.allclose(found_deg, angle_deg * np.eye(3)[axis], atol=0.3)


@CHIPS
def test_without_its_offset_a_real_gyroscope_errs_by_scale_and_misalignment(
    chip: ImuParams,
) -> None:
    device = ImuModel(chip, seed=5)
    offset_dps = device.measure(still(30)).gyr_or_zero_dps.mean(axis=0)
    turned = device.measure(turn(90.0, axis=2))
    corrected = replace(turned, gyr_dps=turned.gyr_or_zero_dps - offset_dps)
    error_deg = np.abs(integral_deg(corrected) - [0, 0, 90])
    assert np.all(error_deg < 90 * max(chip.scale_error, chip.misalignment_rad) + 0.3)
    assert error_deg.max() > 0.1


@CHIPS
def test_readings_clip_at_16_bits(chip: ImuParams) -> None:
    swing = np.sin(2 * np.pi * 3 * np.arange(101) / KEYFRAME_RATE_HZ)
    zero = np.zeros_like(swing)
    shaken = motion_through(
        np.stack([swing, zero, zero], axis=1), np.stack([zero, zero, 2.5 * swing], axis=1), []
    )
    samples = ImuModel(chip, seed=0).measure(shaken)
    for values, per_lsb in (
        (samples.acc_g[:, 0], chip.acc_g_per_lsb),
        (samples.gyr_or_zero_dps[:, 2], chip.gyr_dps_per_lsb),
    ):
        counts = values.astype(np.float64) / per_lsb
        assert (round(counts.min()), round(counts.max())) == (-32768, 32767)
        assert np.allclose(counts, np.rint(counts), atol=0.01)


@CHIPS
def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_device(
    chip: ImuParams,
) -> None:
    one, same, other = (
        ImuModel(chip, seed).measure(turn(90.0, axis=0)).acc_g.tobytes() for seed in (7, 7, 8)
    )
    assert one == same
    assert one != other


def test_times_and_numbers_go_on_from_motion_to_motion() -> None:
    device = ImuModel(LSM9DS1, seed=2)
    parts = [device.measure(still(seconds)) for seconds in (1.0, 0.5, 2.0)]
    steps_us = np.diff(np.concatenate([part.device_time_us for part in parts]))
    assert steps_us.max() - steps_us.min() <= 1
    sequence = np.concatenate([part.sequence for part in parts])
    assert np.array_equal(sequence, np.arange(len(sequence)))


@CHIPS
def test_a_device_says_what_it_is(chip: ImuParams) -> None:
    info = ImuModel(chip, seed=4).info
    assert info.board == chip.board
    assert info.stated_rate_hz == chip.rate_hz
    assert info.acc_range_g == pytest.approx(4.0, rel=1e-3)
    assert info.gyr_range_dps == pytest.approx(2000, rel=0.15)  # 70 mdps/LSB is 2294 in all
    assert info.device_id != ImuModel(chip, seed=5).info.device_id
