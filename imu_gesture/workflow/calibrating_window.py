"""A guided calibration in a window: a thread reads the board and calibrates, the window draws."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from imu_gesture.calibration.guided import GuidedParams
from imu_gesture.calibration.profile import Profile
from imu_gesture.errors import LinkError
from imu_gesture.link.link import Link
from imu_gesture.live.calibration_feed import CalibrationFeed, StartAgain, WindowClosed
from imu_gesture.live.calibration_view import CalibrationView
from imu_gesture.live.window import Key, Window
from imu_gesture.simulation.dance import CALIBRATION
from imu_gesture.workflow.calibrating import guide

_ENDS_WITHIN_S = 2.0

Keep = Callable[[Profile], str]


@dataclass(frozen=True)
class Task:
    """What is to be done: see `guide`. `keep` puts a profile away and says where."""

    date: str
    keep: Keep
    params: GuidedParams | None = None


def guide_in_window(link: Link, task: Task) -> Profile:
    """Lead a person through a calibration, and keep what comes out of it.

    Returns: the last profile that was kept.

    Raises:
        WindowError: no window can be opened here; nothing was asked of the board.
        CalibrationError, LinkError: there is no profile, and the person left it at that.
        KeyboardInterrupt: the person left before there was an end.
    """
    leader = Leader(link, task)
    window = calibration_window(leader.feed, link)
    with leader:
        window.run()
    return leader.result()


def calibration_window(feed: CalibrationFeed, link: Link) -> Window:
    """A window on a feed, with the keys of a calibration."""
    name = " ".join(filter(None, (link.info.board, link.info.device_id))) or link.info.source
    view = CalibrationView(feed, f"imu-gesture calibrate: {name}")
    return Window(view, [Key("r", "start again", feed.start_again)], closes="leave")


class Leader:
    """Reads an open link in a thread of its own, from `__enter__` to `__exit__`.

    Attributes:
        feed: what a window draws, and how it stops the thread.
    """

    def __init__(self, link: Link, task: Task) -> None:
        self.feed = CalibrationFeed()
        self._link, self._task = link, task
        self._profile: Profile | None = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._lead, daemon=True, name="calibration")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.feed.close()
        self._thread.join(_ENDS_WITHIN_S)  # one that waits for its board is left to itself

    def result(self) -> Profile:
        """The profile; raises what came instead of it."""
        if self._profile is not None:
            return self._profile
        raise self._error or KeyboardInterrupt

    def _lead(self) -> None:
        again = False
        while True:
            try:
                self._once(again)
            except StartAgain:
                again = True
            except WindowClosed:
                return

    def _once(self, again: bool) -> None:
        """One calibration, and what follows it until the person wants something."""
        self._error = None
        self.feed.begin()
        if again:
            self._link.cue(CALIBRATION)
        try:
            profile = guide(self._link, self._task.date, self.feed, self._task.params)
            self.feed.keep(self._task.keep(profile))
            self._profile = profile
            self._go_on_reading()
        except (StartAgain, WindowClosed):
            raise
        except Exception as error:  # the main thread raises it, once the window is closed
            self._error = error
            self.feed.fail(str(error) or type(error).__name__)
        self.feed.wait()

    def _go_on_reading(self) -> None:
        """So that a board that is still sending finds somebody who listens."""
        with suppress(LinkError):
            for event in self._link.events():
                self.feed.hear(event)
