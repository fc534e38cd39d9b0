"""What is wrong with readings, told while they are being recorded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.look import look
from imu_gesture.recording.problem import Kind, Problem, Severity
from imu_gesture.recording.timing import timing
from imu_gesture.recording.timing_problems import rate_problems
from imu_gesture.samples import Samples, concatenate

_LOOK_EVERY_US = 1_000_000
_LOOK_BACK_US = 4_000_000


class LiveQuality:
    """Looks at the newest seconds by the rules of `quality`; tells each kind of problem once.

    What is lost, and when, the link tells by itself.
    """

    def __init__(self, info: RecordingInfo) -> None:
        self._info = info
        self._parts: list[Samples] = []
        self._origin_us: int | None = None
        self._next_look_us = 0
        self._told: set[tuple[Kind, Severity]] = set()

    def update(self, samples: Samples) -> list[Problem]:
        """Take the next samples; returns what has not been told before."""
        if len(samples) == 0:
            if self._parts:
                self._parts.append(samples)
            return []
        newest_us = int(samples.device_time_us[-1])
        if self._origin_us is None:
            self._origin_us = int(samples.device_time_us[0])
        if (
            not self._parts or newest_us < self._next_look_us - _LOOK_BACK_US
        ):  # or a clock went back
            self._parts = []
            self._next_look_us = int(samples.device_time_us[0]) + _LOOK_BACK_US
        self._parts.append(samples)
        if newest_us < self._next_look_us:
            return []
        self._next_look_us = newest_us + _LOOK_EVERY_US
        recent = _newest(concatenate(self._parts), newest_us - _LOOK_BACK_US)
        self._parts = [recent]
        return [problem for problem in self._problems(recent) if self._is_new(problem)]

    def _problems(self, samples: Samples) -> list[Problem]:
        finite = np.isfinite(samples.acc_g) & np.isfinite(samples.gyr_or_zero_dps)
        samples = samples.rows(finite.all(axis=1))
        if len(samples) < 2:
            return []
        time = timing(samples, self._info, self._origin_us)
        return [*rate_problems(time), *look(samples, time, self._info).problems(self._info)]

    def _is_new(self, problem: Problem) -> bool:
        key = problem.kind, problem.severity
        is_new = key not in self._told
        self._told.add(key)
        return is_new


def _newest(samples: Samples, since_us: int) -> Samples:
    part = samples.rows(samples.device_time_us >= since_us)
    mag = samples.mag_time_us >= since_us
    return replace(part, mag_time_us=samples.mag_time_us[mag], mag_ut=samples.mag_ut[mag])
