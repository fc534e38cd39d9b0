"""The live window on an open link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from imu_gesture import _core
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.errors import ImuGestureError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import Link
from imu_gesture.link.patient import PatientLink
from imu_gesture.live.live_feed import LiveFeed, Subject
from imu_gesture.live.live_view import LiveView, Shown
from imu_gesture.live.own_decision import OwnDecision
from imu_gesture.live.recogniser import HostRecogniser, Recognition
from imu_gesture.live.threshold_drag import ThresholdDrag
from imu_gesture.live.thresholds import Thresholds
from imu_gesture.live.window import Key, Window
from imu_gesture.recording.capture.plan import CapturePlan
from imu_gesture.recording.capture.source import Source
from imu_gesture.workflow.calibrating import profile_of
from imu_gesture.workflow.keeping import Keeper
from imu_gesture.workflow.live_session import LiveSession
from imu_gesture.workflow.live_thresholds import keep_thresholds
from imu_gesture.workspace import Workspace

_LOOK_MS = 200


@dataclass(frozen=True)
class LiveOptions:
    """What the live window is about.

    Attributes:
        run: folder of the run that `manifest` is of.
        host: recognises beside the board, where that is asked for.
        now_s: the time by the clock that the link compares the board's with; None where that does
            not go on by itself.
        plan: participant and session of what is kept.
        seconds: of the board's time, after which the window closes by itself.
        on_report: gets each gesture that board or host report, from the thread that reads.
    """

    manifest: ModelManifest
    run: Path
    host: HostRecogniser | None
    now_s: Callable[[], float] | None
    plan: CapturePlan
    seconds: float | None = None
    on_report: Callable[[Recognition], None] | None = None


class LiveWindow:
    """A window, what it shows, and the thread that reads; nothing is read before `run`."""

    def __init__(self, link: Link, workspace: Workspace, options: LiveOptions, today: date) -> None:
        if isinstance(link, BoardLink):
            link.ask_for_scores()
        names = names_of(link, options.manifest)
        ours = names == options.manifest.label_names
        self.source = source = Source(PatientLink(link))
        profile = profile_of(workspace, link.info.device_id)
        window = options.manifest.window
        hop_us = window.period_us * window.hop_samples
        subject = Subject(link.info, names, hop_us, profile, today)
        clock = (source.clock, options.now_s) if options.now_s else None
        self._names, self._run = names, options.run
        self.thresholds = Thresholds(levels_of(names, options.manifest))
        own = OwnDecision(names, self.thresholds, options.manifest.decision.refractory_us)
        self.feed = LiveFeed(subject, options.host if ours else None, clock, own)
        self.feed.on_report = options.on_report
        self.keeper = Keeper(source, self.feed, workspace, options.plan, names)
        self.session = LiveSession(source, self.feed, self.keeper.hear, options.seconds)
        shown = Shown(
            self.feed,
            self.keeper.notices,
            self.thresholds,
            names,
            link.info,
            model_words(link, options),
            options.run.name,
            host_asked=ours and options.host is not None,
        )
        board = " ".join(filter(None, (link.info.board, link.info.device_id)))
        view = LiveView(shown, f"imu-gesture live: {board or link.info.source}")
        self.window = Window(view, self._keys())
        drag = ThresholdDrag(lambda: view.scores, self.thresholds)
        self.window.follow_mouse(drag.follow)

    def run(self) -> None:
        """Show it until it is closed; a recording is ended then.

        Raises:
            BoardError: the board cannot be worked with any more.
            KeyboardInterrupt: Ctrl-C in the terminal.
        """
        looking = self.window.canvas.new_timer(interval=_LOOK_MS)
        looking.add_callback(self._close_when_over)
        looking.start()
        try:
            with self.session:
                self.window.run()
        finally:
            looking.stop()
            self.keeper.stop_recording()
        self.session.check()

    def keep_thresholds(self) -> None:
        """Write the window's thresholds to the run, where they differ."""
        if not self.thresholds.moved:
            return
        try:
            keep_thresholds(self._run, self._names, self.thresholds.levels)
        except (ImuGestureError, OSError) as error:
            self.keeper.notices.say(str(error), bad=True)
            return
        self.thresholds.keep()
        said = f"{self._run.name} has these thresholds; run imu-gesture deploy for the board"
        self.keeper.notices.say(said)

    def _close_when_over(self) -> None:
        if self.session.over:
            self.window.close()

    def _keys(self) -> list[Key]:
        keeper = self.keeper
        return [
            Key("r", "start/stop recording", keeper.toggle_recording),
            Key("m", "mark", keeper.mark),
            Key("w", "that was wrong", keeper.ask_what_it_was),
            Key("t", "", self.keep_thresholds),  # shown where thresholds were moved
            Key("u", "", self.thresholds.undo),
            *(Key(name, "", act) for name, act in keeper.choices.items()),
        ]


def names_of(link: Link, manifest: ModelManifest) -> tuple[str, ...]:
    """The classes in the order of the board's scores, or of the host's where it has none."""
    labels: Sequence[str] = link.conversation.labels if isinstance(link, BoardLink) else ()
    return tuple(labels) if labels and all(labels) else manifest.label_names


def levels_of(names: Sequence[str], manifest: ModelManifest) -> list[int]:
    """The run's threshold of each class; never where the run does not know it."""
    known = {label.name: label.threshold for label in manifest.labels}
    return [known.get(name, _core.NEVER) for name in names]


def model_words(link: Link, options: LiveOptions) -> str:
    """Which model runs, and where."""
    ours, run = options.manifest.model_id, options.run.name
    on_board = link.info.model_id
    if not on_board:
        return f"model {ours} of {run}, on this computer only"
    if on_board == ours:
        return f"model {ours} of {run}"
    return f"model {on_board}; {run} is another one ({ours}): run imu-gesture deploy"
