"""One stretch in which the person does anything but the gestures."""

from __future__ import annotations

from collections.abc import Callable

from imu_gesture.recording.capture.desk import Desk
from imu_gesture.recording.capture.guide import Guide
from imu_gesture.recording.capture.plan import CapturePlan
from imu_gesture.recording.capture.stream import Stream
from imu_gesture.recording.capture.track import Track

_PIECE_S = 5.0  # after which the label is lengthened on the disk
_ADVICE = "; move and rest as you like, but none of the gestures"


class Background(Guide):
    """Part of a gesture is none, but part of the background is background."""

    def __init__(
        self,
        stream: Stream,
        track: Track,
        plan: CapturePlan,
        desk: Desk,
        cue: Callable[[str], None],
    ) -> None:
        super().__init__(stream, track, plan, desk, cue)
        self._left_s = plan.seconds

    @property
    def _finished(self) -> bool:
        return self._left_s <= 0

    @property
    def _title(self) -> str:
        return self._plan.label

    @property
    def _own_s(self) -> float:
        return self._left_s

    @property
    def _later_s(self) -> float:
        return 0.0

    def _perform(self) -> None:
        self._count_down(_ADVICE)
        start_us = end_us = self._stream.next_us
        while self._left_s > 0:
            piece_s = min(self._left_s, _PIECE_S)
            self._stream.left_s = self._left_s - piece_s
            try:
                self._stream.take(piece_s)
            except BaseException:
                self._left_s -= max(0, self._stream.newest_us - end_us) * 1e-6
                raise
            else:
                self._left_s -= piece_s
            finally:
                end_us = self._lengthen(start_us, end_us)

    def _lengthen(self, start_us: int, end_us: int) -> int:
        """Label everything from `start_us` on, if there is more than up to `end_us`."""
        newest_us = self._stream.newest_us
        if newest_us > end_us:
            label = self._stream.recorder.label(start_us, newest_us, self._plan.label)
            (self._track.add if end_us == start_us else self._track.lengthen)(label)
        return max(newest_us, end_us)

    def _take_back(self) -> None:
        while self._track.labels:
            self._track.remove_last()
        self._left_s = self._plan.seconds
