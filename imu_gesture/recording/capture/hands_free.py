"""No prompts: the person performs with pauses, and each repeat is found by its motion."""

from __future__ import annotations

from collections.abc import Callable

from imu_gesture.recording.capture.desk import Desk, KeyPressed
from imu_gesture.recording.capture.plan import CapturePlan
from imu_gesture.recording.capture.stream import Stream
from imu_gesture.recording.capture.track import Track
from imu_gesture.recording.onset import OnsetDetector, Stretch

_SETTLE_S = 1.5
_PATIENCE_S = 60.0


class HandsFree:
    """Counts repeats until there are enough, or nothing has moved for a minute."""

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
        self._detector = OnsetDetector()
        self._paused = False
        self._since_us = 0  # when the last thing happened

    def run(self) -> None:
        """To the last repeat.

        Raises:
            LinkError, RecordingError: the board is lost, or the disk is full.
        """
        plan, stream = self._plan, self._stream
        stream.left_s = None
        self._say(f"hold still; then {plan.label}, with a pause after each")
        self._listen_for(_SETTLE_S)
        for _ in range(plan.repeats):
            self._cue(plan.label)
        while len(self._track.labels) < plan.repeats:
            self._step()
            if stream.newest_us - self._since_us > _PATIENCE_S * 1e6 and not self._paused:
                stream.recorder.warn(f"nothing has moved for {_PATIENCE_S:g} s; that was all")
                return

    def _listen_for(self, seconds: float) -> None:
        start_us = self._since_us = self._stream.recorder.origin_us
        while self._stream.newest_us - start_us < seconds * 1e6:
            self._step()

    def _step(self) -> None:
        try:
            samples = self._stream.next()
        except KeyPressed as pressed:
            self._on_key(pressed)
            return
        for stretch in self._detector.update(samples):
            self._found(stretch)

    def _found(self, stretch: Stretch) -> None:
        labels, plan = self._track.labels, self._plan
        self._since_us = stretch.end_us
        if self._paused or len(labels) == plan.repeats:
            return
        recorder = self._stream.recorder
        if any(start < stretch.end_us and stretch.start_us < end for start, end in recorder.gaps):
            self._desk.tell("the board was away in between; once more")
            return
        self._track.add(recorder.label(stretch.start_us, stretch.end_us, plan.label))
        self._desk.count(f"{len(labels)} of {plan.repeats}")
        self._describe()

    def _on_key(self, pressed: KeyPressed) -> None:
        labels, plan = self._track.labels, self._plan
        if pressed.key == "pause":
            self._paused = not self._paused
            self._since_us = self._stream.newest_us
            self._say("paused; p goes on" if self._paused else "go on")
        elif labels:
            self._track.remove_last()
            self._say(f"once more: {len(labels)} of {plan.repeats}")

    def _say(self, text: str) -> None:
        self._desk.prompt(text)
        self._describe()

    def _describe(self) -> None:
        count = f"{len(self._track.labels)} of {self._plan.repeats}"
        self._stream.doing = "paused" if self._paused else f"{self._plan.label} ({count})"
