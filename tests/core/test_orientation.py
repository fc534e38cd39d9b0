"""`orientation.h` on motion whose attitude is known."""

import numpy as np
import pytest

from imu_gesture import _core
from tests.core.trajectories import (
    Course,
    Trajectory,
    estimate,
    inclination_deg,
    record,
    single,
    total_deg,
)

# Half a sample passes between a rate and the attitude it leads to: most of what is seen here.
COURSES = {
    "119 Hz": (Course(), 1.3),
    "Rev2's rates": (Course(seed=1, rate_hz=99.8, mag_rate_hz=10.0), 1.6),
    "many samples": (Course(seed=2, rate_hz=476.0, mag_rate_hz=80.0), 0.6),
    "one second of rest": (Course(seed=3, before_s=1.0), 1.4),
    "fast and hard": (Course(seed=4, turning_dps=300.0, pushing_g=0.4), 3.0),
    "slow": (Course(seed=5, turning_dps=20.0, pushing_g=0.05), 1.0),
}
BIASES = {
    "none": [0.0, 0.0, 0.0],
    "3 deg/s": [3.0, -3.0, 3.0],
    "10 deg/s": [-10.0, 10.0, 10.0],
    "30 deg/s": [30.0, -30.0, -30.0],
}


def moving_error_deg(trajectory: Trajectory) -> float:
    _, found = estimate(trajectory)
    return total_deg(found[trajectory.moving], trajectory.attitude[trajectory.moving])


@pytest.mark.parametrize("name", COURSES)
def test_nine_axes_find_the_attitude_whatever_the_offset(name: str) -> None:
    course, bound_deg = COURSES[name]
    trajectory = record(course)
    clean_deg = moving_error_deg(trajectory)
    assert clean_deg < bound_deg
    for bias_dps in BIASES.values():
        biased_deg = moving_error_deg(trajectory.with_bias(np.array(bias_dps)))
        assert biased_deg < 1.05 * clean_deg + 0.2


@pytest.mark.parametrize("name", BIASES)
def test_six_axes_find_the_vertical(name: str) -> None:
    trajectory = record(Course(seed=7)).with_bias(np.array(BIASES[name]))
    attitude, *_ = _core.Orientation().run(*trajectory.imu())
    moving = trajectory.moving
    assert inclination_deg(attitude[moving], trajectory.attitude[moving]) < 1.0


def test_a_clock_that_jitters_and_wraps_does_not_matter() -> None:
    trajectory = record(Course(seed=8, rate_hz=476.0))
    rng = np.random.default_rng(8)
    kept = trajectory.keep(rng.random(len(trajectory.moving)) < 0.4)
    plain, early = estimate(kept)
    shift_us = 2**32 - 5_000_000
    times_us, acc_g, gyr_dps, mag_us, mag_ut = kept.columns()
    late = _core.Orientation()
    found = late.run(times_us + shift_us, acc_g, gyr_dps, mag_us + shift_us, mag_ut)
    assert np.array_equal(early, found[1])
    assert plain.gaps == 0
    assert total_deg(early[kept.moving], kept.attitude[kept.moving]) < 2.0


def test_all_columns_have_their_shapes() -> None:
    trajectory = record(Course(moving_s=2.0))
    n = len(trajectory.moving)
    six, nine, bias, sigma, rest, disturbed = _core.Orientation().run(*trajectory.columns())
    assert six.shape == nine.shape == (n, 4)
    assert bias.shape == (n, 3)
    assert sigma.shape == rest.shape == disturbed.shape == (n,)
    assert np.allclose(np.linalg.norm(six, axis=1), 1, atol=1e-6)
    assert np.allclose(np.linalg.norm(nine, axis=1), 1, atol=1e-6)


def test_heading_is_counted_from_where_it_was_zeroed() -> None:
    trajectory = record(Course(seed=9, moving_s=10.0))
    times_us, acc_g, gyr_dps = trajectory.imu()
    half = len(times_us) // 2
    orientation = _core.Orientation()
    before = orientation.run(times_us[:half], acc_g[:half], gyr_dps[:half])[0][-1]
    orientation.zero_heading()
    after = orientation.run(times_us[half:], acc_g[half:], gyr_dps[half:])[0]
    plain = _core.Orientation().run(times_us, acc_g, gyr_dps)[0][half:]
    assert abs(before[3]) > 0.1  # it had a heading
    assert abs(after[0, 3]) < 0.05  # a sample later it has nearly none
    assert inclination_deg(after, plain.astype(np.float64)) < 0.01
    turned = 2 * np.degrees(np.arctan2(after[:, 3], after[:, 0]))
    turned_plain = 2 * np.degrees(np.arctan2(plain[:, 3], plain[:, 0]))
    difference = (turned - turned_plain + 180) % 360 - 180
    assert np.ptp(difference) < 0.01


def test_gravity_and_linear_acceleration_follow_from_the_attitude() -> None:
    trajectory = record(Course(seed=10, moving_s=5.0))
    attitude = single(trajectory.attitude)
    gravity_g = _core.gravity_g(attitude)
    assert np.allclose(np.linalg.norm(gravity_g, axis=1), 1, atol=1e-6)
    linear_g = _core.linear_acceleration_g(attitude, single(trajectory.acc_g))
    assert np.allclose(linear_g + gravity_g, trajectory.acc_g, atol=1e-6)
    assert np.abs(linear_g[~trajectory.moving][10:-10]).max() < 0.03
    assert linear_g[trajectory.moving].std() > 0.1


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("tau_s", -1.0, "tau_s: a positive"),
        ("tau_s", float("nan"), "positive"),
        ("tau", 1.0, "no parameter tau"),
    ],
)
def test_bad_parameters_are_refused(name: str, value: float, complaint: str) -> None:
    with pytest.raises((ValueError, TypeError), match=complaint):
        _core.RestParams(**{name: value})


def test_parameters_are_kept_and_frozen() -> None:
    rest = _core.RestParams(tau_s=0.25)
    params = _core.OrientationParams(max_gap_s=0.5).with_parts(rest=rest)
    kept = _core.Orientation(params).params
    assert (kept.rest.tau_s, kept.max_gap_s) == (0.25, 0.5)
    assert kept.bias.forgetting_s == _core.GyroBiasParams().forgetting_s
    with pytest.raises(AttributeError):
        kept.rest.tau_s = 1.0  # type: ignore[misc]


def test_unequal_columns_are_refused() -> None:
    times_us, acc_g, gyr_dps, mag_us, mag_ut = record(Course(moving_s=1.0)).columns()
    with pytest.raises(ValueError, match=r"\(n, 3\)"):
        _core.Orientation().run(times_us[1:], acc_g, gyr_dps)
    with pytest.raises(ValueError, match="both or none"):
        _core.Orientation().run(times_us, acc_g, gyr_dps, mag_us)
    with pytest.raises(ValueError, match=r"\(m, 3\)"):
        _core.Orientation().run(times_us, acc_g, gyr_dps, mag_us[1:], mag_ut)
