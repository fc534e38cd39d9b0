"""Recordings one after the other, from links that stay open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from imu_gesture.device import DeviceInfo
from imu_gesture.errors import ImuGestureError, RecordingError
from imu_gesture.labels import Label
from imu_gesture.recording.capture.background import Background
from imu_gesture.recording.capture.desk import Desk
from imu_gesture.recording.capture.guided import Repeats
from imu_gesture.recording.capture.hands_free import HandsFree
from imu_gesture.recording.capture.interrupts import uninterrupted, watched
from imu_gesture.recording.capture.plan import CapturePlan, CaptureReport
from imu_gesture.recording.capture.recorder import NewJudge, Recorder, no_judge
from imu_gesture.recording.capture.several import Follower
from imu_gesture.recording.capture.source import Source
from imu_gesture.recording.capture.stream import SourceEnded, Stream
from imu_gesture.recording.capture.track import Track, save_labels
from imu_gesture.recording.mcap_file import labels_path

NewPath = Callable[[CapturePlan, DeviceInfo], Path]


class Sitting:
    """Someone, somewhere, with one board or several, who records one thing after the other.

    The first board's motion decides where labels are; the others' labels are the same moments.

    Args:
        source: the first board.
        new_path: where to record a plan from a board.
        desk: the person at the computer.
        followers: the other boards, whose threads are running.
        new_judge: makes what looks at the samples of one recording as they come.

    Attributes:
        reports: of every file made so far, those that ended with an error included.
    """

    def __init__(
        self,
        source: Source,
        new_path: NewPath,
        desk: Desk,
        followers: Sequence[Follower] = (),
        new_judge: NewJudge = no_judge,
    ) -> None:
        self._source, self._new_path, self._desk = source, new_path, desk
        self._followers, self._new_judge = followers, new_judge
        self.reports: list[CaptureReport] = []

    def record(self, plan: CapturePlan) -> bool:
        """Record a plan into new files; False if it was ended before it was done.

        The person may end it, or what is played back is over.

        Interrupting it, or losing the link, keeps what was recorded so far.

        Raises:
            InputError: the gesture's name cannot be one in a label track.
            LinkError, RecordingError: the link is lost, or a file cannot be written.
        """
        plan.check()
        with watched():
            return self._record(plan)

    def _record(self, plan: CapturePlan) -> bool:
        path = self._new_path(plan, self._source.link.info)
        recorder = Recorder(self._source, path, plan, self._desk.tell, self._new_judge)
        labels: list[Label] = []
        ended_early = False
        try:
            self._follow(plan, recorder, labels)
        except KeyboardInterrupt:
            ended_early = True
            self._desk.tell("stopped")
        except SourceEnded:
            ended_early = True
            recorder.warn("what is played back has ended before everything was recorded")
        finally:
            with uninterrupted():
                self._end(recorder, labels, ended_early)
        return not ended_early

    def _follow(self, plan: CapturePlan, recorder: Recorder, labels: list[Label]) -> None:
        """Go through a plan; `labels` are those there are so far."""
        stream = Stream(self._source, recorder, self._desk)
        for follower in self._followers:
            path = self._new_path(plan, follower.source.link.info)
            stream.companions.append(follower.begin(path, plan, self._new_judge))
        stream.open()
        track = Track(lambda newest: self._save(newest, labels, recorder))
        method: type[Background | HandsFree | Repeats] = (
            Background if plan.is_background else HandsFree if plan.hands_free else Repeats
        )
        method(stream, track, plan, self._desk, self._cue).run()

    def _cue(self, label: str) -> None:
        for source in (self._source, *(follower.source for follower in self._followers)):
            source.link.cue(label)

    def _save(self, newest: Sequence[Label], labels: list[Label], recorder: Recorder) -> None:
        """Write the label tracks of all boards."""
        save_labels(labels_path(recorder.path), newest)
        labels[:] = newest
        for follower in self._followers:
            follower.mark(newest, recorder, self._source.clock)

    def _end(self, recorder: Recorder, labels: list[Label], ended_early: bool) -> None:
        """Close all files; what goes wrong with one of them harms no other."""
        errors: list[ImuGestureError] = []
        try:
            recorder.close()
        except RecordingError as error:
            errors.append(error)
        if recorder.opened:
            self.reports.append(recorder.report(tuple(labels), ended_early))
        for follower in self._followers:
            try:
                if recorder.opened:
                    follower.mark(labels, recorder, self._source.clock)
                report = follower.end()
            except RecordingError as error:
                errors.append(error)
            else:
                self.reports.extend([report] if report else [])
        if errors:
            raise errors[0]


def capture(
    source: Source, path: Path, plan: CapturePlan, desk: Desk | None = None
) -> CaptureReport:
    """Record one plan from one board into a new file.

    Interrupting it, or losing the link, keeps what was recorded so far.

    Raises:
        InputError: the gesture's name cannot be one in a label track.
        LinkError, RecordingError: the link is lost, or the file cannot be written.
    """
    sitting = Sitting(source, lambda _plan, _device: path, desk or Desk())
    sitting.record(plan)
    if not sitting.reports:
        raise RecordingError("nothing was recorded; the board had not sent anything yet")
    return sitting.reports[0]
