"""Which devices are tried, and what each arm corrects of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from drift_device import (
    CLEAN,
    LEVELS,
    Arm,
    Device,
    biased,
    day_0,
    misscaled,
    remounted,
    two_poses,
    warming,
)

from imu_gesture import _core

ANGLES_DEG = (15.0, 30.0, 45.0, 60.0, 90.0)
_LEFT = np.diag([-1.0, 1.0, 1.0])
_REMAP = np.array([[0.0, -1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
AXES = {  # what stock libraries deliver
    "left-handed Arduino_LSM9DS1": (_LEFT, _LEFT),
    "remap of Arduino_BMI270_BMM150": (_REMAP, _REMAP),
    "gyroscope 12.8 % low": (np.eye(3), np.eye(3) * 2000 / 32768 / 0.07),
    "gyroscope x flipped": (np.eye(3), _LEFT),
}
TIMES = {"rate +5 %": (0.05, 0.0), "rate -5 %": (-0.05, 0.0), "25 % lost": (0.0, 0.25)}
_ALL = (Arm.OFF, Arm.DAY_0, Arm.ONLINE, Arm.BOTH)


@dataclass(frozen=True, eq=False)
class Case:
    """One device on one stream; `rested` says whether that begins with 3 s of rest."""

    family: str
    level: str
    device: Device
    arms: tuple[Arm, ...]
    rested: bool = True


def cases(seed: int, quick: bool) -> Iterator[Case]:
    """Everything that is tried with one seed."""
    for rested in (True, False):
        yield Case("clean", "none", Device(CLEAN, seed), (Arm.OFF, Arm.ONLINE), rested)
    for level in LEVELS[3:4] if quick else LEVELS:
        yield Case("bias", level.name, biased(level, seed), _ALL)
        yield Case("bias", level.name, biased(level, seed), _ALL, rested=False)
        gyroscope = replace(biased(level, seed), offset_acc_g=np.zeros(3))
        for rested in (True, False):
            yield Case("gyro-bias", level.name, gyroscope, (Arm.OFF, Arm.ONLINE), rested)
        yield Case("warm-up", level.name, warming(level, seed), _ALL)
        yield Case("scale", level.name, misscaled(level, seed), (Arm.OFF, Arm.DAY_0))
    for angle_deg in (45.0, 90.0) if quick else ANGLES_DEG:
        device = remounted(angle_deg, seed)
        yield Case("mount", f"{angle_deg:g} deg", device, (Arm.OFF, Arm.ONLINE))
    for name, (rate, lost) in TIMES.items():
        device = Device(CLEAN, seed, rate=rate, lost=lost)
        yield Case("time", name, device, (Arm.OFF, Arm.ONLINE))
    for name, (acc, gyr) in AXES.items():
        device = Device(CLEAN, seed, axes_acc=acc, axes_gyr=gyr)
        yield Case("axes", name, device, (Arm.OFF, Arm.DAY_0))


def params_of(case: Case, arm: Arm, period_us: int) -> _core.ConditionerParams:
    """What the core is told."""
    calibration = _core.CalibrationParams()
    if arm in (Arm.DAY_0, Arm.BOTH):
        calibration = day_0(case.device)
    elif arm == Arm.ONLINE and case.family == "mount":
        calibration = two_poses(case.device)
    tracks = arm in (Arm.ONLINE, Arm.BOTH)
    learning = _core.LearningParams() if tracks else None
    return _core.ConditionerParams(period_us, calibration=calibration, learning=learning)
