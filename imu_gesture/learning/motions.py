"""How long a hand has to be calm until a gesture is over: chosen on labelled recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from imu_gesture import _core
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import Run, WindowSpec, corrected, runs_of
from imu_gesture.learning.events import TOLERANCE_S, TimedLabel, match_events

_CALM_S = (0.4, 0.3, 0.25, 0.2, 0.15)  # a hand that only turns back is calm for less
_PEAK_SHARES = (0.08, 0.12, 0.16, 0.2)
_MARGIN_S = 0.05  # by which other people's motions may be over later than these


def choose_motion(recordings: Sequence[LabelledRecording], spec: WindowSpec) -> _core.MotionParams:
    """What tells these gestures best, one motion each that is over soon after its gesture.

    The calmest where several do. No model is needed: what counts is when a motion is over.
    """
    streams = [
        (labelled, runs_of(corrected(labelled), spec))
        for labelled in recordings
        if labelled.gestures
    ]
    candidates = [
        _core.MotionParams(calm_s=calm_s, peak_share=share)
        for calm_s, share in product(_CALM_S, _PEAK_SHARES)
    ]
    return max(candidates, key=lambda motion: _worth(streams, replace(spec, motion=motion)))


def _worth(streams: Sequence[tuple[LabelledRecording, list[Run]]], spec: WindowSpec) -> float:
    """F1 of motions as reports of gestures of whatever name."""
    told, gestures, motions = 0, 0, 0
    for labelled, runs in streams:
        reports = [TimedLabel(end_s, "") for run in runs for end_s in _ends_s(run, labelled, spec)]
        match = match_events(labelled.labels, reports, TOLERANCE_S - _MARGIN_S)
        told += sum(name is not None for name in match.recognised)
        gestures += len(match.expected)
        motions += len(reports)
    return 2 * told / (gestures + motions)


def _ends_s(run: Run, labelled: LabelledRecording, spec: WindowSpec) -> list[float]:
    """When windows are classified, in seconds since the recording's start."""
    due = _core.due_windows(spec.window(), spec.period_us, run.rows)
    ends_us = run.end_us[due + spec.samples - 1]
    return [(end_us - labelled.start_us) * 1e-6 for end_us in ends_us.tolist()]
