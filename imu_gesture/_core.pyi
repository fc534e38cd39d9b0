"""
The code that runs on the board, for numpy arrays (see firmware_sketch/src/core).
"""

from collections.abc import Callable, Sequence
import enum
from typing import Annotated, Final, overload

import numpy
import numpy.typing
from numpy.typing import NDArray


AXES: int = 3

MAX_CHANNELS: int = 6

MAX_CLASSES: int = 32

MAX_WINDOW_SAMPLES: int = 256

MAX_SMOOTHING: int = 16

SPREAD_STEPS: int = 16

MOST_SPREAD: int = 2047

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
    def __init__(self, acc: AffineParams, gyr: AffineParams, known: bool = True) -> None:
        """known: of a calibrated board, so that what is left is small."""

    @property
    def known(self) -> bool: ...

    @property
    def acc(self) -> AffineParams: ...

    @property
    def gyr(self) -> AffineParams: ...

def apply_affine(params: AffineParams, measured: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> NDArray[numpy.float32]:
    """Correct (n, 3) float32 readings of one sensor."""

def counts_to_units(counts: Annotated[NDArray[numpy.int16], dict(order='C', device='cpu', writable=False)], units_per_lsb: float) -> NDArray[numpy.float32]:
    """Raw int16 counts of any shape as float32 in physical units."""

class RestParams:
    """When the board is at rest."""

    def __init__(self, *, tau_s: float = ..., min_s: float = ..., gyr_dps: float = ..., acc_g: float = ..., offset_dps: float = ..., first_min_s: float = ..., first_gyr_dps: float = ..., first_offset_dps: float = ..., surprise_min_s: float = ...) -> None: ...

    @property
    def tau_s(self) -> float:
        """Time constant of the low-pass filters."""

    @property
    def min_s(self) -> float:
        """Stillness that counts as rest."""

    @property
    def gyr_dps(self) -> float:
        """Largest deviation from the low-passed rate."""

    @property
    def acc_g(self) -> float:
        """Largest deviation from the low-passed acceleration."""

    @property
    def offset_dps(self) -> float:
        """Largest distance from the known offset, on one axis."""

    @property
    def first_min_s(self) -> float:
        """Stillness that counts as the first rest."""

    @property
    def first_gyr_dps(self) -> float:
        """Largest deviation from the rate at the first rest."""

    @property
    def first_offset_dps(self) -> float:
        """Largest offset that a sensor may have."""

    @property
    def surprise_min_s(self) -> float:
        """Stillness after which another offset is believed."""

class GyroBiasParams:
    """How the gyroscope's offset is tracked."""

    def __init__(self, *, sigma_initial_dps: float = ..., forgetting_s: float = ..., limit_dps: float = ..., sigma_motion_dps: float = ..., sigma_rest_dps: float = ..., vertical_forgetting: float = ..., disagreement_dps: float = ...) -> None: ...

    @property
    def sigma_initial_dps(self) -> float:
        """Before anything was measured."""

    @property
    def forgetting_s(self) -> float:
        """In which the uncertainty grows from 0 to 0.1 deg/s."""

    @property
    def limit_dps(self) -> float:
        """Of the estimate, on each axis."""

    @property
    def sigma_motion_dps(self) -> float:
        """To which it converges in motion."""

    @property
    def sigma_rest_dps(self) -> float:
        """To which it converges at rest."""

    @property
    def vertical_forgetting(self) -> float:
        """Weight of the decay in the vertical."""

    @property
    def disagreement_dps(self) -> float:
        """To which one disagreement is cut."""

class MagneticFieldParams:
    """When the magnetic field is the earth's."""

    def __init__(self, *, tau_s: float = ..., reference_tau_s: float = ..., strength: float = ..., dip_deg: float = ..., undisturbed_s: float = ..., new_s: float = ..., first_s: float = ..., turning_dps: float = ...) -> None: ...

    @property
    def tau_s(self) -> float:
        """Of strength and dip."""

    @property
    def reference_tau_s(self) -> float:
        """With which the reference follows."""

    @property
    def strength(self) -> float:
        """Largest relative deviation of the strength."""

    @property
    def dip_deg(self) -> float:
        """Largest deviation of the dip."""

    @property
    def undisturbed_s(self) -> float:
        """Within the limits before the field is trusted."""

    @property
    def new_s(self) -> float:
        """Of turning in another field until that is the reference."""

    @property
    def first_s(self) -> float:
        """The same while there is no reference."""

    @property
    def turning_dps(self) -> float:
        """Slower turning does not count."""

class HeadingParams:
    """How the magnetometer corrects the heading."""

    def __init__(self, *, tau_s: float = ..., known_bias_tau_s: float = ..., still_tau_s: float = ..., max_rejection_s: float = ..., rejection_factor: float = ...) -> None: ...

    @property
    def tau_s(self) -> float:
        """Longer: the gyroscope is trusted more."""

    @property
    def known_bias_tau_s(self) -> float:
        """The same once its offset was measured at rest."""

    @property
    def still_tau_s(self) -> float:
        """Of the field seen by a board at rest."""

    @property
    def max_rejection_s(self) -> float:
        """Of a disturbed field."""

    @property
    def rejection_factor(self) -> float:
        """By which the filter is slower afterwards."""

    def with_field(self, field: MagneticFieldParams) -> HeadingParams:
        """The same with another field."""

    @property
    def field(self) -> MagneticFieldParams: ...

class OrientationParams:
    """Parameters of `Orientation`."""

    def __init__(self, *, tau_acc_s: float = ..., max_gap_s: float = ..., relevel_dps: float = ...) -> None: ...

    @property
    def tau_acc_s(self) -> float:
        """Longer: the gyroscope is trusted more."""

    @property
    def max_gap_s(self) -> float:
        """Longer silence interrupts the low-pass filters."""

    @property
    def relevel_dps(self) -> float:
        """An offset found to be wrong by more starts the attitude anew."""

    def with_parts(self, rest: RestParams | None = None, bias: GyroBiasParams | None = None, heading: HeadingParams | None = None) -> OrientationParams:
        """The same with other parts."""

    @property
    def rest(self) -> RestParams: ...

    @property
    def bias(self) -> GyroBiasParams: ...

    @property
    def heading(self) -> HeadingParams: ...

class BiasTrackerParams:
    """Parameters of `BiasTracker`."""

    def __init__(self, rest: RestParams = ..., bias: GyroBiasParams = ..., max_gap_s: float = 0.10000000149011612) -> None: ...

    @property
    def rest(self) -> RestParams: ...

    @property
    def bias(self) -> GyroBiasParams: ...

    @property
    def max_gap_s(self) -> float:
        """Longer silence interrupts the low-pass filters."""

class BiasTracker:
    """The gyroscope's offset, found whenever the board rests."""

    def __init__(self, params: BiasTrackerParams = ...) -> None: ...

    def run(self, device_time_us: numpy.typing.NDArray[numpy.int64], acc_g: numpy.typing.NDArray[numpy.float32], gyr_dps: numpy.typing.NDArray[numpy.float32]) -> tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.uint8]]:
        """
        Take in samples; may be called again with those that follow.

        device_time_us: (n,) int64; acc_g, gyr_dps: (n, 3) float32. Returns, of each sample: the rate
        without the offset (n, 3), the offset in deg/s (n, 3), and whether the board is at rest (n,).
        """

    def know_bias(self, bias_dps: Sequence[float], sigma_dps: float) -> None:
        """Start from an offset measured before."""

    def state(self) -> bytes:
        """Everything remembered, as bytes."""

    def restore(self, saved: bytes) -> None:
        """Go on from `state()`, with the same bits."""

    @property
    def bias_dps(self) -> NDArray[numpy.float32]: ...

    @property
    def bias_sigma_dps(self) -> float: ...

    @property
    def rest_seen(self) -> bool:
        """False: the offset was never measured at rest."""

class AccelerometerRefinerParams:
    """How rests refine the accelerometer."""

    def __init__(self, *, offset_sigma_g: float = ..., scale_sigma: float = ..., calibrated_offset_sigma_g: float = ..., calibrated_scale_sigma: float = ..., pose_sigma_g: float = ..., good_offset_g: float = ..., good_scale: float = ..., new_pose_g: float = ..., memory_poses: float = ..., max_surprise: float = ...) -> None: ...

    @property
    def offset_sigma_g(self) -> float:
        """Of a sensor that nobody has calibrated."""

    @property
    def scale_sigma(self) -> float:
        """The same for its scale."""

    @property
    def calibrated_offset_sigma_g(self) -> float:
        """Of a calibrated one."""

    @property
    def calibrated_scale_sigma(self) -> float:
        """The same for its scale."""

    @property
    def pose_sigma_g(self) -> float:
        """Of the mean over one rest."""

    @property
    def good_offset_g(self) -> float:
        """Uncertainty at which it counts as calibrated."""

    @property
    def good_scale(self) -> float:
        """The same for the scale."""

    @property
    def new_pose_g(self) -> float:
        """A pose this far from the last one is another."""

    @property
    def memory_poses(self) -> float:
        """After so many more, a pose counts a third."""

    @property
    def max_surprise(self) -> float:
        """Standard deviations that are not believed."""

class TemperatureParams:
    """How the gyroscope's slope with temperature is learned."""

    def __init__(self, *, bias_sigma_dps: float = ..., slope_sigma_dps_per_c: float = ..., rest_sigma_dps: float = ..., walk_dps: float = ..., good_slope_dps_per_c: float = ..., min_spread_c: float = ...) -> None: ...

    @property
    def bias_sigma_dps(self) -> float:
        """Before anything is known."""

    @property
    def slope_sigma_dps_per_c(self) -> float:
        """The same for the slope."""

    @property
    def rest_sigma_dps(self) -> float:
        """Of the offset found in one rest."""

    @property
    def walk_dps(self) -> float:
        """Of the offset between two rests."""

    @property
    def good_slope_dps_per_c(self) -> float:
        """Uncertainty at which the slope is used."""

    @property
    def min_spread_c(self) -> float:
        """Between the coldest and the warmest rest."""

class RestLearningParams:
    """What rests teach beside the gyroscope's offset."""

    def __init__(self, *, pose_s: float = ..., temperature_step_c: float = ...) -> None: ...

    @property
    def pose_s(self) -> float:
        """Of rest before its readings teach anything."""

    @property
    def temperature_step_c(self) -> float:
        """A change within a rest that teaches again."""

    def with_parts(self, accelerometer: AccelerometerRefinerParams | None = None, temperature: TemperatureParams | None = None) -> RestLearningParams:
        """The same with other parts."""

    @property
    def accelerometer(self) -> AccelerometerRefinerParams: ...

    @property
    def temperature(self) -> TemperatureParams: ...

class LearningParams:
    """How rests correct what a calibration leaves."""

    def __init__(self, bias: BiasTrackerParams | None = None, rest: RestLearningParams | None = None) -> None: ...

    @property
    def bias(self) -> BiasTrackerParams: ...

    @property
    def rest(self) -> RestLearningParams: ...

class InertialCorrection:
    """Corrects inertial samples while they stream, and learns from rests."""

    def __init__(self, calibration: CalibrationParams | None = None, params: LearningParams | None = None) -> None: ...

    def run(self, device_time_us: numpy.typing.NDArray[numpy.int64], acc_g: numpy.typing.NDArray[numpy.float32], gyr_dps: numpy.typing.NDArray[numpy.float32], temperature_c: numpy.typing.NDArray[numpy.float32] | None = None) -> tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.uint8]]:
        """
        Take in raw samples; may be called again with those that follow.

        device_time_us: (n,) int64; acc_g, gyr_dps: (n, 3) float32; temperature_c: (n,), not a number where
        it was not measured. Returns, of each sample: acc_g and gyr_dps corrected (n, 3), the gyroscope's
        offset in deg/s that the calibration left (n, 3), and whether the board is at rest (n,).
        """

    @property
    def bias_sigma_dps(self) -> float: ...

    @property
    def rest_seen(self) -> bool:
        """False: the offset was never measured at rest."""

    @property
    def accelerometer(self) -> AffineParams:
        """What rests have taught of the accelerometer."""

    @property
    def accelerometer_sigma_g(self) -> float: ...

class ConditionerParams:
    """Correction, then resampling by device time to the model rate."""

    def __init__(self, period_us: int, channels: int = 6, calibration: CalibrationParams = ..., max_gap_us: int = 100000, learning: LearningParams | None = None) -> None:
        """
        learning: how rests correct what the calibration leaves; None leaves it in.
        """

    @property
    def period_us(self) -> int: ...

    @property
    def max_gap_us(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def learning(self) -> LearningParams | None: ...

    @property
    def calibration(self) -> CalibrationParams: ...

def condition(params: ConditionerParams, device_time_us: numpy.typing.NDArray[numpy.int64], acc_g: numpy.typing.NDArray[numpy.float32], gyr_dps: numpy.typing.NDArray[numpy.float32]) -> tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.int64], numpy.typing.NDArray[numpy.int32], int]:
    """
    Rows at the model rate.

    device_time_us: (n,) int64; acc_g, gyr_dps: (n, 3) float32. Returns rows (m, channels) float32,
    the device time of each row's end (m,) int64, the gap-free run it belongs to (m,) int32, and how
    many samples were ignored because their time did not advance.
    """

class FrontEnd(enum.Enum):
    """What the model sees of a window (front_end.h)."""

    SENSOR = 0
    """Rows as they are."""

    GRAVITY = 1
    """Acceleration (g) and rate (deg/s): z up, heading of the first row."""

    STROKE = 2
    """The same integrated from the first row: angle (deg), velocity (m/s)."""

class FrontEndParams:
    """A front end, and how the board is usually held."""

    def __init__(self, kind: FrontEnd = ..., up: Sequence[float] = ...) -> None:
        """up: (3,) unit vector, upwards in the board's frame."""

    @property
    def kind(self) -> FrontEnd: ...

    @property
    def up(self) -> list[float]: ...

def front_end(params: FrontEndParams, period_us: int, windows: numpy.typing.NDArray[numpy.float32]) -> numpy.typing.NDArray[numpy.float32]:
    """
    What the model sees of windows (n, samples, channels) float32 in g and deg/s: the same shape.
    """

class MotionParams:
    """
    What counts as a motion (motion.h); variation is in g, of the rate by `dps_per_g`.
    """

    def __init__(self, *, memory_s: float = ..., dps_per_g: float = ..., on_g: float = ..., off_g: float = ..., on_ratio: float = ..., off_ratio: float = ..., peak_share: float = ..., rise_s: float = ..., fall_s: float = ..., shortest_s: float = ..., longest_s: float = ..., calm_s: float = ...) -> None: ...

    @property
    def memory_s(self) -> float:
        """Over which readings vary."""

    @property
    def dps_per_g(self) -> float:
        """A turn of so many deg/s counts as much as 1 g."""

    @property
    def on_g(self) -> float:
        """Variation at which a motion begins, where nothing else moves."""

    @property
    def off_g(self) -> float:
        """The same, below which it has ended."""

    @property
    def on_ratio(self) -> float:
        """Where a motion begins, in shares of what moves between motions."""

    @property
    def off_ratio(self) -> float:
        """The same for where it has ended."""

    @property
    def peak_share(self) -> float:
        """Of its greatest variation, below which it has ended in any case."""

    @property
    def rise_s(self) -> float:
        """How fast what moves between motions is followed upwards."""

    @property
    def fall_s(self) -> float:
        """The same downwards."""

    @property
    def shortest_s(self) -> float:
        """What is shorter is a bump, of which a quarter of a second is seen."""

    @property
    def longest_s(self) -> float:
        """A motion's greatest length."""

    @property
    def calm_s(self) -> float:
        """After which a motion is over: a pause within it is shorter."""

    def __eq__(self, other: object, /) -> bool: ...

    def __hash__(self) -> int: ...

    def __getstate__(self) -> list[float]: ...

    def __setstate__(self, arg: Sequence[float], /) -> None: ...

class MotionDetector:
    """Finds motions in rows at the model rate."""

    def __init__(self, params: MotionParams, channels: int, step_s: float) -> None: ...

    def update(self, rows: numpy.typing.NDArray[numpy.float32]) -> numpy.typing.NDArray[numpy.uint8]:
        """
        Take in rows (n, channels) float32 in g and deg/s; may be called again with those that follow.

        Returns for each row (n,) whether a motion is over with it.
        """

    def state(self) -> bytes:
        """Everything remembered, as bytes."""

    def restore(self, saved: bytes) -> None:
        """Go on from `state()`, with the same bits."""

class WindowParams:
    """Rows in a window, and when one is classified."""

    def __init__(self, samples: int, hop_samples: int, motion: MotionParams | None = None) -> None:
        """
        motion: what triggers one classification at its end; None: there is one every hop_samples rows.
        """

    @property
    def samples(self) -> int: ...

    @property
    def hop_samples(self) -> int: ...

    @property
    def motion(self) -> MotionParams | None: ...

def due_windows(params: WindowParams, period_us: int, rows: numpy.typing.NDArray[numpy.float32]) -> numpy.typing.NDArray[numpy.int64]:
    """
    The first row of each window that the firmware classifies in a run of rows without a gap.

    rows: (n, channels) float32 in g and deg/s.
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

    def __init__(self, threshold: Sequence[int], smoothing: int, refractory_us: int, most_spread: int = 0) -> None:
        """
        threshold: per class, probability * SCORE_LEVELS, or NEVER; smoothing: classifications averaged;
        most_spread: of a known movement's logits, in 1 / SPREAD_STEPS of their int8 step, the highest left
        out; 0: nothing is rejected.
        """

    @property
    def classes(self) -> int: ...

    @property
    def smoothing(self) -> int: ...

    @property
    def refractory_us(self) -> int: ...

    @property
    def most_spread(self) -> int: ...

    @property
    def outputs(self) -> int:
        """Scores, and to reject, logits: what is wanted of a model."""

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

def decide(params: DecisionParams, end_us: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], scores: Annotated[NDArray[numpy.int8], dict(shape=(None, None), order='C', device='cpu', writable=False)], run: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)] | None = None) -> list[GestureEvent]:
    """
    Events of a sequence of classifications.

    end_us: (n,) int64; scores: (n, classes) int8,
    or (n, 2 * classes) with the logits behind them;
    run: (n,) int32 number of the gap-free run of each; none: there is one.
    """

class FirmwareParams:
    """Everything the firmware is told about a model."""

    def __init__(self, conditioner: ConditionerParams, window: WindowParams, features: FeatureParams, input: QuantisationParams, decision: DecisionParams, front_end: FrontEndParams = ...) -> None: ...

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

    @property
    def front_end(self) -> FrontEndParams: ...

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

    def update_temperature(self, celsius: float) -> None:
        """Of the sensor, from the next sample on."""

    @property
    def bias_dps(self) -> NDArray[numpy.float32]:
        """The gyroscope's offset as it is known now: (3,)."""

    @property
    def scores(self) -> NDArray[numpy.uint8]:
        """Smoothed score levels (classes,) uint8."""

    def doze(self, dozing: bool) -> None:
        """Classify nothing while the board lies still."""

    @property
    def at_rest(self) -> bool:
        """Whether the board lies still, as far as it has learned to tell."""

    @property
    def counters(self) -> FirmwareCounters: ...

class Hello:
    """A board introduces itself."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def protocol(self) -> int: ...

    @protocol.setter
    def protocol(self, arg: int, /) -> None: ...

    @property
    def board_revision(self) -> int: ...

    @board_revision.setter
    def board_revision(self, arg: int, /) -> None: ...

    @property
    def firmware(self) -> bytes: ...

    @firmware.setter
    def firmware(self, arg: bytes, /) -> None: ...

    @property
    def device_id(self) -> bytes: ...

    @device_id.setter
    def device_id(self, arg: bytes, /) -> None: ...

    @property
    def boot_count(self) -> int: ...

    @boot_count.setter
    def boot_count(self, arg: int, /) -> None: ...

    @property
    def previous_samples(self) -> int: ...

    @previous_samples.setter
    def previous_samples(self, arg: int, /) -> None: ...

    @property
    def reset_cause(self) -> int: ...

    @reset_cause.setter
    def reset_cause(self, arg: int, /) -> None: ...

    @property
    def sensors(self) -> int: ...

    @sensors.setter
    def sensors(self, arg: int, /) -> None: ...

    @property
    def acc_g_per_lsb(self) -> float: ...

    @acc_g_per_lsb.setter
    def acc_g_per_lsb(self, arg: float, /) -> None: ...

    @property
    def gyr_dps_per_lsb(self) -> float: ...

    @gyr_dps_per_lsb.setter
    def gyr_dps_per_lsb(self, arg: float, /) -> None: ...

    @property
    def mag_ut_per_lsb(self) -> float: ...

    @mag_ut_per_lsb.setter
    def mag_ut_per_lsb(self, arg: float, /) -> None: ...

    @property
    def imu_rate_hz(self) -> float: ...

    @imu_rate_hz.setter
    def imu_rate_hz(self, arg: float, /) -> None: ...

    @property
    def mag_rate_hz(self) -> float: ...

    @mag_rate_hz.setter
    def mag_rate_hz(self, arg: float, /) -> None: ...

    @property
    def calibration_id(self) -> bytes: ...

    @calibration_id.setter
    def calibration_id(self, arg: bytes, /) -> None: ...

    @property
    def model_id(self) -> bytes: ...

    @model_id.setter
    def model_id(self, arg: bytes, /) -> None: ...

    @property
    def classes(self) -> int: ...

    @classes.setter
    def classes(self, arg: int, /) -> None: ...

    @property
    def max_packet(self) -> int: ...

    @max_packet.setter
    def max_packet(self, arg: int, /) -> None: ...

class Temperature:
    """Temperature of the sensor's die."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def device_time_us(self) -> int: ...

    @device_time_us.setter
    def device_time_us(self, arg: int, /) -> None: ...

    @property
    def centi_c(self) -> int: ...

    @centi_c.setter
    def centi_c(self, arg: int, /) -> None: ...

class Gesture:
    """The board recognised a gesture."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def number(self) -> int: ...

    @number.setter
    def number(self, arg: int, /) -> None: ...

    @property
    def device_time_us(self) -> int: ...

    @device_time_us.setter
    def device_time_us(self, arg: int, /) -> None: ...

    @property
    def label(self) -> int: ...

    @label.setter
    def label(self, arg: int, /) -> None: ...

    @property
    def score(self) -> int: ...

    @score.setter
    def score(self, arg: int, /) -> None: ...

class Scores:
    """Smoothed score levels of all classes."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def device_time_us(self) -> int: ...

    @device_time_us.setter
    def device_time_us(self, arg: int, /) -> None: ...

    @property
    def levels(self) -> bytes: ...

    @levels.setter
    def levels(self, arg: bytes, /) -> None: ...

class Mark:
    """Somebody pressed the button."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def number(self) -> int: ...

    @number.setter
    def number(self, arg: int, /) -> None: ...

    @property
    def device_time_us(self) -> int: ...

    @device_time_us.setter
    def device_time_us(self, arg: int, /) -> None: ...

    @property
    def kind(self) -> int: ...

    @kind.setter
    def kind(self, arg: int, /) -> None: ...

class Health:
    """Counters since the board started."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def device_time_us(self) -> int: ...

    @device_time_us.setter
    def device_time_us(self, arg: int, /) -> None: ...

    @property
    def uptime_s(self) -> int: ...

    @uptime_s.setter
    def uptime_s(self, arg: int, /) -> None: ...

    @property
    def imu_numbered(self) -> int: ...

    @imu_numbered.setter
    def imu_numbered(self, arg: int, /) -> None: ...

    @property
    def imu_fifo_lost(self) -> int: ...

    @imu_fifo_lost.setter
    def imu_fifo_lost(self, arg: int, /) -> None: ...

    @property
    def imu_dropped(self) -> int: ...

    @imu_dropped.setter
    def imu_dropped(self, arg: int, /) -> None: ...

    @property
    def mag_numbered(self) -> int: ...

    @mag_numbered.setter
    def mag_numbered(self, arg: int, /) -> None: ...

    @property
    def mag_dropped(self) -> int: ...

    @mag_dropped.setter
    def mag_dropped(self, arg: int, /) -> None: ...

    @property
    def packets_dropped(self) -> int: ...

    @packets_dropped.setter
    def packets_dropped(self, arg: int, /) -> None: ...

    @property
    def commands_damaged(self) -> int: ...

    @commands_damaged.setter
    def commands_damaged(self, arg: int, /) -> None: ...

    @property
    def windows(self) -> int: ...

    @windows.setter
    def windows(self, arg: int, /) -> None: ...

    @property
    def classifier_failures(self) -> int: ...

    @classifier_failures.setter
    def classifier_failures(self, arg: int, /) -> None: ...

    @property
    def events_lost(self) -> int: ...

    @events_lost.setter
    def events_lost(self, arg: int, /) -> None: ...

    @property
    def arena_used_bytes(self) -> int: ...

    @arena_used_bytes.setter
    def arena_used_bytes(self, arg: int, /) -> None: ...

    @property
    def stack_free_bytes(self) -> int: ...

    @stack_free_bytes.setter
    def stack_free_bytes(self, arg: int, /) -> None: ...

    @property
    def loop_max_us(self) -> int: ...

    @loop_max_us.setter
    def loop_max_us(self, arg: int, /) -> None: ...

class Drift:
    """How the board's sensors have drifted, as it knows itself."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def device_time_us(self) -> int: ...

    @device_time_us.setter
    def device_time_us(self, arg: int, /) -> None: ...

    @property
    def bias_dps(self) -> list[float]: ...

    @bias_dps.setter
    def bias_dps(self, arg: Sequence[float], /) -> None: ...

    @property
    def bias_sigma_dps(self) -> float: ...

    @bias_sigma_dps.setter
    def bias_sigma_dps(self, arg: float, /) -> None: ...

    @property
    def acc_offset_g(self) -> list[float]: ...

    @acc_offset_g.setter
    def acc_offset_g(self, arg: Sequence[float], /) -> None: ...

    @property
    def acc_sigma_g(self) -> float: ...

    @acc_sigma_g.setter
    def acc_sigma_g(self, arg: float, /) -> None: ...

    @property
    def rest_age_s(self) -> int: ...

    @rest_age_s.setter
    def rest_age_s(self, arg: int, /) -> None: ...

    @property
    def flags(self) -> int: ...

    @flags.setter
    def flags(self, arg: int, /) -> None: ...

class Ack:
    """Answer to one command."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def command_sequence(self) -> int: ...

    @command_sequence.setter
    def command_sequence(self, arg: int, /) -> None: ...

    @property
    def command(self) -> int: ...

    @command.setter
    def command(self, arg: int, /) -> None: ...

    @property
    def status(self) -> int: ...

    @status.setter
    def status(self, arg: int, /) -> None: ...

    @property
    def data(self) -> bytes: ...

    @data.setter
    def data(self, arg: bytes, /) -> None: ...

class Log:
    """Text for people."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def level(self) -> int: ...

    @level.setter
    def level(self, arg: int, /) -> None: ...

    @property
    def text(self) -> bytes: ...

    @text.setter
    def text(self, arg: bytes, /) -> None: ...

class AskHello:
    """Who are you, and do we speak the same protocol?"""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def oldest(self) -> int: ...

    @oldest.setter
    def oldest(self, arg: int, /) -> None: ...

    @property
    def newest(self) -> int: ...

    @newest.setter
    def newest(self, arg: int, /) -> None: ...

    @property
    def max_packet(self) -> int: ...

    @max_packet.setter
    def max_packet(self, arg: int, /) -> None: ...

class Start:
    """Send these streams from now on."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def streams(self) -> int: ...

    @streams.setter
    def streams(self, arg: int, /) -> None: ...

    @property
    def recognise(self) -> int: ...

    @recognise.setter
    def recognise(self, arg: int, /) -> None: ...

class Stop:
    """Send no more samples."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

class Heartbeat:
    """The host is still there."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

class Identify:
    """Blink."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def seconds(self) -> int: ...

    @seconds.setter
    def seconds(self, arg: int, /) -> None: ...

class TimeProbe:
    """What time is it?"""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def nonce(self) -> int: ...

    @nonce.setter
    def nonce(self, arg: int, /) -> None: ...

class GetCalibration:
    """Which correction is applied?"""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

class Calibration:
    """A correction: acc matrix, acc offset, gyr matrix, gyr offset."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def calibration_id(self) -> bytes: ...

    @calibration_id.setter
    def calibration_id(self, arg: bytes, /) -> None: ...

    @property
    def values(self) -> NDArray[numpy.float32]: ...

    @values.setter
    def values(self, arg: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], /) -> None: ...

    @property
    def known(self) -> int: ...

    @known.setter
    def known(self, arg: int, /) -> None: ...

class GetLabel:
    """What is this class called?"""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def index(self) -> int: ...

    @index.setter
    def index(self, arg: int, /) -> None: ...

class WriteVector:
    """A part of an int8 model input."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def offset(self) -> int: ...

    @offset.setter
    def offset(self, arg: int, /) -> None: ...

    @property
    def bytes(self) -> bytes: ...

    @bytes.setter
    def bytes(self, arg: bytes, /) -> None: ...

class AskSelfTest:
    """Test the model, and say what the sensors have shown (self_test.h)."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

class RunVector:
    """Run the model on the input that was written."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

class Feed:
    """Samples for the recogniser in the place of the sensors', for a test."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def flags(self) -> int: ...

    @flags.setter
    def flags(self, arg: int, /) -> None: ...

    @property
    def device_time_us(self) -> int: ...

    @device_time_us.setter
    def device_time_us(self, arg: int, /) -> None: ...

    @property
    def samples(self) -> bytes: ...

    @samples.setter
    def samples(self, arg: bytes, /) -> None: ...

class ReadInput:
    """A part of the newest model input."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def offset(self) -> int: ...

    @offset.setter
    def offset(self, arg: int, /) -> None: ...

class Reset:
    """Start anew."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

class SetKey:
    """From now on this key proves who may change the board; over USB only."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def key(self) -> bytes: ...

    @key.setter
    def key(self, arg: bytes, /) -> None: ...

    @property
    def flags(self) -> int: ...

    @flags.setter
    def flags(self, arg: int, /) -> None: ...

class Challenge:
    """Prove that you have the key."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def number(self) -> bytes: ...

    @number.setter
    def number(self, arg: bytes, /) -> None: ...

class Sealed:
    """A command of one who has the key."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def counter(self) -> int: ...

    @counter.setter
    def counter(self, arg: int, /) -> None: ...

    @property
    def command(self) -> int: ...

    @command.setter
    def command(self, arg: int, /) -> None: ...

    @property
    def tag(self) -> bytes: ...

    @tag.setter
    def tag(self, arg: bytes, /) -> None: ...

    @property
    def bytes(self) -> bytes: ...

    @bytes.setter
    def bytes(self, arg: bytes, /) -> None: ...

class BeginUpdate:
    """A model package of so many bytes is coming."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def size(self) -> int: ...

    @size.setter
    def size(self, arg: int, /) -> None: ...

    @property
    def sha256(self) -> bytes: ...

    @sha256.setter
    def sha256(self, arg: bytes, /) -> None: ...

class WriteUpdate:
    """A part of the package."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

    @property
    def offset(self) -> int: ...

    @offset.setter
    def offset(self, arg: int, /) -> None: ...

    @property
    def bytes(self) -> bytes: ...

    @bytes.setter
    def bytes(self, arg: bytes, /) -> None: ...

class EndUpdate:
    """That was all: try it."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

class UpdateStatus:
    """Which model runs, and how far an update is?"""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

class RollBack:
    """Go back to the model before."""

    def __init__(self) -> None: ...

    type: Final[int] = ...
    """(arg: object, /) -> int"""

def card(device_id: bytes) -> bytes:
    """What a board shows over Bluetooth before it is talked to."""

def read_card(value: bytes) -> tuple[int, int, bytes]:
    """Oldest and newest protocol, and device id."""

BLE_SERVICE: str = '5eb8ffa9-e3ad-4b28-852e-99d158894218'

BLE_COMMANDS: str = '5eb8ffaa-e3ad-4b28-852e-99d158894218'

BLE_PACKETS: str = '5eb8ffab-e3ad-4b28-852e-99d158894218'

BLE_CARD: str = '5eb8ffac-e3ad-4b28-852e-99d158894218'

PROTOCOL_VERSION: int = 1

MAX_PACKET: int = 244

MIN_PACKET: int = 100

PACKET_OVERHEAD: int = 8

UNKNOWN_COUNT: int = 4294967295

STREAM_IMU: int = 1

STREAM_MAG: int = 2

STREAM_TEMPERATURE: int = 4

STREAM_GESTURES: int = 8

STREAM_SCORES: int = 16

STREAM_DRIFT: int = 32

DRIFT_AT_REST: int = 1

DRIFT_RECALLED: int = 2

FEED_BEGINS: int = 1

FEED_ENDS: int = 2

FEED_SAMPLE_BYTES: int = 14

KEY_IS_SET: int = 1

KEY_IS_PRIVATE: int = 2

MAX_SEALED: int = 223

NEVER_RESTED: int = 65535

class AckStatus(enum.IntEnum):
    DONE = 0

    UNKNOWN_COMMAND = 1

    BAD_ARGUMENT = 2

    UNSUPPORTED_PROTOCOL = 3

    LINK_TOO_NARROW = 4

    BUSY = 5

    FAILED = 6

    FORBIDDEN = 7

class SampleColumns:
    """Samples of consecutive blocks."""

    @property
    def values(self) -> int:
        """6: accelerometer, gyroscope; 3: magnetometer."""

    @property
    def number(self) -> numpy.typing.NDArray[numpy.uint32]:
        """(n,), read-only"""

    @property
    def device_time_us(self) -> numpy.typing.NDArray[numpy.uint32]:
        """(n,), read-only"""

    @property
    def counts(self) -> numpy.typing.NDArray[numpy.int16]:
        """(n, values), read-only"""

class UnknownPacket:
    """A packet of a newer protocol, skipped."""

    @property
    def type(self) -> int: ...

    @property
    def size(self) -> int: ...

class DecoderCounters:
    """What a decoder has seen and refused."""

    @property
    def packets(self) -> int: ...

    @property
    def damaged(self) -> int: ...

    @property
    def unknown(self) -> int: ...

    @property
    def packets_missing(self) -> int: ...

    @property
    def packets_old(self) -> int: ...

class PacketDecoder:
    """Bytes of a link in, packets out; noise is counted, not raised."""

    def __init__(self) -> None: ...

    def feed_stream(self, chunk: bytes) -> list[object]:
        """Take any piece of a byte stream; return the packets it completes."""

    def feed_datagram(self, datagram: bytes) -> list[object]:
        """Take one datagram; return its packets."""

    def restart(self) -> None:
        """Forget the sequence: a new connection begins."""

    @property
    def counters(self) -> DecoderCounters: ...

@overload
def encode(packet: Hello, sequence: int) -> bytes: ...

@overload
def encode(packet: Temperature, sequence: int) -> bytes: ...

@overload
def encode(packet: Gesture, sequence: int) -> bytes: ...

@overload
def encode(packet: Scores, sequence: int) -> bytes: ...

@overload
def encode(packet: Mark, sequence: int) -> bytes: ...

@overload
def encode(packet: Health, sequence: int) -> bytes: ...

@overload
def encode(packet: Ack, sequence: int) -> bytes: ...

@overload
def encode(packet: Log, sequence: int) -> bytes: ...

@overload
def encode(packet: Drift, sequence: int) -> bytes: ...

@overload
def encode(packet: AskHello, sequence: int) -> bytes: ...

@overload
def encode(packet: Start, sequence: int) -> bytes: ...

@overload
def encode(packet: Stop, sequence: int) -> bytes: ...

@overload
def encode(packet: Heartbeat, sequence: int) -> bytes: ...

@overload
def encode(packet: Identify, sequence: int) -> bytes: ...

@overload
def encode(packet: TimeProbe, sequence: int) -> bytes: ...

@overload
def encode(packet: GetCalibration, sequence: int) -> bytes: ...

@overload
def encode(packet: Calibration, sequence: int) -> bytes: ...

@overload
def encode(packet: GetLabel, sequence: int) -> bytes: ...

@overload
def encode(packet: WriteVector, sequence: int) -> bytes: ...

@overload
def encode(packet: RunVector, sequence: int) -> bytes: ...

@overload
def encode(packet: Feed, sequence: int) -> bytes: ...

@overload
def encode(packet: ReadInput, sequence: int) -> bytes: ...

@overload
def encode(packet: AskSelfTest, sequence: int) -> bytes: ...

@overload
def encode(packet: Reset, sequence: int) -> bytes: ...

@overload
def encode(packet: SetKey, sequence: int) -> bytes: ...

@overload
def encode(packet: Challenge, sequence: int) -> bytes: ...

@overload
def encode(packet: Sealed, sequence: int) -> bytes: ...

@overload
def encode(packet: BeginUpdate, sequence: int) -> bytes: ...

@overload
def encode(packet: WriteUpdate, sequence: int) -> bytes: ...

@overload
def encode(packet: EndUpdate, sequence: int) -> bytes: ...

@overload
def encode(packet: UpdateStatus, sequence: int) -> bytes: ...

@overload
def encode(packet: RollBack, sequence: int) -> bytes: ...

def frame(packet: bytes) -> bytes:
    """A packet as a COBS frame, closing zero included."""

def crc32(data: bytes) -> int: ...

class Flash:
    """Flash of a board, in memory, whose power may fail."""

    def __init__(self, pages: int = 2) -> None: ...

    def cut_after(self, bytes: int) -> None:
        """
        Power fails once so many more bytes were written or erased; -1: it does not.
        """

    @property
    def content(self) -> bytes: ...

    @content.setter
    def content(self, arg: bytes, /) -> None: ...

    @property
    def erases(self) -> int:
        """Pages erased so far."""

class FlashLog:
    """The newest of a row of records (flash_log.h)."""

    def __init__(self, flash: Flash) -> None: ...

    def load(self) -> bytes | None:
        """The newest whole record. Call first."""

    def append(self, record: bytes) -> bool:
        """False when the flash refused."""

def model_package(params: FirmwareParams, labels: Sequence[str], model_id: bytes, arena_bytes: int, golden: numpy.typing.NDArray[numpy.int8], scores: numpy.typing.NDArray[numpy.int8], model: bytes) -> bytes:
    """
    A model with everything the firmware must know of it (model_package.h).

    model_id: (8,) bytes; golden: (n, samples, channels) int8 inputs; scores: (n, outputs) int8, what the
    model gives for them; model: a flatbuffer.
    """

def package_problem(package: bytes, capacity: int = 256, arena_bytes: int = 1048576) -> int:
    """0 where a board with so much room can run it, else a PackageProblem."""

def sha256(data: bytes) -> bytes: ...

def hmac_sha256(key: bytes, data: bytes) -> bytes: ...

MODEL_ROOM: int = 32512

class ModelProof:
    """What a board tests its model with."""

    def __init__(self, model: bytes, crc: int, inputs: numpy.typing.NDArray[numpy.int8], scores: numpy.typing.NDArray[numpy.int8]) -> None:
        """
        The flatbuffer in its flash, the CRC-32 that it must have, inputs (n, samples, channels) and the scores
        (n, classes) that they must have.
        """

class SelfTestParams:
    """Where a board's sensors cannot be believed; see `self_test.h`."""

    def __init__(self) -> None: ...

    @property
    def rate_error(self) -> float: ...

    @property
    def gravity_error_g(self) -> float: ...

    def offset_limit_dps(self, board_revision: int) -> float: ...

class Device:
    """
    The board's side of the protocol: samples and commands in, packets out.
    """

    def __init__(self, identity: Hello, labels: Sequence[str], firmware: Firmware | None, heartbeat_timeout_us: int = 3000000, open_model: Callable[[bytes], Callable[[numpy.typing.NDArray[numpy.int8]], numpy.typing.NDArray[numpy.int8]] | None] | None = None, arena_bytes: int = 16384, proof: ModelProof | None = None) -> None:
        """
        open_model: makes a classifier of a flatbuffer that came over a link, None where it cannot; without it
        the board takes no models. arena_bytes: what it has for tensors. proof: what it tests its model with.
        """

    def take(self, device_time_us: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], counts: Annotated[NDArray[numpy.int16], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> None:
        """Inertial samples: (n,) int64 and (n, 6) int16."""

    def take_mag(self, device_time_us: Annotated[NDArray[numpy.int64], dict(shape=(None,), order='C', device='cpu', writable=False)], counts: Annotated[NDArray[numpy.int16], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> None:
        """Magnetometer samples: (n,) int64 and (n, 3) int16."""

    def take_temperature(self, device_time_us: int, centi_c: int) -> None: ...

    def lose(self, samples: int) -> None:
        """So many samples were overwritten in the sensor."""

    def mark(self, device_time_us: int, kind: int) -> None: ...

    def say(self, level: int, text: str) -> None: ...

    def link_up(self, max_packet: int, block_age_us: int, now_us: int, trusted: bool = True) -> None:
        """trusted: only somebody who holds the board can be at the other end."""

    def link_down(self) -> None: ...

    def receive_stream(self, chunk: bytes, now_us: int) -> None: ...

    def receive_datagram(self, datagram: bytes, now_us: int) -> None: ...

    def poll(self, now_us: int) -> None:
        """Do what is due with time."""

    def transmit(self) -> bytes | None:
        """Take the oldest packet to send; None when there is none."""

    def reset(self) -> None:
        """Start anew; only the boot record and what is in flash survive."""

    @property
    def flash(self) -> Flash:
        """What it remembers without power."""

    def use_arena(self, bytes: int) -> None:
        """What the model is said to need for tensors."""

    @property
    def streaming(self) -> bool: ...

    @property
    def identifying(self) -> bool: ...

    @property
    def reset_requested(self) -> bool: ...

    @property
    def health(self) -> Health: ...

def sine_cosine(radians: numpy.typing.NDArray[numpy.float32]) -> tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32]]:
    """Sine and cosine of (n,) angles as the board computes them."""

def arc_tangent(y: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], x: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> NDArray[numpy.float32]:
    """Angles of (n,) points, -pi to pi."""

def low_pass(values: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], step_s: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], tau_s: float) -> NDArray[numpy.float32]:
    """
    Second-order Butterworth low-pass (low_pass.h).

    values: (n, 3) float32; step_s: (n,) float32, time since the value before.
    """

class Orientation:
    """
    Orientation and gyroscope offset, sample by sample (orientation.h).

    Attitudes are unit quaternions (w, x, y, z) from the board's frame to one with z up.
    """

    @overload
    def __init__(self, params: OrientationParams) -> None: ...

    @overload
    def __init__(self) -> None: ...

    def state(self) -> bytes:
        """Everything remembered, as bytes."""

    def restore(self, saved: bytes) -> None:
        """Go on from `state()`, with the same bits."""

    def run(self, device_time_us: numpy.typing.NDArray[numpy.int64], acc_g: numpy.typing.NDArray[numpy.float32], gyr_dps: numpy.typing.NDArray[numpy.float32], mag_time_us: numpy.typing.NDArray[numpy.int64] | None = None, mag_ut: numpy.typing.NDArray[numpy.float32] | None = None) -> tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.uint8], numpy.typing.NDArray[numpy.uint8]]:
        """
        Take in samples; may be called again with those that follow.

        device_time_us: (n,) int64; acc_g, gyr_dps: (n, 3) float32; mag_time_us: (m,) int64 and mag_ut:
        (m, 3) float32, new readings only. Returns, after each inertial sample: six-axis and nine-axis
        attitude (n, 4), gyroscope offset in deg/s (n, 3), its standard deviation (n,), whether the board
        is at rest (n,) and whether the magnetic field is disturbed (n,).
        """

    def zero_heading(self) -> None:
        """Count the six-axis heading from where the board points."""

    def know_bias(self, bias_dps: Sequence[float], sigma_dps: float) -> None:
        """Start from an offset measured before."""

    @property
    def params(self) -> OrientationParams: ...

    @property
    def bias_dps(self) -> NDArray[numpy.float32]: ...

    @property
    def bias_sigma_dps(self) -> float: ...

    @property
    def rest_seen(self) -> bool:
        """False: the offset was never measured at rest."""

    @property
    def gaps(self) -> int: ...

    @property
    def unusable(self) -> int: ...

    @property
    def out_of_order(self) -> int: ...

def gravity_g(attitude: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> NDArray[numpy.float32]:
    """
    What an accelerometer at rest reads in (n, 4) attitudes: (n, 3), in g, in the board's frame.
    """

def linear_acceleration_g(attitude: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], acc_g: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> NDArray[numpy.float32]:
    """
    How the board is accelerated, in its own frame: readings (n, 3) without gravity.
    """

class MagFit(enum.IntEnum):
    """What became of an attempt to calibrate the magnetometer."""

    NONE = 0
    """Nothing to fit yet."""

    ACCEPTED = 1

    REFINED = 2
    """A good fit, close to the one in use."""

    TOO_FEW_READINGS = 3

    TOO_FEW_DIRECTIONS = 4
    """Turn the board about all axes."""

    NOT_EARTHS_FIELD = 5
    """Iron or a magnet nearby, or wrong units."""

    POOR_FIT = 6
    """Readings do not lie on an ellipsoid: a changing field."""

class MagCalibratorParams:
    """When a calibration of the magnetometer is accepted."""

    def __init__(self, *, step_ut: float = ..., memory_readings: float = ..., min_readings: float = ..., every_readings: float = ..., min_field_ut: float = ..., max_field_ut: float = ..., max_axis_ratio: float = ..., max_residual: float = ..., min_coverage: float = ..., min_pivot: float = ..., change_ut: float = ...) -> None: ...

    @property
    def step_ut(self) -> float:
        """A reading this far from the last one used is used."""

    @property
    def memory_readings(self) -> float:
        """After so many more, a reading counts a third."""

    @property
    def min_readings(self) -> float:
        """Readings that a fit needs."""

    @property
    def every_readings(self) -> float:
        """Readings used between two fits."""

    @property
    def min_field_ut(self) -> float:
        """Weakest field of the earth."""

    @property
    def max_field_ut(self) -> float:
        """Strongest field of the earth."""

    @property
    def max_axis_ratio(self) -> float:
        """Of the longest to the shortest axis."""

    @property
    def max_residual(self) -> float:
        """Root mean square, relative to the field."""

    @property
    def min_coverage(self) -> float:
        """Of the directions: 1 for a whole sphere."""

    @property
    def min_pivot(self) -> float:
        """Conditioning of the equations."""

    @property
    def change_ut(self) -> float:
        """A fit that moves the offset by more is a new one."""

class MagCalibrator:
    """
    Hard and soft iron, found while the board is turned about (mag_calibrator.h).
    """

    @overload
    def __init__(self, params: MagCalibratorParams) -> None: ...

    @overload
    def __init__(self) -> None: ...

    def run(self, mag_ut: numpy.typing.NDArray[numpy.float32]) -> tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.uint8]]:
        """
        Take in raw readings (n, 3); returns them corrected, and what came of each (n,): `MagFit`.
        """

    def know(self, correction: AffineParams) -> None:
        """Start from a correction found before."""

    @property
    def correction(self) -> AffineParams: ...

    @property
    def accepted(self) -> bool: ...

    @property
    def verdict(self) -> MagFit: ...

    @property
    def coverage(self) -> float:
        """Of the last attempt: 1 for a whole sphere of directions."""

    @property
    def residual(self) -> float: ...

    @property
    def pivot(self) -> float: ...

    @property
    def field_ut(self) -> float: ...

    def state(self) -> bytes:
        """Everything remembered, as bytes."""

    def restore(self, saved: bytes) -> None:
        """Go on from `state()`, with the same bits."""

class DriftParams:
    """Parameters of `DriftCorrection`."""

    def __init__(self, calibration: CalibrationParams | None = None, orientation: OrientationParams | None = None, rest: RestLearningParams | None = None, magnetometer: MagCalibratorParams | None = None) -> None: ...

class DriftCorrection:
    """
    Corrects raw samples while they stream, and learns (drift_correction.h).
    """

    @overload
    def __init__(self, params: DriftParams) -> None: ...

    @overload
    def __init__(self) -> None: ...

    def state(self) -> bytes:
        """Everything remembered, as bytes."""

    def restore(self, saved: bytes) -> None:
        """Go on from `state()`, with the same bits."""

    def run(self, device_time_us: numpy.typing.NDArray[numpy.int64], acc_g: numpy.typing.NDArray[numpy.float32], gyr_dps: numpy.typing.NDArray[numpy.float32], mag_time_us: numpy.typing.NDArray[numpy.int64] | None = None, mag_ut: numpy.typing.NDArray[numpy.float32] | None = None, temperature_c: numpy.typing.NDArray[numpy.float32] | None = None) -> tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.uint8]]:
        """
        Take in raw samples; may be called again with those that follow.

        As `Orientation.run`, with a temperature beside each sample (n,) where the board has one. Returns
        corrected acc_g and gyr_dps (n, 3), six-axis and nine-axis attitude (n, 4), and whether the board is
        at rest (n,).
        """

    def know_magnetometer(self, correction: AffineParams) -> None:
        """Start from a calibration found before."""

    def zero_heading(self) -> None:
        """Count the six-axis heading from where the board points."""

    @property
    def bias_dps(self) -> NDArray[numpy.float32]: ...

    @property
    def bias_sigma_dps(self) -> float: ...

    @property
    def rest_seen(self) -> bool: ...

    @property
    def accelerometer(self) -> AffineParams: ...

    @property
    def accelerometer_good(self) -> bool: ...

    @property
    def accelerometer_sigma_g(self) -> float: ...

    @property
    def poses(self) -> int: ...

    @property
    def magnetometer(self) -> AffineParams: ...

    @property
    def magnetometer_known(self) -> bool: ...

    @property
    def slope_dps_per_c(self) -> NDArray[numpy.float32]: ...

    @property
    def slope_sigma_dps_per_c(self) -> float: ...

    @property
    def slope_good(self) -> bool: ...
