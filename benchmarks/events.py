"""Gestures on whole streams, delay, false activations on hours of other people's days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from form import Options, Row, run_benchmark, say
from triggered import everyday_rows, triggered_rows
from unknown import Held, left_out
from voting import minirocket_votes

from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.segments import LabelledRecording, load_labelled
from imu_gesture.dataset.splits import Split, make_splits
from imu_gesture.dataset.windows import choose_window
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.continuous import ContinuousScores, Decided, decide_on
from imu_gesture.learning.evaluation import cross_validate
from imu_gesture.learning.events import TOLERANCE_S
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.learning.held_out import held_out_streams, scored_by
from imu_gesture.learning.tuning import DEFAULT_BUDGET_PER_HOUR, Setting, tune
from imu_gesture.recording.importers.options import ImportOptions
from imu_gesture.recording.importers.run import find_sources, import_sources

_BACKGROUND_RATE_HZ = 20.0  # of the slowest set: what is upsampled could be told by its smoothness
_BACKGROUND_WINDOW_S = 1.2
_FOLDS = 6  # one of the six people with everyday activities is in each
_INNER_FOLDS = 3
_QUICK_EPOCHS = 60
_REJECT = 0.05  # of known gestures, for rejecting unknown ones
_UHH = ("uhh_imu_gestures", "uhh", 25.0)
_NANO = ("nano_gestures", "arduino", None)
_EVERYDAY = (("wisdm_watch", "wisdm", None), ("sp_sw_har", "sp-sw-har", None))

Source = tuple[str, str, float | None]  # folder, format, rate where the files state none


@dataclass(frozen=True, eq=False)
class Task:
    """Recordings cut into windows, and what is held out."""

    recordings: list[LabelledRecording]
    dataset: Dataset
    splits: list[Split]
    config: TrainingConfig

    @property
    def hop_s(self) -> float:
        """Time between two classifications."""
        return self.dataset.spec.hop_samples * self.dataset.spec.period_us * 1e-6

    @property
    def gestures(self) -> tuple[str, ...]:
        """Their names."""
        return self.dataset.label_names[: self.dataset.background]


def measure(options: Options) -> Iterator[Row]:
    """All rows that the data allow."""
    if there(options, _UHH):
        task = uhh_task(options)
        found, rejecting, settings = decided(task)
        ours = found.scores(task.gestures)
        yield from uhh(task, ours, settings, options)
        yield from rejecting_rows(rejecting.scores(task.gestures), ours)
        yield from triggered_rows(task, ours, decided)
        if not options.quick:
            yield from unknown(task, settings)
    if there(options, _NANO, *_EVERYDAY):
        yield from background(options)


def there(options: Options, *sources: Source) -> bool:
    """Whether all folders are; says which is not."""
    missing = [name for name, *_ in sources if not ((options.data or Path()) / name).is_dir()]
    for name in missing:
        say(f"{name}: no such folder below --data; its rows are left out")
    return not missing and options.data is not None


def load(options: Options, *sources: Source) -> list[LabelledRecording]:
    """Import folders, and read them as `train` does."""
    assert options.data is not None
    with TemporaryDirectory() as name:
        for folder, format_name, rate_hz in sources:
            files = find_sources(options.data / folder, format_name)
            place = Path(name) / folder
            list(import_sources(files, format_name, ImportOptions(rate_hz=rate_hz), place))
        return [load_labelled(path) for path in sorted(Path(name).rglob("*.mcap"))]


def configured(options: Options) -> TrainingConfig:
    """The defaults, cut short where it has to be quick."""
    return replace(TrainingConfig(), epochs=_QUICK_EPOCHS) if options.quick else TrainingConfig()


def uhh_task(options: Options) -> Task:
    """Each of three people held out."""
    recordings = load(options, _UHH)
    dataset = build_dataset(recordings, choose_window(recordings), streaming=True)
    splits = make_splits(dataset, "participant")
    return Task(recordings, dataset, splits[:1] if options.quick else splits, configured(options))


def uhh(
    task: Task, ours: ContinuousScores, settings: Sequence[Setting], options: Options
) -> Iterator[Row]:
    """Thresholds are chosen on the other two people, held out in turn."""
    peer = {} if options.quick else {"minirocket": judged_votes(task, settings).overall.f1}
    hours = sum(labelled.recording.samples.duration_s for labelled in task.recordings) / 3600
    note = (
        f"{len(task.splits)} of 3 people held out, streams of {hours:.2f} h in all, tolerance "
        f"{TOLERANCE_S:g} s after the end, rate assumed 25 Hz; {ours.cut_off} gestures at an end "
        f"of what was recorded, where its reading was held; settings {settings}"
    )
    yield Row("uhh.event_f1", ours.overall.f1, "fraction", peer, note)
    yield Row("uhh.event_precision", ours.overall.precision, "fraction")
    yield Row("uhh.event_recall", ours.overall.recall, "fraction")
    yield Row("uhh.delay_ms", 1e3 * (ours.delay_s(0.5) or np.nan), "ms", note="median")
    yield Row("uhh.delay_p95_ms", 1e3 * (ours.delay_s(0.95) or np.nan), "ms")


def rejecting_rows(ours: ContinuousScores, alone: ContinuousScores) -> Iterator[Row]:
    """What rejecting costs known gestures, or saves by rejecting what is none."""
    note = f"`train --reject {100 * _REJECT:g}`: a limit to the spread of logits beside thresholds"
    peer = {"thresholds_alone": alone.overall.f1}
    yield Row("uhh.rejecting.event_f1", ours.overall.f1, "fraction", peer, note)
    for name in ("precision", "recall"):
        peer = {"thresholds_alone": getattr(alone.overall, name)}
        yield Row(f"uhh.rejecting.event_{name}", getattr(ours.overall, name), "fraction", peer)


def unknown(task: Task, settings: Sequence[Setting]) -> Iterator[Row]:
    """Each gesture left out of the training in turn: what is rejected, and what thresholds miss."""
    say("unknown: each gesture left out in turn")
    held = Held(task.recordings, task.dataset, task.config, task.hop_s)
    found = left_out(held, list(zip(task.splits, settings, strict=True)))
    note = (
        f"of {found.unknown} performed by held-out people, no report; settings of uhh.rejecting, "
        "chosen on the other people and without knowing an unknown gesture"
    )
    alone = {"thresholds_alone": found.missed}
    yield Row("unknown.rejected", found.rejected, "fraction", alone, note)
    note = "known gestures without a report, for whatever reason, by the same models and settings"
    alone = {"thresholds_alone": found.missed_points}
    yield Row("unknown.recall_cost_points", found.recall_cost_points, "points", alone, note)


def background(options: Options) -> Iterator[Row]:
    """nano_gestures in blocks, the people of the background dealt to them."""
    recordings = load(options, _NANO, *_EVERYDAY)
    spec = choose_window(recordings, _BACKGROUND_RATE_HZ, _BACKGROUND_WINDOW_S)
    yield from everyday_rows(recordings, spec)
    dataset = build_dataset(recordings, spec, streaming=True)
    splits = make_splits(dataset, "block", _FOLDS)
    task = Task(recordings, dataset, splits[:1] if options.quick else splits, configured(options))
    say(f"background: {len(task.splits)} of {len(splits)} folds")
    ours, settings = judged(task, _INNER_FOLDS)
    peer: dict[str, dict[str, float]] = {"rate": {}, "recall": {}}
    if not options.quick:
        votes = judged_votes(task, settings)
        peer["rate"]["minirocket"] = votes.background.per_hour or 0.0
        peer["recall"]["minirocket"] = votes.overall.recall
    watch = ours.background
    note = (
        f"{len(task.splits)} of {len(splits)} folds, gestures of one person on another device, at "
        f"{_BACKGROUND_RATE_HZ:g} Hz; at most {watch.upper_per_hour:.2f} with 95 % confidence; "
        f"settings {settings}"
    )
    yield Row("background.false_per_hour", watch.per_hour or 0.0, "1/h", peer["rate"], note)
    yield Row("background.hours", watch.hours, "h")
    note = f"{ours.cut_off} gestures at an end of what was recorded, where its reading was held"
    yield Row("background.recall", ours.overall.recall, "fraction", peer["recall"], note)
    yield Row("background.precision", ours.overall.precision, "fraction", note="on the gestures")
    for activity, seen in sorted(ours.watched.items()):
        note = f"{seen.hours:.2f} h"
        yield Row(f"background.{activity.replace(' ', '_')}", seen.false_activations, "", note=note)


def judged(task: Task, inner_blocks: int | None) -> tuple[ContinuousScores, list[Setting]]:
    """Our model on every held-out stream, with settings chosen on the training side alone."""
    found, _, settings = decided(task, inner_blocks)
    return found.scores(task.gestures), settings


def decided(task: Task, inner_blocks: int | None = None) -> tuple[Decided, Decided, list[Setting]]:
    """The same before it is counted: by thresholds alone, and rejecting."""
    with FittingPool() as pool, ThreadPoolExecutor(len(task.splits) + 1) as threads:
        outer = threads.submit(cross_validate, task.dataset, task.splits, task.config, pool)
        chosen = [
            threads.submit(setting_for, task, split, inner_blocks, pool) for split in task.splits
        ]
        settings = [future.result() for future in chosen]
        folds = outer.result().folds
    held_out = held_out_streams(task.dataset, task.recordings, folds)
    found = rejecting = Decided((), {}, 0)
    names = task.dataset.label_names
    for streams, setting in zip(held_out, settings, strict=True):
        found += decide_on(streams, names, replace(setting, spread=None).params, task.hop_s)
        rejecting += decide_on(streams, names, setting.params, task.hop_s)
    return found, rejecting, settings


def setting_for(task: Task, split: Split, inner_blocks: int | None, pool: FittingPool) -> Setting:
    """What suits the training side of a split best, each part of it held out in turn."""
    side = task.dataset.subset(split.learn)
    inner = make_splits(side, "block" if inner_blocks else "participant", inner_blocks)
    folds = cross_validate(side, inner, task.config, pool).folds
    streams = [scored for part in held_out_streams(side, task.recordings, folds) for scored in part]
    budget, separate = DEFAULT_BUDGET_PER_HOUR, side.spec.separate
    return tune(streams, side.label_names, task.hop_s, budget, separate, _REJECT).setting


def judged_votes(task: Task, settings: Sequence[Setting]) -> ContinuousScores:
    """MiniRocket's votes on the same folds, counted by the same decision stage."""
    found = Decided((), {}, 0)
    for split, setting in zip(task.splits, settings, strict=True):
        say(f"minirocket: {split.name}")
        model = minirocket_votes(task.dataset, split)
        (streams,) = scored_by(task.dataset, task.recordings, [split.test], [model])
        found += decide_on(streams, task.dataset.label_names, setting.params, task.hop_s)
    return found.scores(task.gestures)


if __name__ == "__main__":
    run_benchmark("events", measure)
