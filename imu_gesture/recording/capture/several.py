"""Boards beside the one that is guided: each recorded by a thread of its own, on one clock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from imu_gesture.errors import ImuGestureError
from imu_gesture.labels import Label
from imu_gesture.recording.capture.clock import BoardClock
from imu_gesture.recording.capture.plan import CapturePlan, CaptureReport
from imu_gesture.recording.capture.recorder import NewJudge, Recorder
from imu_gesture.recording.capture.source import Source
from imu_gesture.recording.capture.track import save_labels
from imu_gesture.recording.mcap_file import labels_path

_ENDS_WITHIN_S = 2.0


class Follower:
    """Reads one link in a thread, all the time; records what comes while there is a recording.

    Args:
        source: nobody else may read it.
        tell: gets what goes wrong; called from the thread.
    """

    def __init__(self, source: Source, tell: Callable[[str], None]) -> None:
        self.source = source
        self.name = source.link.info.device_id[-4:] or source.link.info.source
        self.error: ImuGestureError | None = None
        self.recorder: Recorder | None = None
        self._labels: list[Label] = []
        self._say = tell
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True, name=f"board {self.name}")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ending.set()
        self._thread.join(_ENDS_WITHIN_S)  # one that waits for its board is left to itself

    def begin(self, path: Path, plan: CapturePlan, new_judge: NewJudge) -> Recorder:
        """Record from now on."""
        self._labels = []
        self.recorder = Recorder(self.source, path, plan, self._tell, new_judge)
        return self.recorder

    def mark(self, labels: Sequence[Label], recorder: Recorder, clock: BoardClock) -> None:
        """Write the labels of another board's recording beside this one, by the common clock.

        Those for which this board has no samples, or was away in between, are left out.
        """
        own = self.recorder
        if own is None or not own.opened:
            return
        mapped = [self._mapped(label, own, recorder.origin_us, clock) for label in labels]
        self._labels = [label for label in mapped if label is not None]
        save_labels(labels_path(own.path), self._labels)

    def end(self) -> CaptureReport | None:
        """End the recording; None if nothing ever came.

        Raises:
            RecordingError: the file cannot be written.
        """
        recorder, self.recorder = self.recorder, None
        if recorder is None:
            return None
        recorder.close()
        return recorder.report(tuple(self._labels)) if recorder.opened else None

    def _mapped(
        self, label: Label, own: Recorder, origin_us: int, clock: BoardClock
    ) -> Label | None:
        start_us, end_us = (
            self.source.clock.device_time_us(clock.host_s(origin_us + round(seconds * 1e6)))
            for seconds in (label.start_s, label.end_s)
        )
        away = any(start < end_us and start_us < end for start, end in own.absences)
        over = self.error is not None and end_us > own.newest_us
        if away or over or start_us < own.origin_us or own.samples == 0:
            return None
        return own.label(start_us, end_us, label.name)

    def _read(self) -> None:
        try:
            for event in self.source:
                recorder = self.recorder
                if recorder is not None:
                    recorder.handle(event)
                if self._ending.is_set():
                    return
        except ImuGestureError as error:
            self.error = error
            if not self._ending.is_set():
                self._tell(f"{error}; the others go on")

    def _tell(self, text: str) -> None:
        self._say(f"board {self.name}: {text}")
