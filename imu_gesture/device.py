"""What is known of the board, or other source, that samples come from."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

BOARDS = {1: "nano33ble-rev1", 2: "nano33ble-rev2"}  # by the revision that a board's Hello tells


def revision_of(board: str) -> int:
    """The revision that a board of this name tells; 0 where it is none of ours."""
    return next((revision for revision, name in BOARDS.items() if name == board), 0)


class DeviceInfo(BaseModel):
    """Identity and scales of one source of samples; empty or None where unknown.

    `..._per_lsb` is the sensor's scale; where it is known, values are whole counts times it.
    `time_source` tells whether the device measured the times or they were made from a rate.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: str = ""
    device_id: str = ""
    board: str = ""
    firmware: str = ""
    protocol: int | None = None
    model_id: str = ""
    time_source: Literal["device", "rate"] = "device"
    stated_rate_hz: float | None = None
    acc_g_per_lsb: float | None = None
    gyr_dps_per_lsb: float | None = None
    mag_ut_per_lsb: float | None = None
    acc_range_g: float | None = None
    gyr_range_dps: float | None = None
