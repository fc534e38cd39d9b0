"""3, 2, 1, go: what guided recordings have in common, whether of gestures or of background."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from imu_gesture.recording.capture.desk import Desk, Key, KeyPressed
from imu_gesture.recording.capture.plan import CapturePlan
from imu_gesture.recording.capture.stream import Stream
from imu_gesture.recording.capture.track import Track

COUNTDOWN_S = 2.1
_COUNTDOWN = ("3", "2", "1")
_COUNT_S = COUNTDOWN_S / len(_COUNTDOWN)
_SETTLE_S = 1.0
_PAUSE_STEP_S = 0.2


class Guide(ABC):
    """Follows a plan, and the keys; each label is there as soon as its stretch is recorded.

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
        self._going = False  # between "go" and its end

    def run(self) -> None:
        """To the end of the plan.

        Raises:
            LinkError, RecordingError: the board is lost or lies still, or the disk is full.
        """
        self._obey(self._settle)
        while not self._finished:
            self._obey(self._perform)

    @property
    @abstractmethod
    def _finished(self) -> bool:
        """Whether all of the plan is recorded."""

    @property
    @abstractmethod
    def _title(self) -> str:
        """What is being recorded, for people."""

    @property
    @abstractmethod
    def _own_s(self) -> float:
        """From "go" to the end of the present stretch."""

    @property
    @abstractmethod
    def _later_s(self) -> float:
        """What comes after the present stretch takes, if all goes well."""

    @abstractmethod
    def _perform(self) -> None:
        """Count down, and record one stretch."""

    @abstractmethod
    def _take_back(self) -> None:
        """What was recorded last is to be recorded again."""

    def _count_down(self, advice: str = "") -> None:
        """3, 2, 1, go."""
        self._stream.doing = self._title
        for number, count in enumerate(_COUNTDOWN, start=1):
            self._desk.prompt(count)
            counts_s = (len(_COUNTDOWN) - number) * _COUNT_S
            self._stream.left_s = self._later_s + counts_s + self._own_s
            self._stream.take(_COUNT_S)
        self._desk.prompt(f"go: {self._title}{advice}")
        self._cue(self._plan.label)
        self._going = True

    def _settle(self) -> None:
        self._stream.doing = self._title
        self._stream.left_s = self._later_s + COUNTDOWN_S + self._own_s
        self._stream.take(_SETTLE_S)

    def _obey(self, step: Callable[[], None]) -> None:
        """Do a step, or what the person rather wants."""
        try:
            step()
        except KeyPressed as pressed:
            self._on_key(pressed.key)
        finally:
            self._going = False

    def _on_key(self, key: Key) -> None:
        if key == "pause":
            self._pause()
        else:
            self._retake()

    def _pause(self) -> None:
        self._desk.prompt("paused; p goes on")
        self._stream.doing, self._stream.left_s = "paused", None
        while True:
            try:
                self._stream.take(_PAUSE_STEP_S)
            except KeyPressed as pressed:
                if pressed.key == "pause":
                    return
                self._retake()

    def _retake(self) -> None:
        self._take_back()
        self._desk.tell(f"once more: {self._title}")
