"""3, 2, 1, go: repeats of a gesture one after the other, or one stretch of background."""

from __future__ import annotations

from collections.abc import Callable

from imu_gesture.device import DeviceInfo
from imu_gesture.errors import RecordingError
from imu_gesture.labels import BACKGROUND
from imu_gesture.recording.activity import active_part, stands_still
from imu_gesture.recording.capture.desk import Desk, Key, KeyPressed
from imu_gesture.recording.capture.plan import CapturePlan
from imu_gesture.recording.capture.stream import Stream
from imu_gesture.recording.capture.track import Track
from imu_gesture.recording.readings import inertial_sensors
from imu_gesture.samples import Samples

_COUNTDOWN = ("3", "2", "1")
_COUNT_S = 0.7
_SETTLE_S = 1.0
_PAUSE_STEP_S = 0.2
_BACKGROUND_PIECE_S = 5.0
_BACKGROUND_ADVICE = "; move and rest as you like, but none of the gestures"
_MOST_STILL = 3  # repeats in a row in which nothing moved
_SOME_CLIPPED = 0.05  # of a gesture's samples; a peak that lacks a few keeps its shape


class Guide:
    """Follows a plan; each label is there as soon as its stretch is recorded.

    Args:
        stream, track: where samples come from, and labels go.
        cue: has whoever holds the board perform a gesture, where the screen does not.
    """

    def __init__(
        self,
        stream: Stream,
        track: Track,
        plan: CapturePlan,
        desk: Desk,
        cue: Callable[[str], None],
    ) -> None:
        self._stream, self._track, self._plan, self._desk = stream, track, plan, desk
        self._cue = cue
        self._number = 1  # of the present repeat
        self._going = False  # between "go" and its end
        self._still = 0
        self._background_left_s = plan.seconds

    def run(self) -> None:
        """To the end of the plan.

        Raises:
            LinkError, RecordingError: the board is lost or lies still, or the disk is full.
        """
        self._obey(self._settle)
        while not self._finished:
            self._obey(self._background if self._plan.is_background else self._repeat)

    @property
    def _finished(self) -> bool:
        if self._plan.is_background:
            return self._background_left_s <= 0
        return self._number > self._plan.repeats

    @property
    def _title(self) -> str:
        if self._plan.is_background:
            return BACKGROUND
        return f"{self._plan.label} ({self._number} of {self._plan.repeats})"

    def _obey(self, step: Callable[[], None]) -> None:
        """Do a step, or what the person rather wants."""
        try:
            step()
        except KeyPressed as pressed:
            self._on_key(pressed.key)
        finally:
            self._going = False

    def _on_key(self, key: Key) -> None:
        if key == "retake":
            self._retake()
            return
        self._desk.prompt("paused; p goes on")
        self._stream.doing = "paused"
        while True:
            try:
                self._stream.left_s = None
                self._stream.take(_PAUSE_STEP_S)
            except KeyPressed as pressed:
                if pressed.key == "pause":
                    return
                self._retake()

    def _retake(self) -> None:
        if self._plan.is_background:
            while self._track.labels:
                self._track.remove_last()
            self._background_left_s = self._plan.seconds
        elif not self._going and self._track.labels:
            self._track.remove_last()
            self._number -= 1
        self._desk.tell(f"once more: {self._title}")

    def _settle(self) -> None:
        self._stream.doing = self._title
        self._stream.left_s = self._later_s + len(_COUNTDOWN) * _COUNT_S + self._own_s
        self._stream.take(_SETTLE_S)

    def _count_down(self) -> None:
        """3, 2, 1, go."""
        self._stream.doing = self._title
        for number, count in enumerate(_COUNTDOWN, start=1):
            self._desk.prompt(count)
            counts_s = (len(_COUNTDOWN) - number) * _COUNT_S
            self._stream.left_s = self._later_s + counts_s + self._own_s
            self._stream.take(_COUNT_S)
        advice = _BACKGROUND_ADVICE if self._plan.is_background else ""
        self._desk.prompt(f"go: {self._title}{advice}")
        self._cue(self._plan.label)

    @property
    def _own_s(self) -> float:
        """From "go" to the end of the present repeat, or of background."""
        return self._background_left_s if self._plan.is_background else self._plan.seconds

    @property
    def _later_s(self) -> float:
        """What the repeats after the present one take, if all goes well."""
        if self._plan.is_background:
            return 0.0
        each_s = len(_COUNTDOWN) * _COUNT_S + self._plan.seconds
        return (self._plan.repeats - self._number) * each_s

    def _repeat(self) -> None:
        stream, recorder = self._stream, self._stream.recorder
        self._count_down()
        lost, gaps = recorder.lost, len(recorder.gaps)
        self._going = True
        stream.left_s = self._later_s
        samples = stream.take(self._plan.seconds)
        self._going = False
        if len(recorder.gaps) > gaps:
            self._desk.tell("the board was away in between; once more")
        elif stands_still(samples):
            self._complain_of_stillness()
        else:
            self._keep(samples, recorder.lost - lost)

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

    def _background(self) -> None:
        """Part of a gesture is none, but part of the background is background."""
        self._count_down()
        self._going = True
        start_us, label_is_there = self._stream.next_us, False
        while self._background_left_s > 0:
            before_us = self._stream.newest_us
            piece_s = min(self._background_left_s, _BACKGROUND_PIECE_S)
            self._stream.left_s = self._background_left_s - piece_s
            try:
                self._stream.take(piece_s)
            finally:
                end_us = self._stream.newest_us
                if end_us > start_us:
                    label = self._stream.recorder.label(start_us, end_us, BACKGROUND)
                    (self._track.lengthen if label_is_there else self._track.add)(label)
                    label_is_there = True
                self._background_left_s -= max(0, end_us - max(before_us, start_us)) * 1e-6


def clipped_sensors(samples: Samples, device: DeviceInfo) -> list[str]:
    """Names of the sensors that stood at their range in more than a few of the samples."""
    names = {"acc": "accelerometer", "gyr": "gyroscope"}
    return [
        names[sensor.name]
        for sensor in inertial_sensors(samples, device.acc_range_g, device.gyr_range_dps)
        if sensor.full_scale is not None and sensor.clipped.any(axis=1).mean() > _SOME_CLIPPED
    ]
