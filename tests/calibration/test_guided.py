"""The guided calibration: what it says, when it is content, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import groupby, pairwise

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from imu_gesture.calibration.affine import Affine, Float64Array
from imu_gesture.calibration.fit import Occasion, fit_profile
from imu_gesture.calibration.frame import in_common_frame
from imu_gesture.calibration.guided import Guidance, GuidedCalibration, GuidedParams, Stage
from imu_gesture.calibration.profile import Profile
from imu_gesture.calibration.seen import Residuals
from imu_gesture.device import DeviceInfo
from imu_gesture.samples import Samples, concatenate
from imu_gesture.simulation.chips import LSM9DS1_BOARD, Chip
from imu_gesture.simulation.dance import FACES, DancePlan, Dancer
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.errors import DATASHEET, Family
from imu_gesture.simulation.faults import FAULTS
from imu_gesture.simulation.signals import ideal_signals
from tests.calibration.session import (
    BOARDS,
    GYR_LIBRARY,
    INFO,
    danced,
    part,
    pieces,
    session,
    worst_deg,
)

OCCASION = Occasion(date="2026-11-25", temperature_c=26.0)
ORDER = [Stage.STILL, Stage.FACES, Stage.TURNS, Stage.EIGHT, Stage.DONE]


def guided(
    samples: Samples, params: GuidedParams | None = None, board: str = LSM9DS1_BOARD.board
) -> list[Guidance]:
    calibration = GuidedCalibration(INFO.model_copy(update={"board": board}), OCCASION, params)
    return [calibration.feed(piece) for piece in pieces(samples, 0.3)]


@cache
def whole(seed: int, chip: Chip = LSM9DS1_BOARD, fault: str = "") -> list[Guidance]:
    """Of a session that goes well."""
    return guided(session(seed, chip, fault), board=chip.board)


def stages(said: list[Guidance]) -> list[Stage]:
    return [stage for stage, _ in groupby(guidance.stage for guidance in said)]


def profile_of(said: list[Guidance]) -> Profile:
    assert said[-1].profile is not None, said[-1].problem
    return said[-1].profile


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
@pytest.mark.parametrize("name", ["", GYR_LIBRARY, "left-handed frame of Arduino_LSM9DS1"])
def test_it_ends_in_a_profile_that_corrects(chip: Chip, name: str) -> None:
    said = whole(1, chip, name)
    assert stages(said) == ORDER
    profile = profile_of(said)
    assert profile.mag is not None
    assert bool(profile.findings) == bool(name)
    errors = Device(chip, 1).errors
    acc: Float64Array = profile.acc.affine.matrix @ faulty(name, "acc") @ errors.acc.matrix
    gyr: Float64Array = profile.gyr.affine.matrix @ faulty(name, "gyr") @ errors.gyr.matrix
    mag = profile.mag.affine.matrix @ errors.mag.matrix
    for left in (acc, gyr):
        assert worst_deg(left) < 1.2  # of which most is the board's frame, which nothing tells
        assert np.cbrt(np.linalg.det(left)) == pytest.approx(1, abs=0.003)
    back: Float64Array = np.linalg.inv(acc).astype(np.float64)
    assert worst_deg(back @ gyr) < 0.3
    assert worst_deg(back @ mag) < 3 * profile.mag.quality["alignment_sd_deg"] < 0.75


def faulty(name: str, sensor: str) -> Float64Array:
    """(3, 3) what the named fault, if any, does to readings of a sensor."""
    if not name or sensor not in FAULTS[name].sensors:
        return np.eye(3)
    return FAULTS[name].factor * FAULTS[name].axes.astype(np.float64)


def test_it_says_how_far_it_is() -> None:
    details = [guidance.detail for guidance in whole(1)]
    for expected in ("hold still", "3 of 6 faces", "inclination error 0.", "2 of 3 axes"):
        assert any(expected in detail for detail in details), expected
    assert any("of 85 directions" in detail for detail in details)
    assert details[-1].startswith("done, heading error")


def test_a_window_can_draw_what_was_seen() -> None:
    said = whole(1)
    seen = [guidance.seen for guidance in said]
    for before, after in pairwise(seen):
        assert before.faces <= after.faces
        assert before.axes <= after.axes
    assert seen[-1].faces == {"x+", "x-", "y+", "y-", "z+", "z-"}
    assert any(guidance.seen.axes == frozenset("xy") for guidance in said)
    assert seen[-1].axes == frozenset("xyz")
    assert len(seen[-1].regions) > 80
    assert max(seen[-1].regions) < 100
    assert seen[-1].newest_region in seen[-1].regions


def test_a_window_can_draw_what_is_left() -> None:
    """Against the errors that the simulated device was given."""
    errors = Device(LSM9DS1_BOARD, 1).errors
    said = whole(1)
    first = {stage: next(g.residuals for g in said if g.stage is stage) for stage in ORDER}
    assert first[Stage.STILL] == Residuals()
    assert first[Stage.FACES].gyr_offset_dps == pytest.approx(errors.gyr.offset, abs=0.5)
    assert 0 < (first[Stage.FACES].gyr_offset_sd_dps or 0) < 0.05
    assert first[Stage.FACES].gravity_off_g is None
    assert first[Stage.TURNS].scale_sd is None
    last = said[-1].residuals
    assert (last.gravity_off_g or 0) > 0.02 > 10 * (last.gravity_left_g or 1)
    assert (last.inclination_error_deg or 9) < 0.4
    assert (last.scale_sd or 9) < 0.005
    spreads = [g.residuals.field_spread or 0 for g in said if g.stage is Stage.EIGHT]
    assert max(spreads) > 3 * (last.field_spread or 9)


def test_the_size_of_the_pieces_does_not_matter() -> None:
    calibration = GuidedCalibration(INFO, OCCASION)
    coarse = profile_of([calibration.feed(piece) for piece in pieces(session(1), 1.0)])
    fine = profile_of(whole(1))
    assert np.allclose(coarse.gyr.matrix, fine.gyr.matrix, atol=5e-4)
    assert np.allclose(coarse.acc.matrix, fine.acc.matrix, atol=5e-4)


@pytest.mark.parametrize("chip", BOARDS, ids=lambda chip: chip.board)
def test_lost_samples_do_not_spoil_it(chip: Chip) -> None:
    device = Device(chip, 1, DATASHEET | {Family.LOST})
    profile = profile_of(guided(device.measure(danced(1)), board=chip.board))
    left: Float64Array = profile.gyr.affine.matrix @ device.errors.gyr.matrix
    assert np.cbrt(np.linalg.det(left)) == pytest.approx(1, abs=0.003)


def test_the_common_frame_is_the_mean() -> None:
    turn = Rotation.from_euler("xyz", [3, -2, 1], degrees=True)
    stretch = np.diag([1.05, 0.98, 1.0])
    frames = [turn, turn.inv(), Rotation.identity()]
    offset = np.array([1.0, 2.0, 3.0])
    found = in_common_frame([Affine(frame.as_matrix() @ stretch, offset) for frame in frames])
    for before, after in zip(frames, found, strict=True):
        assert np.allclose(after.matrix, before.as_matrix() @ stretch, atol=2e-3)
        assert np.array_equal(after.offset, offset)
    alike = in_common_frame([Affine(turn.as_matrix() @ stretch, offset)] * 3)
    assert all(np.allclose(one.matrix, stretch, atol=1e-9) for one in alike)


def test_it_begins_where_the_board_lies_and_not_where_it_was_carried() -> None:
    samples = session(1)
    down = int(np.argmax(samples.acc_g[:, 2] < -0.95))
    up_again = down + int(np.argmax(samples.acc_g[down:, 2] > -0.8))
    carried = replace(
        samples.rows(slice(up_again - 100, up_again + 20)),
        mag_time_us=np.zeros(0, np.int64),
        mag_ut=np.zeros((0, 3), np.float32),
    )
    later_us = int(carried.device_time_us[-1]) + 10_000 - int(samples.device_time_us[0])
    whole_session = replace(
        samples,
        device_time_us=samples.device_time_us + later_us,
        mag_time_us=samples.mag_time_us + later_us,
    )
    profile = profile_of(guided(concatenate([carried, whole_session])))
    assert profile.findings == ()
    assert np.allclose(profile.acc.matrix, profile_of(whole(1)).acc.matrix, atol=2e-3)


def test_six_faces_alone_lead_to_edges() -> None:
    plan = DancePlan(poses=FACES, turns=0, eight_s=0.0)
    samples = Device(LSM9DS1_BOARD, 0).measure(ideal_signals(Dancer(0).perform(plan)))
    last = guided(samples)[-1]
    assert last.stage is Stage.FACES
    assert "edges and corners" in last.instruction
    assert "inclination error" in last.detail


def test_without_a_magnetometer_there_is_no_figure_eight() -> None:
    samples = session(1)
    bare = replace(samples, mag_time_us=samples.mag_time_us[:0], mag_ut=samples.mag_ut[:0])
    said = guided(bare)
    assert Stage.EIGHT not in stages(said)
    assert profile_of(said).mag is None
    left_out = guided(samples, GuidedParams(magnetometer=False))
    assert profile_of(left_out).mag is None


def restless() -> Samples:
    return part(session(0), 110.0, 140.0)


def only_rest() -> Samples:
    plan = DancePlan(60.0, (), 0, 0.0)
    return Device(LSM9DS1_BOARD, 0).measure(ideal_signals(Dancer(0).perform(plan)))


def metres() -> Samples:
    return session(1, LSM9DS1_BOARD, "accelerometer in m/s2")


def radians() -> Samples:
    return session(1, LSM9DS1_BOARD, "gyroscope in rad/s")


def gauss() -> Samples:
    return session(1, LSM9DS1_BOARD, "magnetometer in gauss")


def no_turns() -> Samples:
    plan = DancePlan(turns=0)
    return Device(LSM9DS1_BOARD, 1).measure(ideal_signals(Dancer(1).perform(plan)))


def magnets() -> Samples:
    families = DATASHEET | {Family.STEPS}
    return Device(LSM9DS1_BOARD, 1, families).measure(danced(1, DancePlan(turns=1)))


def no_gyroscope() -> Samples:
    return replace(session(1), gyr_dps=None)


@pytest.mark.parametrize(
    ("samples", "patience_s", "problem"),
    [
        (restless, 20.0, "lay still for"),
        (only_rest, 30.0, "1 of 6 faces"),
        (metres, 60.0, "--acc-unit m/s2"),
        (radians, 60.0, "--gyr-unit rad/s"),
        (gauss, 60.0, "--mag-unit G"),
        (no_turns, 40.0, "no full turn between two rests about x, y, z"),
        (magnets, 50.0, "magnet"),
        (no_gyroscope, 60.0, "have none"),
    ],
)
def test_it_refuses_with_the_reason(samples: object, patience_s: float, problem: str) -> None:
    assert callable(samples)
    said = guided(samples(), GuidedParams(look_s=2.0, patience_s=patience_s))
    assert said[-1].stage is Stage.REFUSED
    assert problem in said[-1].problem
    assert said[-1].profile is None


def test_the_end_is_the_end() -> None:
    samples = session(1)
    calibration = GuidedCalibration(INFO, OCCASION)
    for piece in pieces(samples, 0.5):
        last = calibration.feed(piece)
    assert last.stage is Stage.DONE
    assert calibration.feed(samples) is last


def test_a_recorded_session_gives_a_profile_as_well() -> None:
    samples = session(1, LSM9DS1_BOARD, GYR_LIBRARY)
    profile = fit_profile(samples, DeviceInfo(device_id="b", board="nano33ble-rev1"), OCCASION)
    assert profile.temperature_c == 26.0
    assert profile.date == "2026-11-25"
    (finding,) = profile.findings
    assert "gyroscope: 12." in finding
    assert "multiply its readings by 1.1" in finding
    assert profile.gyr.quality["turns"] == 6
    assert len(profile.gyr.covariance) == 9


def test_nothing_fed_is_nothing_said() -> None:
    calibration = GuidedCalibration(INFO, OCCASION)
    assert calibration.feed(session(1).rows(slice(0, 0))).stage is Stage.STILL
