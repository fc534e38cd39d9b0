"""Which side of a foreign model's input is time, and which the sensor's channels."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.errors import ModelError

Layout = Literal["samples-channels", "channels-samples"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
Number = TypeVar("Number", bound=np.generic)
WindowShape = tuple[int, int]  # samples, channels

FEWEST_SAMPLES = 8
_CHANNELS = (_core.AXES, _core.MAX_CHANNELS)  # acceleration alone, or with rotation
_SAY = "say which with --layout samples-channels or --layout channels-samples"


@dataclass(frozen=True)
class InputAxes:
    """A foreign input, its batch fixed to one; sides of size one may stand anywhere.

    Attributes:
        shape: as the model wants it.
        layout: the order of the two sides that are not of size one, or within the only one.
    """

    shape: tuple[int, ...]
    layout: Layout
    samples: int
    channels: int

    @property
    def window(self) -> WindowShape:
        """Samples and channels of a window."""
        return self.samples, self.channels

    def arranged(self, windows: NDArray[Number]) -> NDArray[Number]:
        """(n, samples, channels) -> (n, *shape[1:]), as the model wants them."""
        ordered = windows if self.layout == "samples-channels" else windows.transpose(0, 2, 1)
        return ordered.reshape(len(windows), *self.shape[1:])


def find_axes(
    shape: tuple[int, ...], window: WindowShape | None, layout: Layout | None
) -> InputAxes:
    """Tell the sides apart by the window that is expected, or by the number of channels.

    Args:
        shape: of the input, its batch first.
        window: samples and channels that the model has to take; None where the model decides.
        layout: what the user says of it.

    Raises:
        ModelError: the shape fits no window, or two ways.
    """
    sides = tuple(size for size in shape[1:] if size != 1)
    orders = LAYOUTS if layout is None else (layout,)
    found = [axes for order in orders if (axes := _read(shape, sides, order, window))]
    if not found:
        raise ModelError(_misfit(shape, window, layout))
    if len(found) > 1:
        raise ModelError(
            f"input {shape} can be {found[0].samples} samples of {found[0].channels} channels in "
            f"two orders; {_SAY}"
        )
    return found[0]


def _read(
    shape: tuple[int, ...], sides: tuple[int, ...], layout: Layout, window: WindowShape | None
) -> InputAxes | None:
    """The input under one layout; None where it makes no sense."""
    if len(sides) == 1 and window and sides[0] == prod(window):
        return InputAxes(shape, layout, *window)
    if len(sides) != 2:
        return None
    samples, channels = sides if layout == "samples-channels" else sides[::-1]
    if (samples, channels) != window if window else channels not in _CHANNELS:
        return None
    if not FEWEST_SAMPLES <= samples <= _core.MAX_WINDOW_SAMPLES:
        return None
    return InputAxes(shape, layout, samples, channels)


def _misfit(shape: tuple[int, ...], window: WindowShape | None, layout: Layout | None) -> str:
    said = f" as {layout}" if layout else ""
    if window:
        return (
            f"input {shape}{said} does not fit windows of {window[0]} samples and {window[1]} "
            "channels; name a run with such windows with --like, or describe the model's own with "
            "--labels and --rate"
        )
    return (
        f"input {shape}{said}: two sides are wanted beside the batch and any of size one, "
        f"{_CHANNELS[0]} or {_CHANNELS[1]} channels and {FEWEST_SAMPLES} to "
        f"{_core.MAX_WINDOW_SAMPLES} samples; for a flat input, name a run with --like"
    )
