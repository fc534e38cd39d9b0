"""What is wrong with times and numbers, and from where on it matters."""

from __future__ import annotations

from collections.abc import Iterator

from imu_gesture import _core
from imu_gesture.recording.problem import Problem, Severity, found
from imu_gesture.recording.timing import Timing

# A gesture of a second at 119 Hz that misses one sample in twenty has five or six kinks of 17 ms,
# which a model learns along with it. Below that the core's straight lines bridge what is missing.
_MOST_LOST = 0.05
# One sample in a thousand: of gestures of a second, one in eight misses a single sample.
_FEW_LOST = 0.001
# A time that is wrong by a fifth of 8.4 ms shifts a movement of 5 Hz by 5 % of its size, which is
# what people vary by. Millisecond clocks and quantised steps stay well below it.
_MOST_JITTER = 0.2
_MOST_LATE = 0.02
# A healthy LSM9DS1 may be off by 5 %; twice that is another setting.
_MOST_RATE_ERROR = 0.1


def timing_problems(time: Timing) -> Iterator[Problem]:
    """Everything that is wrong with times and numbers."""
    if len(time.step_us):
        yield from _order(time)
        yield from _missing(time)
        yield from _unevenness(time)
        yield from rate_problems(time)


def _order(time: Timing) -> Iterator[Problem]:
    n = len(time.step_us)
    if time.backward.any():
        yield found(
            _by_share(time.backward.mean()),
            "time order",
            f"{time.backward.sum()} of {n + 1} samples are earlier than one before them",
            "the board restarted or times are mixed up, and these samples are ignored; record "
            "again, and start a new recording after each restart",
            time.first_s(time.backward),
        )
    if time.duplicate.any():
        yield found(
            _by_share(time.duplicate.mean()),
            "duplicate times",
            f"{time.duplicate.sum()} of {n + 1} samples have the time of the one before them",
            "they are ignored; each sample needs a time of its own, not that of its packet",
            time.first_s(time.duplicate),
        )


def _missing(time: Timing) -> Iterator[Problem]:
    lost, n = int(time.lost.sum()), len(time.step_us) + 1
    if lost > _FEW_LOST * n:
        bridged = int(time.lost[~time.gaps].sum())
        yield found(
            _by_share(bridged / (n + bridged)),
            "lost samples",
            f"{lost} of {n + lost} samples are missing by number, {lost - bridged} of them in gaps",
            "move closer to the receiver or use USB, and record again what was hit",
            time.first_s(time.lost > 0),
        )
    if time.silent.any():
        yield found(
            "warning",
            "silence",
            f"no samples, and yet no number missing, {time.silent.sum()} time(s), for up to "
            f"{time.step_us[time.silent].max() * 1e-6:.2f} s",
            "the sensor or board paused; a gesture that such a silence cuts is to be recorded "
            "again",
            time.first_s(time.silent),
        )


def _unevenness(time: Timing) -> Iterator[Problem]:
    late = float(time.late.mean())
    if late > _MOST_LATE:
        yield found(
            "warning",
            "uneven times",
            f"{late:.1%} of the samples come late without a missing number",
            "the board reads its sensor too seldom; take work out of its loop",
            time.first_s(time.late),
        )
    elif (time.jitter_us or 0.0) > _MOST_JITTER * time.period_us:
        yield found(
            "warning",
            "uneven times",
            f"steps of {time.period_us:.0f} µs vary by {time.jitter_us:.0f} µs throughout",
            "take times on the board when the sensor is read, not on the computer",
        )


def rate_problems(time: Timing) -> Iterator[Problem]:
    """Too slow for gestures, or not the rate that is stated."""
    slowest_hz = 1e6 / _core.DEFAULT_MAX_GAP_US
    error_ppm = time.clock_error_ppm or 0.0
    if time.rate_hz < slowest_hz:
        yield found(
            "bad",
            "rate",
            f"{time.rate_hz:.2f} samples a second, where gestures need {slowest_hz:g} or more",
            "record faster; for imported files, give the unit of their times with --time-unit",
        )
    elif abs(error_ppm) > _MOST_RATE_ERROR * 1e6:
        yield found(
            "warning",
            "rate",
            f"stated {time.stated_rate_hz:g} Hz, measured {time.rate_hz:.2f} Hz throughout",
            "measured times are used; check the sensor's rate setting and the unit of the times",
        )


def _by_share(share: float) -> Severity:
    return "bad" if share > _MOST_LOST else "warning"
