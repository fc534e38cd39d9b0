"""What the keys of the live window keep in the workspace: recordings, marks, corrected clips."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from imu_gesture.errors import RecordingError
from imu_gesture.labels import BACKGROUND, is_background
from imu_gesture.link.link import LinkEvent, MarkReported
from imu_gesture.live.live_feed import LiveFeed
from imu_gesture.live.notices import Notices
from imu_gesture.recording.capture.plan import CapturePlan
from imu_gesture.recording.capture.recent import Recent
from imu_gesture.recording.capture.recorder import Recorder
from imu_gesture.recording.capture.source import Source
from imu_gesture.recording.capture.track import save_labels
from imu_gesture.recording.mcap_file import labels_path
from imu_gesture.workflow.clips import RECENT_S, Clip, clip_of, keep_clip
from imu_gesture.workspace import Workspace

NOTHING_KEY = "0"
CHOICE_KEYS = "123456789abcdeghijklnopsvxyz"  # without those that the window has for itself
_HERE = 1  # kind of a mark: here is something


class Keeper:
    """Hears what a thread reads, and obeys the keys of the window's thread.

    Args:
        plan: participant and session of what is kept.
        names: of the classes that a clip may get.
    """

    def __init__(
        self,
        source: Source,
        feed: LiveFeed,
        workspace: Workspace,
        plan: CapturePlan,
        names: Sequence[str],
    ) -> None:
        self._source, self._feed = source, feed
        self._workspace, self._plan = workspace, plan
        gestures = [name for name in names if not is_background(name)]
        self._names = dict(zip(CHOICE_KEYS, gestures, strict=False)) | {NOTHING_KEY: BACKGROUND}
        self.notices = Notices()
        self._recent = Recent(RECENT_S)
        self._recorder: Recorder | None = None
        self._clip: Clip | None = None
        self._lock = threading.Lock()

    @property
    def choices(self) -> dict[str, Callable[[], None]]:
        """What the keys do that say what it was."""
        return {key: partial(self.choose, key) for key in self._names}

    def hear(self, event: LinkEvent) -> None:
        """What the reading thread has got; a full disk ends the recording, not the window."""
        self._recent.hear(event)
        with self._lock:
            recorder = self._recorder
        if recorder is None:
            return
        try:
            recorder.handle(event)
        except RecordingError as error:
            self._forget()
            self.notices.say(str(error), bad=True)

    def toggle_recording(self) -> None:
        """Start a recording, or end the present one."""
        if self._recorder is not None:
            self.stop_recording()
            return
        plan = replace(self._plan, label="live")
        try:
            path = self._workspace.new_recording(f"live-{plan.participant}-{plan.session}")
            save_labels(labels_path(path), [])  # without a track, `train` would refuse it
        except (OSError, RecordingError) as error:
            self.notices.say(str(error), bad=True)
            return
        with self._lock:
            self._recorder = Recorder(self._source, path, plan, self.notices.say)
        self.notices.record(path.name)
        self.notices.say(f"recording {path.name}")

    def stop_recording(self) -> None:
        """End the recording, where there is one."""
        recorder = self._forget()
        if recorder is None:
            return
        try:
            recorder.close()
        except RecordingError as error:
            self.notices.say(str(error), bad=True)
            return
        if not recorder.opened:
            labels_path(recorder.path).unlink(missing_ok=True)
            self.notices.say("nothing came, so nothing was recorded", bad=True)
            return
        seconds = (recorder.newest_us - recorder.origin_us) * 1e-6
        track = labels_path(recorder.path).name
        self.notices.say(f"kept {recorder.path.name}, {seconds:.0f} s; its labels go into {track}")

    def mark(self) -> None:
        """Put a mark at the newest sample into the recording."""
        recorder, now_us = self._recorder, self._feed.newest_us
        if recorder is None:
            self.notices.say("a mark goes into a recording: press r first", bad=True)
            return
        self.hear(MarkReported(now_us, _HERE))
        if self._recorder is not None:
            self.notices.say(f"marked at {now_us * 1e-6:.2f} s")

    def ask_what_it_was(self) -> None:
        """The newest gesture was wrong, or there should have been one; pressed again, it was not.

        What the clip holds is decided now, however long the answer takes.
        """
        if self._clip is not None:
            self._answer()
            return
        clip = clip_of(self._recent, self._feed.gestures, self._feed.newest_us)
        if clip is None:
            self.notices.say("no samples have come yet", bad=True)
            return
        self._clip = clip
        wrong = clip.predicted.label if clip.predicted else ""
        said = f"that was not {wrong}; it was" if wrong else "nothing was reported; it was"
        choices = [
            (key, f"nothing ({name})" if is_background(name) else name)
            for key, name in self._names.items()
            if name != wrong
        ]
        self.notices.ask(said, [*choices, ("w", "leave it")])

    def choose(self, key: str) -> None:
        """It was what this key stands for; without a question the key does nothing."""
        clip, name = self._clip, self._names[key]
        if clip is None or (clip.predicted is not None and clip.predicted.label == name):
            return
        self._answer()
        try:
            path = keep_clip(clip, name, self._workspace, self._source, self._plan)
        except (OSError, RecordingError) as error:
            self.notices.say(str(error), bad=True)
            return
        self.notices.say(f"kept {path.name}; the next `train` learns from it")

    def _answer(self) -> None:
        self._clip = None
        self.notices.ask("")

    def _forget(self) -> Recorder | None:
        with self._lock:
            recorder, self._recorder = self._recorder, None
        self.notices.record("")
        return recorder
