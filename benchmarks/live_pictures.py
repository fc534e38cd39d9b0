"""Pictures of the live window for `pictures.py`: a virtual board, calibrated, first at rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import read_run
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import LinkEvent, LinkInterrupted
from imu_gesture.link.virtual.transport import VirtualTransport
from imu_gesture.live.recogniser import HostRecogniser
from imu_gesture.recording.capture.plan import CapturePlan
from imu_gesture.simulation.dance import DancePlan, Dancer
from imu_gesture.simulation.motion import Motion
from imu_gesture.simulation.performer import Action, Performer
from imu_gesture.workflow.boards import dancing_link, virtual_device
from imu_gesture.workflow.calibrating import guide, keep
from imu_gesture.workflow.live_window import LiveOptions, LiveWindow
from imu_gesture.workspace import Workspace

_SEED = 3
_STILL = DancePlan(rest_s=6.0, poses=(), turns=0, eight_s=0.0)
_MADE, _TODAY = "2026-01-01", date(2026, 1, 13)
_GESTURES = 4  # before the first picture
_JUST_US = 300_000


class LaidFirst:
    """A person who lays the board down before the first gesture."""

    def __init__(self) -> None:
        self._performer, self._laid = Performer(_SEED), False

    def perform(self, actions: list[Action]) -> Motion:
        """What is asked, or at first a rest."""
        if self._laid:
            return self._performer.perform(actions)
        self._laid = True
        return Dancer(_SEED).perform(_STILL)


class Nobody:
    """Watches a calibration that needs no words."""

    def hear(self, event: LinkEvent) -> None:
        """Nothing."""

    def show(self, guidance: object) -> None:
        """Nothing."""


@contextmanager
def live_window() -> Iterator[LiveWindow]:
    """On a board that has been calibrated; nothing is read yet."""
    model = read_run(demonstration.FOLDER)
    with TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        with dancing_link(_SEED) as link:
            keep(workspace, guide(link, _MADE, Nobody()))
        device = virtual_device(_SEED, model, hand=LaidFirst())
        transport = VirtualTransport(device)
        link = BoardLink(transport, clock=transport.clock, on_cue=device.cue)
        run, plan = Path("run-001"), CapturePlan("live", participant="ann")
        options = LiveOptions(model[0], run, HostRecogniser(*model), transport.clock, plan)
        with link:
            yield LiveWindow(link, workspace, options, _TODAY)


def scenes(
    live: LiveWindow, settled: Callable[[], Iterator[None]], take: Callable[[str], None]
) -> Iterator[None]:
    """What happens to the window, with pictures in between."""
    while len(live.feed.gestures) < _GESTURES or not _just_reported(live):
        _hear_next(live)
        yield
    live.keeper.notices.say("")
    yield from settled()
    take("live")
    live.keeper.ask_what_it_was()
    yield from settled()
    take("live-wrong")
    live.keeper.ask_what_it_was()
    gone = LinkInterrupted("/dev/ttyACM0: the board is gone (unplugged?)")
    live.feed.hear(gone, live.source.link.status)
    yield from settled()
    take("live-lost")


def _hear_next(live: LiveWindow) -> None:
    event = next(live.source)
    live.keeper.hear(event)
    live.feed.hear(event, live.source.link.status)


def _just_reported(live: LiveWindow) -> bool:
    gestures, now_us = live.feed.gestures, live.feed.newest_us
    return bool(gestures) and 0 <= now_us - gestures[-1].device_time_us < _JUST_US
