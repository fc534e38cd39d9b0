"""Axis and unit check: every fault of the simulator is named, and none is invented."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imu_gesture.calibration import units
from imu_gesture.calibration.axes import AxisCheck, AxisParams, check_axes
from imu_gesture.calibration.axis_explanation import Poses, explain
from imu_gesture.calibration.axis_maps import (
    AXIS_MAPS,
    IDENTITY,
    AxisMap,
    describe,
    formula,
    handedness,
)
from imu_gesture.calibration.turning import window_width_s
from imu_gesture.calibration.units import nearest_unit, step_of
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples
from imu_gesture.simulation.chips import LSM9DS1_BOARD, Chip
from imu_gesture.simulation.dance import DancePlan, Dancer
from imu_gesture.simulation.device import Device, held
from imu_gesture.simulation.faults import FAULTS, SENSORS, Fault
from imu_gesture.simulation.signals import ideal_signals
from tests.calibration.session import BOARDS, part, session, turned

SEEDS = range(2)


def checked(chip: Chip, seed: int, fault: Fault | None, **params: object) -> AxisCheck:
    samples = Device(chip, seed, faults=[fault] if fault else []).measure(turned(seed))
    known = AxisParams(flat_start=True, board=chip.board)
    return check_axes(samples, replace(known, **params))  # type: ignore[arg-type]


def put_right(check: AxisCheck, fault: Fault) -> bool:
    """Does the correction of each sensor undo the fault, and touch nothing else?"""
    for short, sensor in SENSORS.items():
        done = np.eye(3) * 1.0
        if short in fault.sensors:
            done = fault.factor * fault.axes.astype(np.float64)
        if not np.allclose(check.correction(sensor) @ done, np.eye(3), atol=0.04):
            return False
    return True


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_named(name: str) -> None:
    fault = FAULTS[name]
    for chip in BOARDS:
        for seed in SEEDS:
            check = checked(chip, seed, fault)
            assert put_right(check, fault), (chip.board, seed, [f.text for f in check.findings])
            named = {finding.sensor for finding in check.findings}
            assert named == {SENSORS[short] for short in fault.sensors}


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_invented(chip: Chip, seed: int) -> None:
    check = checked(chip, seed, None)
    assert check.findings == ()
    assert abs(check.gyr_scale - 1) < 0.045


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gyroscope x flipped", "gyroscope: x is flipped.* left-handed.*(-x, y, z)"),
        ("magnetometer x and y swapped", "magnetometer: x and y are swapped.*(y, x, z)"),
        ("accelerometer in m/s2", "m/s2 taken for g; import again with --acc-unit m/s2"),
        ("gyroscope in rad/s", "rad/s taken for deg/s; import again with --gyr-unit rad/s"),
        ("magnetometer in gauss", "gauss taken for µT; import again with --mag-unit G"),
        ("gyroscope scale of Arduino_LSM9DS1", "too little: a full turn reads 31"),
    ],
)
def test_the_words_name_the_fault_and_the_remedy(name: str, words: str) -> None:
    (finding,) = checked(LSM9DS1_BOARD, 0, FAULTS[name]).findings
    assert all(word in finding.text for word in words.split(".*"))


@pytest.mark.parametrize("name", ["gyroscope y flipped", "accelerometer x and z swapped"])
def test_two_sensors_are_enough(name: str) -> None:
    fault = FAULTS[name]
    samples = Device(LSM9DS1_BOARD, 1, faults=[fault]).measure(turned(1))
    without = replace(samples, mag_time_us=samples.mag_time_us[:0], mag_ut=samples.mag_ut[:0])
    assert put_right(check_axes(without, AxisParams(flat_start=True)), fault)


def test_a_vector_reversed_as_a_whole_needs_a_pose_or_the_dip() -> None:
    reversed_acc = Fault("accelerometer reversed", ("acc",), -IDENTITY)
    reversed_mag = Fault("magnetometer reversed", ("mag",), -IDENTITY)
    with_pose = checked(LSM9DS1_BOARD, 0, reversed_acc)
    assert put_right(with_pose, reversed_acc)
    assert "or the board lay upside down" in with_pose.findings[0].text
    assert checked(LSM9DS1_BOARD, 0, reversed_acc, flat_start=False).findings == ()
    assert put_right(checked(LSM9DS1_BOARD, 0, reversed_mag, dip_down=True), reversed_mag)
    assert checked(LSM9DS1_BOARD, 0, reversed_mag).findings == ()


def test_held_readings_do_not_matter() -> None:
    samples = held(Device(LSM9DS1_BOARD, 2).measure(turned(2)))
    assert check_axes(samples, AxisParams(flat_start=True)).findings == ()


@pytest.mark.parametrize("pace", [0.7, 3.0, 5.0])
@pytest.mark.parametrize("with_field", [True, False])
def test_nothing_is_invented_from_slow_or_fast_turning(pace: float, with_field: bool) -> None:
    """Fast hands swing the board hard: then it may be refused, but not blamed."""
    for seed in range(3):
        plan = DancePlan(1.0, (), 0, 12.0, pace=pace)
        samples = Device(LSM9DS1_BOARD, seed).measure(ideal_signals(Dancer(seed).perform(plan)))
        if not with_field:
            samples = replace(
                samples, mag_time_us=samples.mag_time_us[:0], mag_ut=samples.mag_ut[:0]
            )
        try:
            check = check_axes(samples, AxisParams(flat_start=True))
        except CalibrationError as error:
            assert pace > 1 or not with_field, str(error)
            continue
        assert [finding.text for finding in check.findings] == []


@pytest.mark.parametrize(
    ("rate_dps", "factor", "width_s"),
    [
        (100.0, 1.0, 1.0),
        (400.0, 1.0, 0.25),
        (10.0, 1.0, 2.0),
        (100.0, np.pi / 180, 1.0),
        (100.0, 1000.0, 1.0),
    ],
    ids=["usual", "fast", "slow", "rad/s", "mdeg/s"],
)
def test_windows_see_a_good_part_of_a_turn(rate_dps: float, factor: float, width_s: float) -> None:
    rate = np.tile(np.radians([0.0, 0.0, rate_dps * factor]), (50, 1))
    assert window_width_s(rate, 100.0, (0.25, 2.0)) == pytest.approx(width_s)


FLIP_X, FLIP_YZ = np.diag([-1, 1, 1]), np.diag([1, -1, -1])
UP = Poses(flat_acc_g=np.array([0.0, 0.0, 1.0]))


@pytest.mark.parametrize(
    ("gravity", "magnetic", "poses", "sensor", "axes"),
    [
        (FLIP_X, FLIP_X, UP, "gyr", FLIP_X),
        (FLIP_YZ, IDENTITY, UP, "acc", FLIP_X),
        (IDENTITY, FLIP_YZ, UP, "mag", FLIP_X),
        (FLIP_YZ, IDENTITY, Poses(np.array([0.0, 0.0, -1.0])), "acc", FLIP_YZ),
        (FLIP_X, None, UP, "gyr", FLIP_X),
    ],
)
def test_the_odd_one_out_is_blamed(
    gravity: AxisMap, magnetic: AxisMap | None, poses: Poses, sensor: str, axes: AxisMap
) -> None:
    maps = explain(gravity, magnetic, poses)
    for name in ("acc", "gyr", "mag"):
        expected = axes if name == sensor else IDENTITY
        assert np.array_equal(getattr(maps, name), expected), name


def test_handedness_must_agree() -> None:
    with pytest.raises(CalibrationError, match="disagree about the gyroscope's handedness"):
        explain(FLIP_X, FLIP_YZ, UP)


def lying() -> Samples:
    return part(session(0), 0.0, 4.5)


def one_axis() -> Samples:
    plan = DancePlan(poses=((0, 1, 0), (0, 0, 1), (0, -1, 0)), turns=0, eight_s=0.0)
    return Device(LSM9DS1_BOARD, 0).measure(ideal_signals(Dancer(0).perform(plan)))


def not_flat() -> Samples:
    return part(session(0), 20.0, 60.0)


def shaken() -> Samples:
    """Noise in place of the accelerometer."""
    samples = Device(LSM9DS1_BOARD, 0).measure(turned(0))
    noise = np.random.default_rng(0).normal(0, 1, samples.acc_g.shape)
    return replace(samples, acc_g=noise.astype(np.float32))


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (lying, "turn the board about all three"),
        (one_axis, "about all"),
        (not_flat, "did not lie flat"),
        (shaken, "do not agree under any"),
    ],
)
def test_what_tells_nothing_is_refused(samples: object, message: str) -> None:
    assert callable(samples)
    with pytest.raises(CalibrationError, match=message):
        check_axes(samples(), AxisParams(flat_start=True))


def test_there_are_48_maps() -> None:
    assert len({axes.tobytes() for axes in AXIS_MAPS}) == 48
    assert sum(map(handedness, AXIS_MAPS)) == 0


@pytest.mark.parametrize(
    ("axes", "words", "code"),
    [
        (np.diag([-1, 1, 1]), "x is flipped", "(-x, y, z)"),
        (np.diag([-1, 1, -1]), "x and z are flipped", "(-x, y, -z)"),
        (np.eye(3, dtype=np.int64)[[1, 0, 2]], "x and y are swapped", "(y, x, z)"),
        (
            np.array([[0, 0, 1], [1, 0, 0], [0, -1, 0]]),
            "x, y, z are really (y, -z, x)",
            "(z, x, -y)",
        ),
    ],
)
def test_maps_in_words(axes: AxisMap, words: str, code: str) -> None:
    assert describe(axes) == words
    assert formula(axes) == code


@pytest.mark.parametrize(
    ("size", "seen"),
    [(1.0, None), (9.7, "m/s2 taken for g"), (1010.0, "mg taken for g"), (40.0, None)],
)
def test_units_by_their_size(size: float, seen: str | None) -> None:
    unit = nearest_unit(size, (0.6, 1.6), units.ACC_UNITS)
    assert (unit.seen if unit else None) == seen


@pytest.mark.parametrize("step", [0.014, 0.0625, 0.0122])
def test_the_step_of_readings(step: float) -> None:
    counts = np.rint(np.random.default_rng(0).normal(0, 900, (400, 3)))
    assert step_of((counts * step).astype(np.float32)) == pytest.approx(step, rel=1e-3)
    assert step_of(np.random.default_rng(0).normal(0, 50, (400, 3)).astype(np.float32)) is None
