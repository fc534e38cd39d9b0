"""Do the board's own sensors read what a board at rest, or turned, must read?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.calibration.axes import AxisParams, check_axes
from imu_gesture.deploy.verify.rung import Rung, failed, passed
from imu_gesture.device import revision_of
from imu_gesture.errors import CalibrationError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import SamplesReceived
from imu_gesture.samples import Samples, concatenate

_NAME = "sensors"
LISTEN_S = 8.0
_LIMITS = _core.SelfTestParams()  # the board's own


def sensors_rung(link: BoardLink, seconds: float = LISTEN_S) -> Rung:
    """Gravity, rate, offset at rest; and, where the board is turned meanwhile, axes and units."""
    samples = listen(link, seconds)
    rate_hz = (len(samples) - 1) / max(samples.duration_s, 1e-9)
    stated_hz = link.info.stated_rate_hz or rate_hz
    if abs(rate_hz / stated_hz - 1) > _LIMITS.rate_error:
        return failed(_NAME, f"{rate_hz:.1f} samples a second, {stated_hz:.1f} stated")
    _, _, bias_dps, at_rest = _core.InertialCorrection().run(
        samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps
    )
    problem = _gravity(samples, at_rest > 0) or _offset(bias_dps[at_rest > 0], link.info.board)
    if problem:
        return failed(_NAME, problem)
    try:
        findings = check_axes(samples, AxisParams(board=link.info.board)).findings
    except CalibrationError:
        return passed(_NAME, f"{rate_hz:.1f} Hz; turn the board meanwhile to check its axes, too")
    if findings:
        return failed(_NAME, "; ".join(map(str, findings)))
    return passed(_NAME, f"{rate_hz:.1f} Hz; axes and units agree")


def listen(link: BoardLink, seconds: float) -> Samples:
    """The inertial samples of so much of the board's time."""
    parts: list[Samples] = []
    for event in link.events():
        if isinstance(event, SamplesReceived) and len(event.samples):
            parts.append(event.samples)
            first_us, newest_us = parts[0].device_time_us[0], event.samples.device_time_us[-1]
            if newest_us - first_us >= seconds * 1e6:
                break
    for _ in link.finish():
        pass
    return concatenate(parts)


def _gravity(samples: Samples, at_rest: NDArray[np.bool_]) -> str:
    """What is wrong, if there was a rest."""
    if not at_rest.any():
        return ""
    size_g = float(np.linalg.norm(samples.acc_g[at_rest], axis=1).mean())
    believable = abs(size_g - 1) <= _LIMITS.gravity_error_g
    return "" if believable else f"gravity reads {size_g:.2f} g at rest"


def _offset(bias_dps: NDArray[np.float32], board: str) -> str:
    """What is wrong with offsets (n, 3) as they were known at rest."""
    worst_dps = float(np.abs(bias_dps[-1:]).max(initial=0.0))
    limit_dps = _LIMITS.offset_limit_dps(revision_of(board))
    return f"the gyroscope reads {worst_dps:.0f} deg/s at rest" if worst_dps > limit_dps else ""
