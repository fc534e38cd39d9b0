"""What a recording says of itself: kept as MCAP metadata, names and values as text."""

from __future__ import annotations

from typing import Literal

from pydantic import ValidationError

from imu_gesture.device import DeviceInfo
from imu_gesture.errors import RecordingError

RECORDING_VERSION = 1


class RecordingInfo(DeviceInfo):
    """The device, who held it, and how to read the samples.

    `gravity` tells whether the accelerometer's readings still contain it.

    `predicted` is what was reported in a clip that was kept because that was wrong, empty where
    nothing was; and with what score, when by the device's clock, and by whom: board, host or both.
    """

    version: int = RECORDING_VERSION
    participant: str = "unknown"
    session: str = "1"
    gravity: Literal["included", "removed"] = "included"
    started_unix_ns: int = 0
    predicted: str | None = None
    predicted_score: float | None = None
    predicted_at_us: int | None = None
    predicted_by: str | None = None

    def to_metadata(self) -> dict[str, str]:
        """The known fields as text."""
        return {name: str(value) for name, value in self if value is not None}


def info_from_metadata(metadata: dict[str, str], where: str) -> RecordingInfo:
    """Read what `to_metadata` wrote; `where` names the file in errors."""
    try:
        info = RecordingInfo.model_validate(metadata)
    except ValidationError as error:
        first = error.errors()[0]
        raise RecordingError(
            f"{where}: metadata field {first['loc'][0]!r}: {first['msg']}, found {first['input']!r}"
        ) from error
    if info.version > RECORDING_VERSION:
        raise RecordingError(
            f"{where}: recording format {info.version} is newer than this program knows "
            f"({RECORDING_VERSION}); update imu-gesture"
        )
    return info
