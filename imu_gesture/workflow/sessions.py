"""Recording into a workspace: which file each recording gets, and what it is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from imu_gesture.device import DeviceInfo
from imu_gesture.errors import ImuGestureError
from imu_gesture.labels import is_background, read_labels
from imu_gesture.link.link import Link
from imu_gesture.recording.capture import CapturePlan, Desk, Follower, Sitting, Source
from imu_gesture.recording.live_quality import LiveQuality
from imu_gesture.recording.mcap_file import read_recording
from imu_gesture.recording.quality import Quality, quality
from imu_gesture.workflow.calibrating import drift_of
from imu_gesture.workspace import Workspace

GESTURE_S = 2.0
BACKGROUND_S = 60.0
_ID_DIGITS = 4


@contextmanager
def sitting(links: Sequence[Link], workspace: Workspace, desk: Desk) -> Iterator[Sitting]:
    """Open links, the first of which decides where labels are, and record into the workspace.

    Raises:
        LinkError: one of the boards cannot be reached, or one of the others was lost for good;
            then at the end.
    """
    with ExitStack() as opened:
        for link in links:
            opened.enter_context(link)
        first, *others = [Source(link) for link in links]
        followers = [opened.enter_context(Follower(source, desk.tell)) for source in others]
        digits = _digits([link.info.device_id for link in links])

        def new_path(plan: CapturePlan, device: DeviceInfo) -> Path:
            name = f"{plan.label}-{plan.participant}-{plan.session}"
            board = f"-{device.device_id[-digits:]}" if followers else ""
            return workspace.new_recording(name + board)

        yield Sitting(first, new_path, desk, followers, lambda info: LiveQuality(info).update)
        for follower in followers:
            if follower.error is not None:
                raise follower.error


def plans_for(labels: Sequence[str], seconds: float | None, plan: CapturePlan) -> list[CapturePlan]:
    """One plan for each label, otherwise as `plan`.

    `seconds` is for the gestures if there are any, else for background.
    """
    gestures = [label for label in labels if not is_background(label)]
    background_s = BACKGROUND_S if gestures or seconds is None else seconds
    return [
        replace(
            plan,
            label=label,
            seconds=background_s if is_background(label) else seconds or GESTURE_S,
        )
        for label in labels
    ]


def has_background(workspace: Workspace) -> bool:
    """Whether there is a recording with background in it."""
    for track in workspace.recordings.glob("*.txt"):
        with suppress(ImuGestureError):  # `train` tells what is wrong with it
            if any(label.is_background for label in read_labels(track)):
                return True
    return False


def judged(recording: Path) -> Quality | None:
    """What a recording is worth; None if it cannot be read."""
    with suppress(ImuGestureError):
        return quality(read_recording(recording))
    return None


def drifted(recordings: Sequence[Path], workspace: Workspace, today: date) -> tuple[str, ...]:
    """Reasons to calibrate boards again that the newest of these recordings show, each once."""
    reasons: dict[str, None] = {}
    newest = {_board(path): path for path in recordings}
    for path in newest.values():
        with suppress(ImuGestureError):  # what cannot be read is told where it is judged
            reasons |= dict.fromkeys(drift_of(path, workspace, today) or ())
    return tuple(reasons)


def _board(recording: Path) -> str:
    with suppress(ImuGestureError):
        return read_recording(recording).info.device_id
    return ""


def _digits(device_ids: Sequence[str]) -> int:
    """So many characters from the end that boards can be told apart."""
    short = {device_id[-_ID_DIGITS:] for device_id in device_ids}
    return _ID_DIGITS if len(short) == len(device_ids) else max(map(len, device_ids), default=1)
