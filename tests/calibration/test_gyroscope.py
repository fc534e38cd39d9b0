"""Gyroscope: offset at rest; scale and axes from movements between rests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imu_gesture.calibration.accelerometer import fit_accelerometer
from imu_gesture.calibration.gyroscope import fit_gyroscope, gyroscope_at_rest, turned_axes
from imu_gesture.calibration.rotation import cumulative_rotations, grouped, net_rotations, padded
from imu_gesture.calibration.stills import find_stills
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples
from imu_gesture.simulation.chips import LSM9DS1_BOARD, Chip
from imu_gesture.simulation.dance import DancePlan, Dancer
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.faults import FAULTS
from imu_gesture.simulation.signals import ideal_signals
from tests.calibration.session import BOARDS, GYR_LIBRARY, danced, part, session


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
@pytest.mark.parametrize("fault", ["", GYR_LIBRARY])
@pytest.mark.parametrize("seed", range(3))
def test_turns_restore_scale_and_axes(chip: Chip, fault: str, seed: int) -> None:
    device = Device(chip, seed, faults=[FAULTS[fault]] if fault else [])
    samples = device.measure(danced(seed))
    stills = find_stills(samples)
    acc = fit_accelerometer(stills)
    fit = fit_gyroscope(samples, stills, acc.affine)
    factor = FAULTS[fault].factor if fault else 1.0
    frame = acc.affine.matrix @ device.errors.acc.matrix
    left = np.linalg.solve(frame, fit.affine.matrix @ device.errors.gyr.matrix * factor)
    assert np.abs(left.diagonal() - 1).max() < 0.003
    assert np.degrees(np.abs(left - np.eye(3)).max()) < 0.2
    assert np.abs(left - np.eye(3)).max() < 4 * max(
        fit.scale_sd, np.radians(fit.misalignment_sd_deg)
    )
    assert fit.turns == 6


def test_the_librarys_mistake_is_in_the_scale() -> None:
    samples = session(0, LSM9DS1_BOARD, GYR_LIBRARY)
    stills = find_stills(samples)
    fit = fit_gyroscope(samples, stills, fit_accelerometer(stills).affine)
    assert np.cbrt(np.linalg.det(fit.affine.matrix)) == pytest.approx(1.147, abs=0.02)


def test_full_turns_are_told_from_other_movements() -> None:
    plan = DancePlan(turns=1, eight_s=0.0)
    samples = session(1)
    stills = find_stills(samples)
    acc = fit_accelerometer(stills).affine
    assert turned_axes(samples, stills, acc) == {"x", "y", "z"}
    before = [still for still in stills if still.time_s < 50]
    assert turned_axes(samples, before, acc) == frozenset()
    assert plan.turns == 1


def test_sloppy_turns_are_outvoted_by_gravity() -> None:
    plan = DancePlan(closure_error_deg=10.0, eight_s=0.0)
    device = Device(LSM9DS1_BOARD, 4)
    samples = device.measure(ideal_signals(Dancer(4).perform(plan)))
    stills = find_stills(samples)
    acc = fit_accelerometer(stills)
    fit = fit_gyroscope(samples, stills, acc.affine)
    frame = acc.affine.matrix @ device.errors.acc.matrix
    left = np.linalg.solve(frame, fit.affine.matrix @ device.errors.gyr.matrix)
    assert np.abs(left.diagonal() - 1).max() < 0.01
    assert fit.worst_closure_deg > 5


def test_offset_and_noise_at_rest() -> None:
    device = Device(LSM9DS1_BOARD, 0)
    rest = gyroscope_at_rest(part(session(0), 0.0, 4.5))
    assert np.allclose(rest.offset_dps, device.errors.gyr.offset, atol=0.1)
    assert np.allclose(rest.noise_dps, LSM9DS1_BOARD.gyr.noise, rtol=0.2)
    assert np.all(rest.offset_sd_dps < 0.05)


def test_a_hand_is_no_rest() -> None:
    with pytest.raises(CalibrationError, match=r"lay still for .* of .* s; put it on a table"):
        gyroscope_at_rest(part(session(0), 6.0, 16.0))


def test_without_a_gyroscope_it_is_said() -> None:
    with pytest.raises(CalibrationError, match="have none"):
        gyroscope_at_rest(replace(session(0), gyr_dps=None))


def only_rests(samples: Samples) -> Samples:
    return part(samples, 0.0, 4.5)


def slid(samples: Samples) -> Samples:
    """The board is carried from face to face, but only about one axis."""
    del samples
    poses = ((0, 0, 1), (0, 1, 0), (0, 0, -1), (0, -1, 0), (0, 0, 1), (0, 1, 0))
    plan = DancePlan(poses=poses, turns=0, eight_s=0.0)
    return Device(LSM9DS1_BOARD, 0).measure(ideal_signals(Dancer(0).perform(plan)))


@pytest.mark.parametrize(
    ("change", "message"),
    [(only_rests, "0 movements between rests"), (slid, "known to .* only")],
)
def test_movements_that_do_not_determine_it_are_refused(change: object, message: str) -> None:
    assert callable(change)
    samples = change(session(0))
    acc = fit_accelerometer(find_stills(session(0))).affine
    with pytest.raises(CalibrationError, match=message):
        fit_gyroscope(samples, find_stills(samples), acc)


def test_rotations_multiply_in_order() -> None:
    rng = np.random.default_rng(0)
    parts = [rng.normal(0, 0.1, (length, 3)) for length in (1, 5, 64)]
    net = net_rotations(padded(parts))
    for index, increments in enumerate(parts):
        whole = cumulative_rotations(increments)
        assert (whole[-1].inv() * net[index]).magnitude() < 1e-9
    assert np.allclose(
        grouped(parts[1], 2), [parts[1][:2].sum(0), parts[1][2:4].sum(0), parts[1][4]]
    )
