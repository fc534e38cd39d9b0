"""Augmentation: seeded, and each kind changes what it says and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from imu_gesture.dataset.augmentation import AugmentationParams, augment
from imu_gesture.samples import Float32Array

SAMPLES = 48
MARGIN = 12
WINDOWS = 400
NAMES = [field.name for field in fields(AugmentationParams)]
NONE = dict.fromkeys(NAMES, 0.0)
KINDS = {"mirror": (2, 2)}  # fewest and most among windows that are changed
KINDS |= dict.fromkeys(("bias", "scale", "misalignment", "rate"), (180, 256))  # one a board


def only(**strengths: float) -> AugmentationParams:
    return AugmentationParams(**(NONE | strengths))


def changed(
    context: Float32Array, params: AugmentationParams, seed: int = 1, samples: int = SAMPLES
) -> Float32Array:
    return augment(context, samples, params, np.random.default_rng(seed))


def noise(channels: int = 6) -> Float32Array:
    shape = (WINDOWS, SAMPLES + 2 * MARGIN, channels)
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def constant(*values: float) -> Float32Array:
    return np.tile(np.array(values, np.float32), (WINDOWS, SAMPLES + 2 * MARGIN, 1))


def ramp(margin: int = MARGIN) -> Float32Array:
    """Every reading is the number of its row, so that the result says which row was read."""
    rows = np.arange(SAMPLES + 2 * margin, dtype=np.float32)
    return np.tile(rows[:, None], (WINDOWS, 1, 6))


def unchanged(context: Float32Array) -> Float32Array:
    margin = (context.shape[1] - SAMPLES) // 2
    return context[:, margin : margin + SAMPLES]


@pytest.mark.parametrize("channels", [3, 6])
def test_zero_strength_leaves_the_window_unchanged(channels: int) -> None:
    context = noise(channels)
    assert np.array_equal(changed(context, only()), unchanged(context))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("channels", [3, 6])
def test_the_seed_decides(name: str, channels: int) -> None:
    params = only(**{name: getattr(AugmentationParams(), name) or 0.5})
    first, again, other = (changed(noise(channels), params, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    has_effect = channels == 6 or not name.startswith("gyr")
    assert np.array_equal(first, other) != has_effect
    assert np.array_equal(first, unchanged(noise(channels))) != has_effect


@pytest.mark.parametrize("channels", [3, 6])
@pytest.mark.parametrize("n", [1, 400])
def test_shape_and_type_are_kept_and_the_source_is_left_alone(n: int, channels: int) -> None:
    context = noise(channels)[:n]
    before = context.copy()
    result = changed(context, AugmentationParams())
    assert (result.shape, result.dtype) == ((n, SAMPLES, channels), np.dtype(np.float32))
    assert np.isfinite(result).all()
    assert np.array_equal(context, before)


def test_each_window_is_changed_in_its_own_way() -> None:
    context = np.repeat(noise()[:1], WINDOWS, axis=0)
    for name in NAMES:
        result = changed(context, only(**{name: 0.3}))
        different = len(np.unique(result.reshape(WINDOWS, -1), axis=0))
        least, most = KINDS.get(name, (WINDOWS, WINDOWS))
        assert least <= different <= most, name


@pytest.mark.parametrize(
    "name", [name for name in NAMES if not getattr(AugmentationParams(), name)]
)
def test_what_is_off_by_default_leaves_the_draws_of_the_rest_alone(name: str) -> None:
    faint = replace(AugmentationParams(), **{name: 1e-9})
    usual = changed(noise(), AugmentationParams())
    np.testing.assert_allclose(changed(noise(), faint), usual, rtol=1e-4, atol=1e-4)


def test_shift_moves_the_whole_window_in_time() -> None:
    context = ramp(margin=SAMPLES)
    shift = changed(context, only(shift=0.1)) - unchanged(context)
    np.testing.assert_allclose(shift, shift[:, :1, :1] + np.zeros_like(shift), atol=1e-4)
    assert np.mean(shift[:, 0, 0]) == pytest.approx(0, abs=0.1 * SAMPLES / 5)
    assert np.std(shift[:, 0, 0]) == pytest.approx(0.1 * SAMPLES, rel=0.15)


def test_speed_stretches_the_window_about_its_middle() -> None:
    rows = changed(ramp(margin=SAMPLES), only(speed=0.1))[..., 0]
    tempo = np.diff(rows, axis=1)
    np.testing.assert_allclose(tempo, tempo[:, :1] + np.zeros_like(tempo), atol=1e-4)
    assert np.std(np.log(tempo[:, 0])) == pytest.approx(0.1, rel=0.15)
    middle = (3 * SAMPLES - 1) / 2
    np.testing.assert_allclose((rows[:, 0] + rows[:, -1]) / 2, middle, atol=1e-3)


def test_warp_hurries_and_dawdles_without_going_back() -> None:
    rows = changed(ramp(margin=SAMPLES), only(warp=0.2))[..., 0]
    tempo = np.diff(rows, axis=1)
    assert np.all(tempo > 0)
    assert np.median(tempo.max(axis=1) / tempo.min(axis=1)) > 1.3
    np.testing.assert_allclose(rows[:, -1] - rows[:, 0], SAMPLES - 1, rtol=0.05)
    assert np.all(np.abs(np.diff(np.log(tempo), axis=1)) < 0.15)


@pytest.mark.parametrize("change", ["shift", "speed", "warp"])
def test_time_never_runs_out_of_the_context(change: str) -> None:
    rows = changed(ramp(), only(**{change: 3.0}))
    assert rows.min() >= 0
    assert rows.max() <= SAMPLES + 2 * MARGIN - 1


def test_magnitude_scales_all_channels_of_a_window_alike() -> None:
    context = np.abs(noise()) + 1
    ratio = changed(context, only(magnitude=0.15)) / unchanged(context)
    np.testing.assert_allclose(ratio, ratio[:, :1, :1] + np.zeros_like(ratio), rtol=1e-5)
    assert np.std(np.log(ratio[:, 0, 0])) == pytest.approx(0.15, rel=0.15)
    assert np.mean(np.log(ratio[:, 0, 0])) == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize("channels", [3, 6])
def test_rotation_keeps_the_norms_and_angles_of_every_sensor(channels: int) -> None:
    context = noise(channels)
    result = changed(context, only(rotation_deg=30.0))
    for sensor in range(channels // 3):
        axes = slice(3 * sensor, 3 * sensor + 3)
        before, after = unchanged(context)[..., axes], result[..., axes]
        gram_before, gram_after = before @ before.swapaxes(1, 2), after @ after.swapaxes(1, 2)
        np.testing.assert_allclose(gram_after, gram_before, atol=1e-4)
        turned = np.linalg.det(after[:, :3]) * np.linalg.det(before[:, :3])
        assert np.all(turned > 0)  # no mirror image
    assert not np.allclose(result, unchanged(context), atol=0.1)


def test_rotation_turns_both_sensors_of_a_window_together() -> None:
    result = changed(constant(1, 2, 3, 1, 2, 3), only(rotation_deg=30.0))
    assert np.array_equal(result[..., :3], result[..., 3:])
    np.testing.assert_allclose(result, np.repeat(result[:, :1], SAMPLES, axis=1), atol=1e-6)


def test_rotation_is_as_wide_as_said() -> None:
    identity = np.eye(3, dtype=np.float32)
    context = np.tile(identity, (WINDOWS, (SAMPLES + 2 * MARGIN) // 3, 1))
    matrices = changed(context, only(rotation_deg=10.0))[:, :3]
    angle = np.arccos(np.clip((np.trace(matrices, axis1=1, axis2=2) - 1) / 2, -1, 1))
    assert np.sqrt(np.mean(np.degrees(angle) ** 2)) == pytest.approx(10.0, rel=0.15)


@pytest.mark.parametrize(
    ("name", "touched", "left"),
    [
        ("acc_noise_g", slice(0, 3), slice(3, 6)),
        ("gyr_noise_dps", slice(3, 6), slice(0, 3)),
    ],
)
def test_noise_is_white_and_only_on_its_sensor(name: str, touched: slice, left: slice) -> None:
    difference = changed(noise(), only(**{name: 0.5})) - unchanged(noise())
    assert np.all(difference[..., left] == 0)
    added = difference[..., touched]
    assert np.std(added) == pytest.approx(0.5, rel=0.02)
    assert np.mean(added) == pytest.approx(0, abs=0.01)
    neighbours = np.corrcoef(added[:, :-1].ravel(), added[:, 1:].ravel())[0, 1]
    axes = np.corrcoef(added[..., 0].ravel(), added[..., 1].ravel())[0, 1]
    assert max(abs(neighbours), abs(axes)) < 0.03


def test_gyroscope_bias_is_constant_within_a_window_and_different_on_each_axis() -> None:
    result = changed(constant(0, 0, 1, 10, 20, 30), only(gyr_bias_dps=3.0))
    assert np.array_equal(result[..., :3], unchanged(constant(0, 0, 1)))
    bias = result[..., 3:] - np.array([10, 20, 30], np.float32)
    assert np.array_equal(bias, np.repeat(bias[:, :1], SAMPLES, axis=1))
    assert np.std(bias[:, 0]) == pytest.approx(3.0, rel=0.1)
    assert abs(np.corrcoef(bias[:, 0].T)[0, 1]) < 0.2


def test_amplitude_scales_the_motion_and_leaves_gravity() -> None:
    before = noise() + np.array([0, 0, 5, 0, 0, 0], np.float32)
    after = changed(before, only(amplitude=0.3))
    before = unchanged(before)
    mean = before[..., :3].mean(axis=1, keepdims=True)
    np.testing.assert_allclose(after[..., :3].mean(axis=1, keepdims=True), mean, atol=1e-4)
    factor = (after[..., 3:] / before[..., 3:])[:, :1, :1]
    np.testing.assert_allclose(after[..., 3:], before[..., 3:] * factor, rtol=1e-4, atol=1e-5)
    motion = (before[..., :3] - mean) * factor
    np.testing.assert_allclose(after[..., :3], mean + motion, rtol=1e-4, atol=1e-4)
    assert np.std(np.log(factor)) == pytest.approx(0.3, rel=0.15)


def test_a_mirror_shows_a_motion_that_a_hand_can_make() -> None:
    """A turning posture: what the gyroscope says must fit how gravity moves, mirrored or not."""
    rate = 2.0  # rad/s about x, with gravity turning in the plane of y and z
    angle = rate * np.arange(SAMPLES + 2 * MARGIN) / 50
    zero = np.zeros_like(angle)
    turn = np.stack([zero, np.sin(angle), np.cos(angle), zero + rate, zero, zero], axis=1)
    result = changed(np.tile(turn, (WINDOWS, 1, 1)).astype(np.float32), only(mirror=0.5))
    mirrored = result[:, 0, 3] < 0
    assert 0.4 < mirrored.mean() < 0.6
    for window in (result[mirrored][0], result[~mirrored][0]):
        gravity, gyr = window[:, :3], window[:, 3:]
        moved = np.gradient(gravity, 1 / 50, axis=0)
        np.testing.assert_allclose(moved[1:-1], -np.cross(gyr, gravity)[1:-1], atol=0.01)
    np.testing.assert_allclose(result[mirrored][0, :, 1], -result[~mirrored][0, :, 1])


@pytest.mark.parametrize(
    ("name", "acc", "gyr"),
    [("bias", 0.09, 30.0), ("warm_up", 0.0005 * 20, 0.05 * 20)],
)
def test_offsets_of_boards_are_constant_and_within_the_datasheet(
    name: str, acc: float, gyr: float
) -> None:
    result = changed(constant(0, 0, 1, 10, 20, 30), only(**{name: 1.0}))
    offset = result - unchanged(constant(0, 0, 1, 10, 20, 30))
    np.testing.assert_allclose(offset, np.repeat(offset[:, :1], SAMPLES, axis=1), atol=1e-5)
    for sensor, limit in ((slice(0, 3), acc), (slice(3, 6), gyr)):
        most = np.abs(offset[..., sensor]).max()
        assert 0.6 * limit < most <= limit * 1.001
    half = changed(constant(0, 0, 1, 10, 20, 30), only(**{name: 0.5}))
    np.testing.assert_allclose(
        half - unchanged(constant(0, 0, 1, 10, 20, 30)), offset / 2, atol=1e-5
    )


def test_scale_stretches_axes_and_misalignment_mixes_them() -> None:
    context = constant(1, 0, 0, 0, 100, 0)
    scaled, mixed = changed(context, only(scale=1.0)), changed(context, only(misalignment=1.0))
    assert np.all(scaled[..., [1, 2, 3, 5]] == 0)
    assert 0.02 < np.abs(scaled[..., 0] - 1).max() <= 0.03001
    assert 2.0 < np.abs(scaled[..., 4] - 100).max() <= 3.001
    np.testing.assert_allclose(mixed[..., [0, 4]], unchanged(context)[..., [0, 4]], atol=1e-5)
    assert 0.01 < np.abs(mixed[..., 1]).max() <= 0.02001
    assert 1.0 < np.abs(mixed[..., 3]).max() <= 2.001


def test_rate_stretches_time_as_far_as_the_datasheet_lets_a_clock_go() -> None:
    rows = changed(ramp(), only(rate=1.0))[..., 0]
    pace = (rows[:, -1] - rows[:, 0]) / (SAMPLES - 1)
    assert 0.04 < np.abs(pace - 1).max() <= 0.0501
    middle = (SAMPLES + 2 * MARGIN - 1) / 2
    np.testing.assert_allclose((rows[:, 0] + rows[:, -1]) / 2, middle, atol=1e-3)


def test_lost_rows_are_bridged_by_straight_lines() -> None:
    np.testing.assert_allclose(changed(ramp(), only(lost=0.5)), unchanged(ramp()), atol=1e-4)
    before, after = unchanged(noise()), changed(noise(), only(lost=0.2))
    touched = np.any(after != before, axis=2)
    assert touched[:, 1:-1].mean() == pytest.approx(0.2, rel=0.1)
    assert not touched[:, [0, -1]].any()
    alone = touched[:, 1:-1] & ~touched[:, :-2] & ~touched[:, 2:]
    window, row = np.nonzero(alone)
    line = (before[window, row] + before[window, row + 2]) / 2
    np.testing.assert_allclose(after[window, row + 1], line, rtol=1e-5, atol=1e-6)
