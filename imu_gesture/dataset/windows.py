"""From samples to rows at the model rate, and the window a model looks at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.dataset.front_end import FrontEndName
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.errors import DatasetError
from imu_gesture.link.link import TemperatureMeasured
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.samples import Float32Array, Int64Array, Samples, concatenate

MAX_RATE_HZ = 50.0  # hand gestures have little above 20 Hz
_ROW_STEP = 8  # windows are a multiple of this, so that three strides of two leave whole rows
_FEWEST_ROWS = 16
_LONGEST_ROWS = 128
_HOP_S = 0.1
_COVERED = 85  # of 100 gestures; a longer window holds more of what is not the gesture
_MARGIN_SHARE = 4


@dataclass(frozen=True)
class WindowSpec:
    """The model's time base, `samples` rows of `period_us` a window; and what it sees of them.

    A window is classified every `hop_samples` rows, or, with `motion`, once after each motion.
    """

    period_us: int
    samples: int
    hop_samples: int
    channels: int
    front_end: FrontEndName = "sensor"
    motion: _core.MotionParams | None = field(default=None, repr=False)

    @property
    def separate(self) -> bool:
        """Whether each window is decided by itself."""
        return self.motion is not None

    @property
    def rate_hz(self) -> float:
        """Rows per second."""
        return 1e6 / self.period_us

    @property
    def duration_s(self) -> float:
        """Time that a window covers."""
        return self.samples * self.period_us * 1e-6

    @property
    def hop_s(self) -> float:
        """Time between two hops."""
        return self.hop_samples * self.period_us * 1e-6

    @property
    def margin(self) -> int:
        """Rows of context kept on either side of a window, for shifts and warps in training."""
        return self.samples // _MARGIN_SHARE

    def conditioner(self) -> _core.ConditionerParams:
        """The core's parameters for this time base, for samples that are corrected."""
        return _core.ConditionerParams(self.period_us, self.channels)

    def window(self) -> _core.WindowParams:
        """The core's window parameters."""
        return _core.WindowParams(self.samples, self.hop_samples, self.motion)


@dataclass(frozen=True, eq=False)
class Run:
    """A stretch of samples without a gap, and the same as the core hands it to the window stage.

    What lies before and after a run is unknown; its first and last reading are held there for
    a window, so that a gesture at its very edge still gets a window of its own.

    Attributes:
        first_us, last_us: device time of the first and last sample that were taken.
        padded: the samples, corrected, with the held readings.
        rows: (m, channels) float32 in g and deg/s at the model rate.
        end_us: (m,) int64 device time of the end of each row's period.
        due: (k,) int64 first row of each window that the firmware would classify.
    """

    first_us: int
    last_us: int
    padded: Samples
    rows: Float32Array
    end_us: Int64Array
    due: Int64Array

    @property
    def inside(self) -> NDArray[np.bool_]:
        """(n,) True for those of `padded` that were taken."""
        times_us = self.padded.device_time_us
        return (times_us >= self.first_us) & (times_us <= self.last_us)

    def row_at(self, time_us: int) -> int:
        """The row in whose period a device time lies."""
        return int(np.searchsorted(self.end_us, time_us))


def runs_of(samples: Samples, spec: WindowSpec) -> list[Run]:
    """Cut corrected samples at their gaps and run each part through the core."""
    params = spec.conditioner()
    gaps = np.flatnonzero(np.diff(samples.device_time_us) > params.max_gap_us) + 1
    edges = [0, *gaps.tolist(), len(samples)]
    return [
        _run(samples.rows(slice(start, stop)), spec, params)
        for start, stop in pairwise(edges)
        if stop - start > 1
    ]


def corrected(labelled: LabelledRecording) -> Samples:
    """Samples as the board would have corrected them, by its calibration and what rests teach.

    Rests teach from the first sample on, as after power-up, across gaps.
    """
    samples = labelled.recording.samples
    if samples.gyr_dps is None:
        acc_g = _core.apply_affine(labelled.calibration.acc, samples.acc_g)
        return replace(samples, acc_g=acc_g)
    acc_g, gyr_dps, _, _ = _core.InertialCorrection(labelled.calibration).run(
        samples.device_time_us, samples.acc_g, samples.gyr_dps, temperature_c(labelled.recording)
    )
    return replace(samples, acc_g=acc_g, gyr_dps=gyr_dps)


def temperature_c(recording: Recording) -> Float32Array:
    """(n,) float32 newest temperature at each sample; not a number before there is one."""
    measured = [e for e in recording.events if isinstance(e, TemperatureMeasured)]
    times_us = [event.device_time_us for event in measured]
    newest = np.searchsorted(times_us, recording.samples.device_time_us, side="right")
    return np.array([np.nan, *(event.celsius for event in measured)], np.float32)[newest]


def _run(samples: Samples, spec: WindowSpec, params: _core.ConditionerParams) -> Run:
    padded = _hold_ends(samples, (spec.samples + spec.margin + 1) * spec.period_us)
    rows, end_us, _, _ = _core.condition(
        params, padded.device_time_us, padded.acc_g, padded.gyr_or_zero_dps
    )
    first_us, last_us = samples.device_time_us[[0, -1]].tolist()
    due = _core.due_windows(spec.window(), spec.period_us, rows)
    return Run(first_us, last_us, padded, rows, end_us, due)


def _hold_ends(samples: Samples, hold_us: int) -> Samples:
    """Repeat the first and the last reading at the run's own rate."""
    step_us = max(1, int(np.median(np.diff(samples.device_time_us))))
    n = -(-hold_us // step_us)
    held = samples.rows(np.repeat([0, len(samples) - 1], n))
    before = samples.device_time_us[0] - step_us * np.arange(n, 0, -1)
    after = samples.device_time_us[-1] + step_us * np.arange(1, n + 1)
    times_us = np.concatenate([before, after])
    parts = [replace(held, device_time_us=times_us), samples]
    whole = concatenate(parts)
    return whole.rows(np.argsort(whole.device_time_us, kind="stable"))


def choose_window(
    recordings: list[LabelledRecording],
    rate_hz: float | None = None,
    duration_s: float | None = None,
    front_end: FrontEndName = "sensor",
) -> WindowSpec:
    """A time base that suits the recordings; a rate or a duration that is given is kept.

    The rate is that of the sensor, but at most 50 Hz; the window is as long as the gesture that
    85 of 100 do not exceed, rounded to eight rows.

    Raises:
        DatasetError: no gesture is labelled, gestures are too short to tell apart, or the front end
            needs a gyroscope.
    """
    gestures_s = [label.end_s - label.start_s for r in recordings for label in r.gestures]
    if not gestures_s:
        raise DatasetError("no gesture is labelled in any recording, so there is nothing to learn")
    rate_hz = rate_hz or min(MAX_RATE_HZ, round(_source_hz(recordings)))
    return WindowSpec(
        period_us=round(1e6 / rate_hz),
        samples=_rows(duration_s or float(np.percentile(gestures_s, _COVERED)), rate_hz),
        hop_samples=max(1, round(_HOP_S * rate_hz)),
        channels=_channels(recordings, front_end),
        front_end=front_end,
    )


def _source_hz(recordings: list[LabelledRecording]) -> float:
    """The median of the recordings' rates."""
    steps_us = [np.median(np.diff(r.recording.samples.device_time_us)) for r in recordings]
    source_hz = float(np.median(1e6 / np.array(steps_us)))
    if source_hz * _core.DEFAULT_MAX_GAP_US < 1e6:
        raise DatasetError(
            f"{source_hz:.1f} samples a second are too few for gestures; record with "
            f"{1e6 / _core.DEFAULT_MAX_GAP_US:.0f} or more"
        )
    return source_hz


def _rows(wanted_s: float, rate_hz: float) -> int:
    """A window's rows for gestures of that length."""
    rows = min(_LONGEST_ROWS, _ROW_STEP * round(wanted_s * rate_hz / _ROW_STEP))
    if rows < _FEWEST_ROWS:
        raise DatasetError(
            f"gestures of {wanted_s:.2f} s are {rows} rows at {rate_hz:g} Hz, fewer than "
            f"{_FEWEST_ROWS}; choose a longer window or a higher rate"
        )
    return rows


def _channels(recordings: list[LabelledRecording], front_end: FrontEndName) -> int:
    """Those that all recordings have."""
    deaf = [r.name for r in recordings if r.recording.samples.gyr_dps is None]
    if deaf and front_end != "sensor":
        raise DatasetError(
            f"{deaf[0]}: recorded without gyroscope, which --front-end {front_end} needs; leave "
            "the recording out, or use --front-end sensor"
        )
    return _core.AXES if deaf else _core.MAX_CHANNELS
