"""A live window on a virtual board, with what it draws at hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import cast

from imu_gesture.deploy.manifest import write_run
from imu_gesture.link.board_link import unix_clock
from imu_gesture.link.link import Link
from imu_gesture.live.live_view import LiveView
from imu_gesture.live.recogniser import HostRecogniser
from imu_gesture.recording.capture.plan import CapturePlan
from imu_gesture.workflow.boards import virtual_link
from imu_gesture.workflow.live_window import LiveOptions, LiveWindow
from imu_gesture.workspace import Workspace
from tests.live.on_screen import Script, play
from tests.live.small_model import Model, small_model

TODAY = date(2026, 11, 25)
PLAN = CapturePlan("live", participant="ann", session="s1")


class Scene:
    """Runs one with a script beside it."""

    def __init__(
        self,
        link: Link,
        folder: Path,
        model: Model,
        host: bool = True,
        seconds: float | None = None,
    ) -> None:
        manifest, tflite = model
        self.workspace = Workspace(folder)
        self.run_folder = self.workspace.new_run()
        write_run(self.run_folder, manifest, tflite)
        recogniser = HostRecogniser(manifest, tflite) if host else None
        options = LiveOptions(manifest, self.run_folder, recogniser, unix_clock(), PLAN, seconds)
        self.live = LiveWindow(link, self.workspace, options, TODAY)
        self.window, self.feed = self.live.window, self.live.feed
        self.view = cast("LiveView", self.window.view)

    def play(self, script: Script) -> None:
        with self.live.session:
            play(self.window, script)
        self.live.keeper.stop_recording()


@contextmanager
def live_scene(folder: Path, host: bool = True) -> Iterator[Scene]:
    model = small_model()
    with virtual_link(0, model, real_time=True) as link:
        yield Scene(link, folder, model, host)
