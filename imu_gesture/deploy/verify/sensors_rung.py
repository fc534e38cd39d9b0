"""Do the board's own sensors read what a board at rest, or turned, must read?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.calibration.axes import AxisParams, check_axes
from imu_gesture.deploy.verify.rung import Rung, failed, passed
from imu_gesture.errors import CalibrationError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import SamplesReceived
from imu_gesture.samples import Samples, concatenate

_NAME = "sensors"
_LISTEN_S = 8.0
_GRAVITY_G, _RATE = 0.15, 0.06
_ZERO_RATE_DPS = 60.0  # twice the largest zero-rate level of the two chips' datasheets


def sensors_rung(link: BoardLink, seconds: float = _LISTEN_S) -> Rung:
    """Gravity, rate, offset at rest; and, where the board is turned meanwhile, axes and units."""
    samples = _listened(link, seconds)
    rate_hz = (len(samples) - 1) / max(samples.duration_s, 1e-9)
    stated_hz = link.info.stated_rate_hz or rate_hz
    if abs(rate_hz / stated_hz - 1) > _RATE:
        return failed(_NAME, f"{rate_hz:.1f} samples a second, {stated_hz:.1f} stated")
    _, _, bias_dps, at_rest = _core.InertialCorrection().run(
        samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps
    )
    problem = _at_rest(samples, at_rest > 0, float(np.abs(bias_dps[-1]).max()))
    if problem:
        return failed(_NAME, problem)
    try:
        findings = check_axes(samples, AxisParams(board=link.info.board)).findings
    except CalibrationError:
        return passed(_NAME, f"{rate_hz:.1f} Hz; turn the board meanwhile to check its axes, too")
    if findings:
        return failed(_NAME, "; ".join(map(str, findings)))
    return passed(_NAME, f"{rate_hz:.1f} Hz; axes and units agree")


def _listened(link: BoardLink, seconds: float) -> Samples:
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


def _at_rest(samples: Samples, at_rest: NDArray[np.bool_], worst_dps: float) -> str:
    """What is wrong, if there was a rest."""
    if not at_rest.any():
        return ""
    size_g = float(np.linalg.norm(samples.acc_g[at_rest], axis=1).mean())
    if abs(size_g - 1) > _GRAVITY_G:
        return f"gravity reads {size_g:.2f} g at rest"
    if worst_dps > _ZERO_RATE_DPS:
        return f"the gyroscope reads {worst_dps:.0f} deg/s at rest"
    return ""
