"""
The code that runs on the board, for numpy arrays (see firmware_sketch/src/core).
"""

from collections.abc import Callable, Sequence
from typing import Annotated, overload

import numpy
import numpy.typing
from numpy.typing import NDArray


AXES: int = 3

MAX_CHANNELS: int = 6

MAX_CLASSES: int = 32

MAX_WINDOW_SAMPLES: int = 256

MAX_SMOOTHING: int = 16

SCORE_LEVELS: int = 256

SCORE_ZERO_POINT: int = -128

NEVER: int = 256

DEFAULT_MAX_GAP_US: int = 100000

class AffineParams:
    """corrected = matrix @ (measured - offset), for one three-axis sensor."""

    @overload
    def __init__(self) -> None:
        """The identity."""

    @overload
    def __init__(self, matrix: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], offset: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> None:
        """matrix: (3, 3) float32; offset: (3,) float32."""

    @property
    def matrix(self) -> NDArray[numpy.float32]: ...

    @property
    def offset(self) -> NDArray[numpy.float32]: ...

class CalibrationParams:
    """Static correction of both inertial sensors."""

    @overload
    def __init__(self) -> None:
        """The identity."""

    @overload
    def __init__(self, acc: AffineParams, gyr: AffineParams) -> None: ...

    @property
    def acc(self) -> AffineParams: ...

    @property
    def gyr(self) -> AffineParams: ...

def apply_affine(params: AffineParams, measured: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> NDArray[numpy.float32]:
    """Correct (n, 3) float32 readings of one sensor."""

def counts_to_units(counts: Annotated[NDArray[numpy.int16], dict(order='C', device='cpu', writable=False)], units_per_lsb: float) -> NDArray[numpy.float32]:
    """Raw int16 counts of any shape as float32 in physical units."""

class ConditionerParams:
    """Calibration, then resampling by device time to the model rate."""

    def __init__(self, period_us: int, channels: int = 6, calibration: CalibrationParams = ..., max_gap_us: int = 100000) -> None: ...

    @property
    def period_us(self) -> int: ...

    @property
    def max_gap_us(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def calibration(self) -> CalibrationParams: ...

def condition(params: ConditionerParams, device_time_us: numpy.typing.NDArray[numpy.int64], acc_g: numpy.typing.NDArray[numpy.float32], gyr_dps: numpy.typing.NDArray[numpy.float32]) -> tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.int64], numpy.typing.NDArray[numpy.int32], int]:
    """
    Rows at the model rate.

    device_time_us: (n,) int64; acc_g, gyr_dps: (n, 3) float32. Returns rows (m, channels) float32,
    the device time of each row's end (m,) int64, the gap-free run it belongs to (m,) int32, and how
    many samples were ignored because their time did not advance.
    """

class FeatureParams:
    """feature = (value - offset) * gain, channel by channel."""

    def __init__(self, offset: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], gain: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> None:
        """offset, gain: (channels,) float32."""

class QuantisationParams:
    """real = scale * (q - zero_point), q int8."""

    def __init__(self, scale: float, zero_point: int) -> None: ...

    @property
    def scale(self) -> float: ...

    @property
    def zero_point(self) -> int: ...

def features(params: FeatureParams, rows: Annotated[NDArray[numpy.float32], dict(order='C', device='cpu', writable=False)]) -> NDArray[numpy.float32]:
    """Features of float32 rows of shape (..., channels)."""

def quantise(params: QuantisationParams, values: Annotated[NDArray[numpy.float32], dict(order='C', device='cpu', writable=False)]) -> NDArray[numpy.int8]:
    """
    float32 of any shape -> int8: halves to even, saturating, NaN to the zero point.
    """

class DecisionParams:
    """How scores over time become one event per gesture."""

    def __init__(self, threshold: Sequence[int], smoothing: int, refractory_us: int) -> None:
        """
        threshold: per class, probability * SCORE_LEVELS, or NEVER; smoothing: classifications averaged.
        """

    @property
    def classes(self) -> int: ...

    @property
    def smoothing(self) -> int: ...

    @property
    def refractory_us(self) -> int: ...

    @property
    def threshold(self) -> list[int]: ...

class GestureEvent:
    """One recognised gesture."""

    @property
    def device_time_us(self) -> int:
        """End of the deciding window, 32-bit clock."""

    @property
    def label(self) -> int:
        """Class index."""

    @property
    def score(self) -> int:
        """Smoothed probability * SCORE_LEVELS."""

    def __repr__(self) -> str: ...

def decide(params: DecisionParams, end_us: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], scores: Annotated[NDArray[numpy.int8], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> list[GestureEvent]:
    """
    Events of a sequence of classifications.

    end_us: (n,) int64; scores: (n, classes) int8.
    """

class WindowParams:
    """Rows in a window, and rows between two windows."""

    def __init__(self, samples: int, hop_samples: int) -> None: ...

    @property
    def samples(self) -> int: ...

    @property
    def hop_samples(self) -> int: ...

class FirmwareParams:
    """Everything the firmware is told about a model."""

    def __init__(self, conditioner: ConditionerParams, window: WindowParams, features: FeatureParams, input: QuantisationParams, decision: DecisionParams) -> None: ...

    @property
    def conditioner(self) -> ConditionerParams: ...

    @property
    def window(self) -> WindowParams: ...

    @property
    def features(self) -> FeatureParams: ...

    @property
    def input(self) -> QuantisationParams: ...

    @property
    def decision(self) -> DecisionParams: ...

class FirmwareCounters:
    """What the firmware has seen and refused."""

    @property
    def samples(self) -> int: ...

    @property
    def out_of_order(self) -> int: ...

    @property
    def gaps(self) -> int: ...

    @property
    def windows(self) -> int: ...

    @property
    def classifier_failures(self) -> int: ...

    @property
    def events_lost(self) -> int: ...

class Firmware:
    """The board's state machine: samples in, events out."""

    def __init__(self, params: FirmwareParams, classify: Callable[[numpy.typing.NDArray[numpy.int8]], numpy.typing.NDArray[numpy.int8]]) -> None:
        """
        classify: int8 (samples, channels) -> int8 scores (classes,); what it raises reaches push().
        """

    def push(self, device_time_us: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], acc_g: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], gyr_dps: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> list[GestureEvent]:
        """
        Take samples and return the events they caused.

        device_time_us: (n,) int64; acc_g, gyr_dps: (n, 3) float32.
        """

    @property
    def scores(self) -> NDArray[numpy.uint8]:
        """Smoothed score levels (classes,) uint8."""

    @property
    def counters(self) -> FirmwareCounters: ...
