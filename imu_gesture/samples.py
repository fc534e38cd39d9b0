"""`Samples`: columns of sensor readings, the one currency from the link to the dataset."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from imu_gesture.errors import RecordingError

Float32Array = NDArray[np.float32]
Int64Array = NDArray[np.int64]

AXIS_NAMES = ("x", "y", "z")


def _no_times() -> Int64Array:
    return np.zeros(0, np.int64)


def _no_readings() -> Float32Array:
    return np.zeros((0, 3), np.float32)


@dataclass(frozen=True, eq=False)
class Samples:
    """Readings of one board, uncalibrated, in the order they were taken.

    Attributes:
        device_time_us: (n,) int64, the board's clock, unwrapped.
        acc_g: (n, 3) float32.
        gyr_dps: (n, 3) float32, or None when the source has no gyroscope.
        sequence: (n,) int64, the board's sample numbers; a lost sample leaves a hole.
        mag_time_us: (m,) int64; the magnetometer has a rate of its own.
        mag_ut: (m, 3) float32.
    """

    device_time_us: Int64Array
    acc_g: Float32Array
    gyr_dps: Float32Array | None
    sequence: Int64Array
    mag_time_us: Int64Array = field(default_factory=_no_times)
    mag_ut: Float32Array = field(default_factory=_no_readings)

    def __post_init__(self) -> None:
        n, m = len(self.device_time_us), len(self.mag_time_us)
        shapes = {
            "acc_g": (self.acc_g.shape, (n, 3)),
            "sequence": (self.sequence.shape, (n,)),
            "mag_ut": (self.mag_ut.shape, (m, 3)),
        }
        if self.gyr_dps is not None:
            shapes["gyr_dps"] = (self.gyr_dps.shape, (n, 3))
        for name, (found, wanted) in shapes.items():
            if found != wanted:
                raise RecordingError(f"samples: {name} has shape {found}, expected {wanted}")

    def __len__(self) -> int:
        """Number of inertial samples."""
        return len(self.device_time_us)

    @property
    def duration_s(self) -> float:
        """Time from the first to the last inertial sample."""
        if len(self) == 0:
            return 0.0
        return float(self.device_time_us[-1] - self.device_time_us[0]) * 1e-6

    @property
    def gyr_or_zero_dps(self) -> Float32Array:
        """(n, 3) float32: the gyroscope, or zeros where there is none (the core wants both)."""
        return np.zeros_like(self.acc_g) if self.gyr_dps is None else self.gyr_dps

    def rows(self, index: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Samples:
        """The inertial samples at `index`, with the magnetometer left as it is."""
        return replace(
            self,
            device_time_us=self.device_time_us[index],
            acc_g=self.acc_g[index],
            gyr_dps=None if self.gyr_dps is None else self.gyr_dps[index],
            sequence=self.sequence[index],
        )


def concatenate(parts: list[Samples]) -> Samples:
    """One `Samples` from consecutive parts of the same board."""
    if not parts:
        raise RecordingError("no samples were received; is the board streaming?")
    inertial = [part for part in parts if len(part)] or parts
    gyr_parts = [part.gyr_dps for part in inertial if part.gyr_dps is not None]
    if gyr_parts and len(gyr_parts) != len(inertial):
        raise RecordingError("some parts have a gyroscope and some have none; keep them apart")
    return Samples(
        device_time_us=np.concatenate([part.device_time_us for part in parts]),
        acc_g=np.concatenate([part.acc_g for part in parts]),
        gyr_dps=np.concatenate(gyr_parts) if gyr_parts else None,
        sequence=np.concatenate([part.sequence for part in parts]),
        mag_time_us=np.concatenate([part.mag_time_us for part in parts]),
        mag_ut=np.concatenate([part.mag_ut for part in parts]),
    )
