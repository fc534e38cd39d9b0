"""What a sketch sets the board's inertial sensors to."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from imu_gesture.errors import DeploymentError

RATES_HZ = (119, 238, 476, 952)
ACC_RANGES_G = (2, 4, 8, 16)
GYR_RANGES_DPS = (245, 500, 2000)
HEADER = Path("src") / "model" / "sensor_settings.h"
_SET = re.compile(r"k(\d+)(?:Hz|g|dps)\b")


@dataclass(frozen=True)
class SensorSettings:
    """Of Rev1's chip; Rev2's has 100, 200, 400 or 800 Hz, and 250 deg/s, in their places.

    Attributes:
        rate_hz: one of `RATES_HZ`.
        acc_range_g: one of `ACC_RANGES_G`.
        gyr_range_dps: one of `GYR_RANGES_DPS`.
    """

    rate_hz: int = 119
    acc_range_g: int = 4
    gyr_range_dps: int = 2000

    def __post_init__(self) -> None:
        """Raises DeploymentError: a chip does not have it."""
        choices = (RATES_HZ, ACC_RANGES_G, GYR_RANGES_DPS)
        for field, possible in zip(fields(self), choices, strict=True):
            value = getattr(self, field.name)
            if value not in possible:
                named = ", ".join(map(str, possible))
                raise DeploymentError(f"{field.name} {value}: the chips have {named}")

    def __str__(self) -> str:
        """In words."""
        return f"{self.rate_hz} Hz, {self.acc_range_g} g, {self.gyr_range_dps} deg/s"

    def but(self, *others: int | None) -> SensorSettings:
        """With other values in the order of the fields; None leaves one as it is."""
        pairs = zip(astuple(self), others, strict=True)
        return SensorSettings(*(own if other is None else other for own, other in pairs))

    def header(self) -> str:
        """The sketch's file of them."""
        return f"""#pragma once

#include "../board/imu_settings.h"

constexpr board::ImuSettings kSensorSettings = {{
    board::ImuRate::k{self.rate_hz}Hz,
    board::AccRange::k{self.acc_range_g}g,
    board::GyrRange::k{self.gyr_range_dps}dps,
}};
"""


USUAL = SensorSettings()


def read_settings(sketch: Path) -> SensorSettings:
    """What a sketch folder has; the usual settings where it has no such file.

    Raises:
        DeploymentError: the file is none of ours any more.
    """
    path = sketch / HEADER
    if not path.is_file():
        return USUAL
    found = [int(number) for number in _SET.findall(path.read_text("utf-8", "replace"))]
    if len(found) != len(fields(SensorSettings)):
        raise DeploymentError(f"{path}: rate and ranges cannot be read; remove it, deploy again")
    return SensorSettings(*found)
