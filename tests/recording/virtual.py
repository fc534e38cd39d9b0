"""Recordings of a virtual board without a model, in a virtual hand."""

from __future__ import annotations

from pathlib import Path

from imu_gesture.device import DeviceInfo
from imu_gesture.recording.capture import CapturePlan, CaptureReport, Tell, capture
from imu_gesture.workflow.boards import virtual_link


def capture_virtual(seed: int, path: Path, plan: CapturePlan, tell: Tell) -> CaptureReport:
    """As `capture`, from the board and the person of that seed."""
    with virtual_link(seed) as link:
        return capture(link, path, plan, tell)


def virtual_info(seed: int) -> DeviceInfo:
    """What that board says of itself."""
    with virtual_link(seed) as link:
        return link.info
