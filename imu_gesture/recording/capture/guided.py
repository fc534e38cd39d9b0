"""Repeats of a gesture, one after the other."""

from __future__ import annotations

from collections.abc import Callable

from imu_gesture.device import DeviceInfo
from imu_gesture.errors import RecordingError
from imu_gesture.labels import BACKGROUND
from imu_gesture.recording.activity import active_part, stands_still
from imu_gesture.recording.capture.desk import Desk
from imu_gesture.recording.capture.guide import COUNTDOWN_S, Guide
from imu_gesture.recording.capture.plan import CapturePlan
from imu_gesture.recording.capture.stream import Stream
from imu_gesture.recording.capture.track import Track
from imu_gesture.recording.readings import inertial_sensors
from imu_gesture.samples import Samples

_MOST_STILL = 3  # repeats in a row in which nothing moved
_SOME_CLIPPED = 0.05  # of a gesture's samples; a peak that lacks a few keeps its shape


class Repeats(Guide):
    """Each repeat is labelled where the hand moved; one in which it did not is asked for again."""

    def __init__(
        self,
        stream: Stream,
        track: Track,
        plan: CapturePlan,
        desk: Desk,
        cue: Callable[[str], None],
    ) -> None:
        super().__init__(stream, track, plan, desk, cue)
        self._number = 1  # of the present repeat
        self._still = 0

    @property
    def _finished(self) -> bool:
        return self._number > self._plan.repeats

    @property
    def _title(self) -> str:
        return f"{self._plan.label} ({self._number} of {self._plan.repeats})"

    @property
    def _own_s(self) -> float:
        return self._plan.seconds

    @property
    def _later_s(self) -> float:
        return (self._plan.repeats - self._number) * (COUNTDOWN_S + self._plan.seconds)

    def _perform(self) -> None:
        stream, recorder = self._stream, self._stream.recorder
        self._count_down()
        lost, gaps = recorder.lost, len(recorder.gaps)
        stream.left_s = self._later_s
        samples = stream.take(self._plan.seconds)
        if len(recorder.gaps) > gaps:
            self._desk.tell("the board was away in between; once more")
        elif stands_still(samples):
            self._complain_of_stillness()
        else:
            self._keep(samples, recorder.lost - lost)

    def _take_back(self) -> None:
        if not self._going and self._track.labels:
            self._track.remove_last()
            self._number -= 1

    def _complain_of_stillness(self) -> None:
        self._still += 1
        if self._still == _MOST_STILL:
            raise RecordingError(
                f"nothing moved in {_MOST_STILL} repeats of {self._plan.label}; is this the board "
                "in your hand? Movements that are no gesture, and rest, belong to --label "
                f"{BACKGROUND}"
            )
        self._desk.tell("nothing moved; once more, after `go`")

    def _keep(self, samples: Samples, lost: int) -> None:
        """Label it, and say what is wrong with it."""
        self._still = 0
        start_us, end_us = active_part(samples)
        recorder, times_us = self._stream.recorder, samples.device_time_us
        self._track.add(recorder.label(start_us, end_us, self._plan.label))
        self._desk.done(f"{self._title}: {(end_us - start_us) * 1e-6:.1f} s")
        self._number += 1
        if lost:
            self._desk.tell(f"{lost} samples of it were lost; r takes it again")
        gesture = samples.rows((times_us >= start_us) & (times_us < end_us))
        for name in clipped_sensors(gesture, recorder.device):
            self._desk.tell(f"the {name} was at its range; with less vigour, r takes it again")


def clipped_sensors(samples: Samples, device: DeviceInfo) -> list[str]:
    """Names of the sensors that stood at their range in more than a few of the samples."""
    names = {"acc": "accelerometer", "gyr": "gyroscope"}
    return [
        names[sensor.name]
        for sensor in inertial_sensors(samples, device.acc_range_g, device.gyr_range_dps)
        if sensor.full_scale is not None and sensor.clipped.any(axis=1).mean() > _SOME_CLIPPED
    ]
