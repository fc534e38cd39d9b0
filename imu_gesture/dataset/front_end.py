"""What the model sees of a window, computed by the core; see `front_end.h`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from imu_gesture import _core
from imu_gesture.errors import DatasetError
from imu_gesture.samples import Float32Array

FrontEndName = Literal["sensor", "gravity", "stroke"]
FRONT_ENDS: tuple[FrontEndName, ...] = get_args(FrontEndName)
Vector = tuple[float, float, float]

Z_UP: Vector = (0.0, 0.0, 1.0)
_GRAVITY_G = (0.5, 2.0)  # mean acceleration of windows that show gravity, clipped or not
_FEWEST_G = 0.3  # a shorter mean of all readings says that the board was held in every way


@dataclass(frozen=True)
class FrontEnd:
    """A front end of windows with rows of `period_us`.

    Attributes:
        up: unit vector, upwards in the board's frame as it is usually held.
    """

    name: FrontEndName
    period_us: int
    up: Vector = Z_UP

    @property
    def params(self) -> _core.FrontEndParams:
        """The core's parameters."""
        return _core.FrontEndParams(_core.FrontEnd[self.name.upper()], self.up)

    def __call__(self, windows: Float32Array) -> Float32Array:
        """(n, samples, channels) in g and deg/s -> the same shape, as the model sees it."""
        return _core.front_end(self.params, self.period_us, windows)


def check_gravity(front_end: FrontEnd, windows: Float32Array) -> None:
    """See whether windows (n, samples, 6) show which way is up.

    Raises:
        DatasetError: the front end needs gravity, and most windows show none.
    """
    if front_end.name == "sensor":
        return
    aligned = _core.front_end(
        FrontEnd("gravity", front_end.period_us).params, front_end.period_us, windows
    )
    mean_g = float(np.median(aligned[..., 2].mean(axis=1)))
    if not _GRAVITY_G[0] <= mean_g <= _GRAVITY_G[1]:
        raise DatasetError(
            f"--front-end {front_end.name} needs gravity in the readings, but the mean "
            f"acceleration of a window is {mean_g:.2f} g: gravity was taken out of the recordings, "
            "or their unit is not g; import them again as the sensor read them, or use "
            "--front-end sensor"
        )


def usual_front_end(name: FrontEndName, period_us: int, windows: Float32Array) -> FrontEnd:
    """The front end for a board that is held as in these windows (n, samples, channels)."""
    mean_g = windows[..., :3].mean(axis=(0, 1), dtype=np.float64)
    length_g = float(np.linalg.norm(mean_g))
    if name == "sensor" or length_g < _FEWEST_G:
        return FrontEnd(name, period_us)
    x, y, z = (mean_g / length_g).astype(np.float32).tolist()
    return FrontEnd(name, period_us, (x, y, z))
