"""What the calibration window says, in words."""

from __future__ import annotations

from collections.abc import Iterator

from imu_gesture.calibration.guided import Stage
from imu_gesture.calibration.profile import Profile
from imu_gesture.calibration.seen import Residuals
from imu_gesture.calibration.sphere import REGIONS
from imu_gesture.live import theme
from imu_gesture.live.calibration_feed import CalibrationState

STAGES = (Stage.STILL, Stage.FACES, Stage.TURNS, Stage.EIGHT)
RESIDUAL_ROWS = 5

Row = tuple[str, str]


def headline(state: CalibrationState) -> str:
    """What to do, or how it ended."""
    if state.problem:
        return f"{theme.CROSS} not calibrated"
    if state.guidance.profile is not None:
        return f"{theme.TICK} this board is calibrated"
    return state.guidance.instruction


def detail(state: CalibrationState) -> str:
    """How far it is, or what to do with the end of it."""
    if state.problem:
        return "r starts again, q leaves"
    if state.guidance.profile is not None:
        return f"kept: {state.kept}" if state.kept else ""
    return state.guidance.detail


def away(state: CalibrationState) -> str:
    """Why the board is not there."""
    return f"board away, waiting for it\n\n{state.away}" if state.away else ""


def stage_marks(state: CalibrationState) -> list[tuple[str, str]]:
    """Each stage with its mark, and its colour."""
    at = STAGES.index(state.stage)
    profile = None if state.problem else state.guidance.profile
    marks = []
    for place, stage in enumerate(STAGES):
        if profile is not None and profile.mag is None and stage is Stage.EIGHT:
            mark, colour = "left out:", theme.FAINT
        elif profile is not None or place < at:
            mark, colour = theme.TICK, theme.DONE
        elif place == at:
            mark, colour = _present_mark(state)
        else:
            mark, colour = theme.RING, theme.FAINT
        marks.append((f"{mark} {stage.value}", colour))
    return marks


def _present_mark(state: CalibrationState) -> tuple[str, str]:
    return (theme.CROSS, theme.WRONG) if state.problem else (theme.ARROW, theme.NOW)


def coverage(state: CalibrationState) -> str:
    """How much of the sphere was seen."""
    share = len(state.guidance.seen.regions) / REGIONS
    return f"directions of the field: {share:.0%}"


def residual_rows(residuals: Residuals) -> list[Row]:
    """What is known of how far off the sensors are; empty rows last, so many in all."""
    known = list(_residuals(residuals))
    return known + [("", "")] * (RESIDUAL_ROWS - len(known))


def _residuals(found: Residuals) -> Iterator[Row]:
    if found.gyr_offset_dps is not None:
        x, y, z = found.gyr_offset_dps
        sd = "" if found.gyr_offset_sd_dps is None else f" ± {found.gyr_offset_sd_dps:.2f}"
        yield "gyroscope at rest", f"{x:.1f}, {y:.1f}, {z:.1f}{sd} deg/s"
    if found.gravity_off_g is not None:
        left = found.gravity_left_g
        corrected = "" if left is None else f", corrected {left * 1e3:.2f} mg"
        yield "gravity is off by", f"{found.gravity_off_g * 1e3:.0f} mg{corrected}"
    if found.inclination_error_deg is not None:
        yield "inclination error", f"{found.inclination_error_deg:.2f}°"
    if found.scale_sd is not None:
        yield "gyroscope's scale", f"known to {found.scale_sd:.2%}"
    if found.field_spread is not None:
        yield "field's size varies", f"{found.field_spread:.1%}"


def outcome(state: CalibrationState) -> list[str]:
    """Paragraphs on how it ended; none while it goes on."""
    if state.problem:
        return [state.problem]
    profile = state.guidance.profile
    return [] if profile is None else list(_quality(profile))


def _quality(profile: Profile) -> Iterator[str]:
    acc, gyr = profile.acc.quality, profile.gyr.quality
    yield (
        f"accelerometer: inclination error {acc['inclination_error_deg']:.2f}°, "
        f"{acc['poses']:.0f} poses"
    )
    yield (
        f"gyroscope: scale known to {gyr['scale_sd']:.2%}, axes to "
        f"{gyr['misalignment_sd_deg']:.2f}°, {gyr['turns']:.0f} turns"
    )
    if profile.mag is not None:
        mag = profile.mag.quality
        yield (
            f"magnetometer: heading error {mag['heading_error_deg']:.2f}°, gaps {mag['gaps']:.0%}, "
            f"variance {mag['variance']:.1%}, wobble {mag['wobble']:.1%}, fit error "
            f"{mag['fit_error']:.1%}, field {mag['field_ut']:.0f} µT"
        )
    yield from (f"found and put right: {finding}" for finding in profile.findings)
