"""The live window on a virtual board at its own pace, with everything measured that a person feels.

Used by `window.py`. A gesture ends where the virtual hand's stroke does, all of its settling
included; it is on the screen when the frame that first shows its report has been handed to the
display.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from form import Row, say
from matplotlib.figure import Figure

from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import read_run
from imu_gesture.labels import Label, is_background
from imu_gesture.link.board_link import BoardLink, unix_clock
from imu_gesture.link.virtual.transport import VirtualTransport
from imu_gesture.live.gesture_list import ShownGesture
from imu_gesture.live.layers import Artists, Redraw
from imu_gesture.live.recogniser import HostRecogniser
from imu_gesture.live.window import Window
from imu_gesture.recording.capture.plan import CapturePlan
from imu_gesture.simulation.motion import Motion
from imu_gesture.simulation.performer import Action, Performer
from imu_gesture.workflow.boards import virtual_device
from imu_gesture.workflow.live_window import LiveOptions, LiveWindow
from imu_gesture.workspace import Workspace

_SEED = 3
_LATE_S = 1.5  # a report that comes later is of something else
_FIRST_S = 3.0  # the window opens


@dataclass
class WatchedHand:
    """A performer, with the true times of its gestures."""

    performer: Performer
    gestures: list[Label] = field(default_factory=list)
    _passed_s: float = 0.0

    def perform(self, actions: list[Action]) -> Motion:
        """Perform, and note when."""
        motion = self.performer.perform(actions)
        self.gestures += [
            Label(label.start_s + self._passed_s, label.end_s + self._passed_s, label.name)
            for label in motion.labels
            if not is_background(label.name)
        ]
        self._passed_s += motion.duration_s
        return motion


class Watch:
    """The window's view, and when each report was first on the screen (Unix seconds)."""

    def __init__(self, live: LiveWindow) -> None:
        self._live, self._window, self._feed = live, live.window, live.feed
        self._view = live.window.view
        self._unix_s = time.time() - time.perf_counter()
        self._drawing: list[ShownGesture] = []  # first seen by the frame that is being drawn
        self.title = self._view.title
        self.shown: dict[int, tuple[ShownGesture, float]] = {}

    def build(self, figure: Figure, bottom: float) -> Artists:
        """The view's."""
        return self._view.build(figure, bottom)

    def update(self) -> Redraw:
        """The view's; the frame before this one has ended."""
        self._live.session.check()  # an error would wait for somebody who reads it
        if self._window.frame_starts_s:
            ended_s = self._window.frame_starts_s[-1] + self._window.frame_costs_s[-1]
            for gesture in self._drawing:
                self.shown[gesture.device_time_us] = gesture, ended_s + self._unix_s
        self._drawing = [g for g in self._feed.gestures if g.device_time_us not in self.shown]
        return self._view.update()


def live_rows(seconds: float) -> Iterator[Row]:
    """Frames, processor and latency."""
    say(f"live window, {seconds:.0f} s")
    model = read_run(demonstration.FOLDER)
    hand = WatchedHand(Performer(_SEED))
    device = virtual_device(_SEED, model, hand=hand)
    transport = VirtualTransport(device, real_time=True)
    power_on_s = transport.clock()
    link = BoardLink(transport, clock=transport.clock, on_cue=device.cue)
    with TemporaryDirectory() as folder, link:
        host, run, plan = HostRecogniser(*model), demonstration.FOLDER, CapturePlan("live")
        options = LiveOptions(model[0], run, host, unix_clock(), plan, seconds)
        live = LiveWindow(link, Workspace(Path(folder)), options, date(2026, 1, 1))
        watch = live.window.view = Watch(live)
        started_s = time.process_time()
        live.run()
        cpu_s = time.process_time() - started_s
    yield from _frames(live.window, cpu_s, seconds)
    yield from _latencies(hand.gestures, watch, power_on_s)


def _frames(window: Window, cpu_s: float, seconds: float) -> Iterator[Row]:
    box, between_s = window.figure.bbox, np.diff(window.frame_starts_s)
    note = (
        f"{box.width:.0f} x {box.height:.0f}, {seconds:.0f} s, nine axes at 119 Hz; reading, the "
        f"virtual board and recognition on the host included; {load()}"
    )
    yield Row("window.fps_median", float(1 / np.median(between_s)), "1/s", note=note)
    yield Row("window.frame_p95_ms", float(np.percentile(between_s, 95) * 1e3), "ms")
    yield Row("window.cpu_fraction", cpu_s / seconds, "cores")
    yield Row("window.drawing_median_ms", float(np.median(window.frame_costs_s) * 1e3), "ms")


def _latencies(performed: list[Label], watch: Watch, power_on_s: float) -> Iterator[Row]:
    """From the end of each gesture to its report on the screen, and the parts of that."""
    newest_s = max((us * 1e-6 for us in watch.shown), default=0.0)
    due = [gesture for gesture in performed if _FIRST_S < gesture.end_s < newest_s]
    pairs = [(gesture, found) for gesture in due if (found := _report(gesture, watch))]
    if not pairs:
        raise SystemExit("no gesture was reported, so there is no latency")
    on_screen, by_board, after = (
        np.array(figures) * 1e3
        for figures in zip(
            *(
                (
                    at_s - power_on_s - gesture.end_s,
                    shown.device_time_us * 1e-6 - gesture.end_s,
                    at_s - power_on_s - shown.device_time_us * 1e-6,
                )
                for gesture, (shown, at_s) in pairs
            ),
            strict=True,
        )
    )
    note = f"{len(pairs)} of {len(due)} gestures were reported; from their true ends"
    yield Row("latency.median_ms", float(np.median(on_screen)), "ms", note=note)
    yield Row("latency.p95_ms", float(np.percentile(on_screen, 95)), "ms")
    yield Row("latency.board_median_ms", float(np.median(by_board)), "ms", note="until it decides")
    yield Row("latency.screen_median_ms", float(np.median(after)), "ms", note="from then on")
    yield Row("latency.screen_p95_ms", float(np.percentile(after, 95)), "ms")


def _report(gesture: Label, watch: Watch) -> tuple[ShownGesture, float] | None:
    """The first right report between a gesture's start and some time after its end."""
    for time_us, (shown, at_s) in sorted(watch.shown.items()):
        in_time = gesture.start_s < time_us * 1e-6 < gesture.end_s + _LATE_S
        if in_time and shown.label == gesture.name:
            return shown, at_s
    return None


def load() -> str:
    """What else the computer has to do."""
    if not hasattr(os, "getloadavg"):
        return "other load unknown"
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
