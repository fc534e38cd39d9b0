"""One inference after each motion, beside one at every hop: the same people, folds and choices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from form import Row, say

from imu_gesture import _core
from imu_gesture.dataset.dataset import build_dataset
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.splits import make_splits
from imu_gesture.dataset.windows import WindowSpec
from imu_gesture.learning.continuous import ContinuousScores, Decided
from imu_gesture.learning.motions import choose_motion
from imu_gesture.learning.streams import stream_of
from imu_gesture.learning.tuning import Setting

if TYPE_CHECKING:
    from events import Task

Judge = Callable[["Task"], tuple[Decided, Decided, Sequence[Setting]]]


def triggered_rows(task: Task, continuous: ContinuousScores, judge: Judge) -> Iterator[Row]:
    """Of a task that holds out people; `continuous` is what it gives at every hop."""
    found, chosen = Decided((), {}, 0), []
    for number, split in enumerate(task.splits):
        say(f"triggered: {split.name}")
        motion = _motion(task, set(task.dataset.participant[split.test].tolist()))
        decided, _, settings = judge(_one_fold(task, motion, number))
        found += decided
        chosen.append((f"calm {motion.calm_s:.2f} s, {motion.peak_share:.2f} of peak", *settings))
    yield from _rows(found.scores(task.gestures), continuous, f"chosen on the others: {chosen}")


def everyday_rows(recordings: Sequence[LabelledRecording], spec: WindowSpec) -> Iterator[Row]:
    """How often everyday life, in which there are no gestures, takes an inference."""
    spec = replace(spec, motion=_core.MotionParams())
    streams = [stream_of(labelled, spec) for labelled in recordings if not labelled.gestures]
    inferences = sum(len(stream) for stream in streams)
    hops = sum(len(stream.hops_us) for stream in streams)
    hours = hops * spec.hop_s / 3600
    note = f"{inferences} of {hops} hops, {inferences / hours:.0f} an hour; the core's own defaults"
    yield Row("triggered.background.inferences_share", inferences / hops, "fraction", note=note)


def _motion(task: Task, held_out: set[str]) -> _core.MotionParams:
    others = [r for r in task.recordings if r.recording.info.participant not in held_out]
    return choose_motion(others, task.dataset.spec)


def _one_fold(task: Task, motion: _core.MotionParams, number: int) -> Task:
    """The task with only one part held out, cut where these motions are over."""
    spec = replace(task.dataset.spec, motion=motion)
    dataset = build_dataset(task.recordings, spec, streaming=True)
    split = make_splits(dataset, "participant")[number]
    return replace(task, dataset=dataset, splits=[split])


def _rows(ours: ContinuousScores, peer: ContinuousScores, note: str) -> Iterator[Row]:
    all_, all_peer = ours.overall, peer.overall
    yield Row("triggered.uhh.event_f1", all_.f1, "fraction", {"continuous": all_peer.f1}, note)
    for name in ("precision", "recall"):
        beside = {"continuous": getattr(all_peer, name)}
        yield Row(f"triggered.uhh.event_{name}", getattr(all_, name), "fraction", beside)
    for name, share in (("delay_ms", 0.5), ("delay_p95_ms", 0.95)):
        value, beside_ms = (1e3 * (scores.delay_s(share) or np.nan) for scores in (ours, peer))
        note = "from the labelled end, of those recognised"
        yield Row(f"triggered.{name}", value, "ms", {"continuous": beside_ms}, note)
    shares = [scores.inferences_share or np.nan for scores in (ours, peer)]
    note = f"{ours.inferences} of {ours.hops} hops; {ours.overall.performed} gestures"
    yield Row("triggered.inferences_share", shares[0], "fraction", {"continuous": shares[1]}, note)
