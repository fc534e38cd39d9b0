"""Recordings of a virtual board without a model, in a virtual hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from imu_gesture.device import DeviceInfo
from imu_gesture.recording.capture import CapturePlan, CaptureReport, Desk, Source, capture
from imu_gesture.workflow.boards import virtual_link

Tell = Callable[[str], None]


class Prompter(Desk):
    """A desk that reads everything aloud."""

    def __init__(self, say: Tell) -> None:
        self._say = say

    def prompt(self, text: str) -> None:
        self._say(text)

    def count(self, text: str) -> None:
        self._say(text)

    def tell(self, text: str) -> None:
        self._say(text)


def capture_virtual(seed: int, path: Path, plan: CapturePlan, tell: Tell) -> CaptureReport:
    """As `capture`, from the board and the person of that seed."""
    with virtual_link(seed) as link:
        return capture(Source(link), path, plan, Prompter(tell))


def virtual_info(seed: int) -> DeviceInfo:
    """What that board says of itself."""
    with virtual_link(seed) as link:
        return link.info
