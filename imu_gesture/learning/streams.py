"""What a model says along whole recordings, as the board would compute it.

Scores do not depend on thresholds, so they are computed once; the decision stage, which is the
core's own, is run on them as often as thresholds are to be tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import Run, WindowSpec, corrected, runs_of
from imu_gesture.inference.classifier import Int8Array
from imu_gesture.labels import Label
from imu_gesture.learning.events import TOLERANCE_S, TimedLabel
from imu_gesture.samples import Float32Array, Int64Array

_AT_ONCE = 4096  # windows in memory


@dataclass(frozen=True, eq=False)
class Model:
    """Takes windows in g and deg/s, gives int8 outputs (n, classes or twice as many).

    `logit_step`: what one level of the logits is worth that are the second half of the outputs;
    None where it gives scores only.
    """

    outputs: Callable[[Float32Array], Int8Array]
    logit_step: float | None = None


@dataclass(frozen=True, eq=False)
class Stream:
    """The windows of a recording that the board classifies.

    Attributes:
        name, participant: of the recording.
        labels: in seconds since `start_us`, device time.
        rows: (m, channels) float32 at the model rate.
        first_row: (n,) of each window.
        end_us: (n,) int64 device time of each window's end.
        run: (n,) int32 windows with the same number are decided together: a gap-free run, or one
            where each is decided by itself.
        hops_us: (m,) int64 device time of every hop, whether a window is classified then or not.
        cut_off: gestures so near to an end of their run that its readings were held there, as they
            are for windows to learn from.
    """

    name: str
    participant: str
    labels: tuple[Label, ...]
    start_us: int
    rows: Float32Array
    first_row: NDArray[np.intp]
    end_us: Int64Array
    run: NDArray[np.int32]
    hops_us: Int64Array
    cut_off: tuple[Label, ...]

    def __len__(self) -> int:
        """Number of windows."""
        return len(self.end_us)

    def windows(self, samples: int, index: NDArray[np.intp]) -> Float32Array:
        """(len(index), samples, channels) in g and deg/s."""
        return self.rows[self.first_row[index, None] + np.arange(samples)]

    @property
    def end_s(self) -> NDArray[np.float64]:
        """(n,) end of each window in seconds since the stream's start."""
        return np.asarray((self.end_us - self.start_us) * 1e-6, np.float64)

    @property
    def hops_s(self) -> NDArray[np.float64]:
        """(m,) the hops in seconds since the stream's start."""
        return np.asarray((self.hops_us - self.start_us) * 1e-6, np.float64)

    def part(
        self, index: NDArray[np.intp], hops: NDArray[np.bool_], labels: Iterable[Label]
    ) -> Stream:
        """Only the windows at `index`, ascending, and these hops and labels; the rest is a gap."""
        kept = tuple(labels)
        run = self.run[index] + np.cumsum(np.diff(index, prepend=index[:1]) > 1)
        return replace(
            self,
            labels=kept,
            cut_off=tuple(label for label in self.cut_off if label in kept),
            first_row=self.first_row[index],
            end_us=self.end_us[index],
            run=run.astype(np.int32),
            hops_us=self.hops_us[hops],
        )


def stream_of(labelled: LabelledRecording, spec: WindowSpec) -> Stream:
    """Run a recording through the core, up to the model's input."""
    runs = runs_of(corrected(labelled), spec)
    parts = [_Part(run, labelled, spec) for run in runs]
    offsets = np.cumsum([0, *(len(part.rows) for part in parts)])
    run = np.repeat(np.arange(len(parts)), [len(part.end_us) for part in parts])
    if spec.separate:
        run = np.arange(len(run))
    return Stream(
        name=labelled.name,
        participant=labelled.recording.info.participant,
        labels=labelled.labels,
        start_us=labelled.start_us,
        rows=np.concatenate([part.rows for part in parts]),
        first_row=np.concatenate(
            [part.first_row + offset for part, offset in zip(parts, offsets[:-1], strict=True)]
        ),
        end_us=np.concatenate([part.end_us for part in parts]),
        run=run.astype(np.int32),
        hops_us=np.concatenate([part.hops_us for part in parts]),
        cut_off=tuple(label for part in parts for label in part.cut_off),
    )


class _Part:
    """One gap-free run."""

    def __init__(self, run: Run, labelled: LabelledRecording, spec: WindowSpec) -> None:
        self.cut_off = _at_edge(run, labelled, spec)
        samples = run.padded if self.cut_off else run.padded.rows(run.inside)
        self.rows, end_us, _, _ = _core.condition(
            spec.conditioner(), samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps
        )
        due = _core.due_windows(spec.window(), spec.period_us, self.rows)
        self.first_row: NDArray[np.intp] = due.astype(np.intp)
        self.end_us = end_us[due + spec.samples - 1]
        self.hops_us = end_us[spec.samples - 1 :: spec.hop_samples]


def _at_edge(run: Run, labelled: LabelledRecording, spec: WindowSpec) -> tuple[Label, ...]:
    """Gestures of a run that begin before a window is full, or end too late to be reported."""
    first_s, last_s = ((us - labelled.start_us) * 1e-6 for us in (run.first_us, run.last_us))
    return tuple(
        label
        for label in labelled.gestures
        if first_s <= (label.start_s + label.end_s) / 2 <= last_s
        and (label.start_s < first_s + spec.duration_s or label.end_s > last_s - TOLERANCE_S)
    )


@dataclass(frozen=True, eq=False)
class ScoredStream:
    """A stream with what a model gives for its windows: int8 `scores`, behind them any logits."""

    stream: Stream
    scores: Int8Array
    logit_step: float | None = None

    def events(self, names: Sequence[str], params: _core.DecisionParams) -> list[TimedLabel]:
        """What the core's decision stage reports, in seconds since the stream's start."""
        stream = self.stream
        if not len(stream):
            return []
        found = _core.decide(params, stream.end_us, self.scores, stream.run)
        board_us = stream.end_us % 2**32  # the clock that events are told in
        reports, place = [], 0
        for event in found:
            place += int(np.argmax(board_us[place:] == event.device_time_us))
            time_s = (int(stream.end_us[place]) - stream.start_us) * 1e-6
            reports.append(TimedLabel(time_s, names[event.label]))
        return reports


def score(stream: Stream, model: Model, samples: int) -> ScoredStream:
    """Have a model look at every window of `samples` rows."""
    every = np.arange(len(stream))
    parts = [
        model.outputs(stream.windows(samples, every[start : start + _AT_ONCE]))
        for start in range(0, len(stream), _AT_ONCE)
    ]
    scores = np.concatenate(parts or [np.zeros((0, 0), np.int8)])
    return ScoredStream(stream, scores, model.logit_step)
