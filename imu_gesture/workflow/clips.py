"""Clips of what was recognised wrongly, kept as labelled recordings that `train` learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from imu_gesture.errors import RecordingError
from imu_gesture.labels import Label, is_background
from imu_gesture.live.gesture_list import ShownGesture
from imu_gesture.recording.activity import active_part, stands_still
from imu_gesture.recording.capture.plan import CapturePlan
from imu_gesture.recording.capture.recent import Recent, Stretch
from imu_gesture.recording.capture.source import Source
from imu_gesture.recording.capture.track import save_labels
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import labels_path, write_recording
from imu_gesture.recording.quality import quality
from imu_gesture.recording.recording import Recording
from imu_gesture.workspace import Workspace

RECENT_S = 12.0
CLIP_S = 4.0
_BEHIND_S = 1.0  # of a clip, behind the end of the window that decided, where that has come
_GESTURE_S, _LATE_S = 2.2, 0.3  # a gesture is looked for from and to so far from that end
_FRESH_S = 5.0  # whoever says later that something was wrong means something else
_OVER_S = 0.3  # so long behind its report, the gesture before is over


@dataclass(frozen=True, eq=False)
class Clip:
    """The last seconds, and what was reported in them: None where nothing was.

    Attributes:
        from_us: device time before which there may be something else, that was right.
    """

    stretch: Stretch
    predicted: ShownGesture | None
    from_us: int


def clip_of(recent: Recent, gestures: Sequence[ShownGesture], newest_us: int) -> Clip | None:
    """The seconds around the last gesture that was reported, or the last ones without any.

    None where there are no samples.
    """
    reported = [gesture for gesture in gestures if gesture.by != "window"]
    last = reported[-1] if reported else None
    if last is not None and newest_us - last.device_time_us > round(_FRESH_S * 1e6):
        last = None
    end_us, from_us = newest_us, newest_us - round(CLIP_S * 1e6)
    if last is not None:
        end_us = min(newest_us, last.device_time_us + round(_BEHIND_S * 1e6))
        from_us = last.device_time_us - round(_GESTURE_S * 1e6)
        over_us = [other.device_time_us + round(_OVER_S * 1e6) for other in reported[-2:-1]]
        from_us = max([from_us, *over_us])
    stretch = recent.cut(end_us - round(CLIP_S * 1e6), end_us)
    return None if stretch is None else Clip(stretch, last, from_us)


def keep_clip(
    clip: Clip, label: str, workspace: Workspace, source: Source, plan: CapturePlan
) -> Path:
    """Write a clip as a recording with one label, which is where the hand moved.

    With a background label it is all of the clip behind what was right before.

    Raises:
        RecordingError: nothing moved, the samples are bad, or the disk is full.
    """
    stretch = _labelled(clip, label)
    recording = Recording(clip.stretch.samples, _info(clip, source, plan), clip.stretch.log)
    found = quality(recording)
    if found.verdict == "bad":
        worst = next(problem for problem in found.problems if problem.severity == "bad")
        raise RecordingError(f"not kept: {worst.message}; `train` would refuse it")
    path = workspace.new_recording(f"wrong-{label}-{plan.participant}-{plan.session}")
    save_labels(labels_path(path), [stretch])
    try:
        write_recording(path, recording)
    except RecordingError:
        labels_path(path).unlink(missing_ok=True)
        raise
    return path


def _labelled(clip: Clip, name: str) -> Label:
    samples, last = clip.stretch.samples, clip.predicted
    times_us = samples.device_time_us
    first_us, end_us = int(times_us[0]), int(times_us[-1])
    start_us = max(first_us, clip.from_us)
    if not is_background(name):
        if last is not None:
            end_us = min(end_us, last.device_time_us + round(_LATE_S * 1e6))
        looked_at = samples.rows((times_us >= start_us) & (times_us <= end_us))
        if len(looked_at) < 2 or stands_still(looked_at):
            raise RecordingError(f"not kept: nothing moved, so it was no {name}")
        start_us, end_us = active_part(looked_at)
    return Label((start_us - first_us) * 1e-6, (end_us - first_us) * 1e-6, name)


def _info(clip: Clip, source: Source, plan: CapturePlan) -> RecordingInfo:
    last = clip.predicted
    return RecordingInfo(
        **source.link.info.model_dump(),
        participant=plan.participant,
        session=plan.session,
        started_unix_ns=max(0, round(source.clock.host_s(0) * 1e9)),
        predicted=last.label if last else "",
        predicted_score=last.score if last else None,
        predicted_at_us=last.device_time_us if last else None,
        predicted_by=last.by if last else None,
    )
