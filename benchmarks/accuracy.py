"""Accuracy on held-out blocks and people, size, parity and time of the whole straight line."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from form import Options, Row, run_benchmark, say
from parity import Difference, compare
from peers import PEERS, mean_accuracy, minirocket

from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.segments import LabelledRecording, load_labelled
from imu_gesture.dataset.splits import Split, SplitKind, make_splits
from imu_gesture.dataset.windows import choose_window
from imu_gesture.deploy.model_check import check_model
from imu_gesture.errors import ModelError
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.evaluation import Evaluation, cross_validate
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.workflow.demo import record_people
from imu_gesture.workspace import Workspace

HEAVY = ("tensorflow", "keras", "bleak", "matplotlib", "scipy", "sklearn", "tflite_micro")
_SEEDS = (0, 1, 2)
_QUICK_FOLDS = 1
_HELP_RUNS = 5
_RESTING = 0.2
_PROGRAM = str(Path(sys.executable).with_name("imu-gesture"))


@dataclass(frozen=True)
class Source:
    """Recordings to judge by: a folder to import, or simulated people; and what is held out."""

    name: str
    folder: str
    arguments: tuple[str, ...]
    split: SplitKind
    protocol: str
    rate_hz: float

    def fill(self, data: Path, workspace: Path) -> None:
        """Put the recordings into a workspace."""
        if self.folder:
            run_command("import", str(data / self.folder), *self.arguments, "-w", str(workspace))
        else:
            record_people(Workspace(workspace), seed=0)


_ARDUINO = ("--format", "arduino")
REAL = (
    Source("nano_gestures", "nano_gestures", _ARDUINO, "block", "five contiguous blocks", 119.0),
    Source(
        "magic_wand_nanguoyu",
        "magic_wand_nanguoyu/data",
        _ARDUINO,
        "block",
        "five contiguous blocks",
        119.0,
    ),
    Source(
        "uhh",
        "uhh_imu_gestures",
        ("--format", "uhh", "--rate", "25"),
        "participant",
        "each of three people held out, given intervals",
        25.0,
    ),
)
SIMULATED = Source("simulated", "", (), "participant", "each of three people held out", 119.0)


@dataclass(frozen=True, eq=False)
class Task:
    """One set, cut into windows and folds."""

    source: Source
    recordings: list[LabelledRecording]
    dataset: Dataset
    splits: list[Split]
    seeds: tuple[int, ...]
    note: str


def measure(options: Options) -> Iterator[Row]:
    """All rows. Peers are run while our own networks are still being fitted."""
    data = options.data or Path()
    sources = [source for source in REAL if options.data and (data / source.folder).is_dir()]
    for source in REAL:
        if source not in sources:
            say(f"{source.name}: left out, no folder {data / source.folder} (--data)")
    tasks = [prepare(source, data, options.quick) for source in sources or [SIMULATED]]
    with FittingPool() as pool, ThreadPoolExecutor(len(tasks)) as threads:
        config = TrainingConfig()
        fits = [
            threads.submit(cross_validate, task.dataset, task.splits, config, pool, task.seeds)
            for task in tasks
        ]
        refused = refused_models()
        peers = [peer_accuracy(task, options.quick) for task in tasks]
        say("our own networks")
        ours = [fit.result() for fit in fits]
    for task, evaluation, others in zip(tasks, ours, peers, strict=True):
        yield from accuracy(task, evaluation, others)
    yield from parity(tasks, ours)
    yield from straight_line(tasks[0].source, data)
    yield refused
    yield from start_up()


def prepare(source: Source, data: Path, quick: bool) -> Task:
    """Import a set and choose what is held out."""
    with TemporaryDirectory() as workspace:
        source.fill(data, Path(workspace))
        recordings = [load_labelled(path) for path in sorted(Path(workspace).rglob("*.mcap"))]
    dataset = build_dataset(recordings, choose_window(recordings))
    folds = make_splits(dataset, source.split)
    splits, seeds = (folds[:_QUICK_FOLDS], _SEEDS[:1]) if quick else (folds, _SEEDS)
    note = f"{source.protocol}, seeds {list(seeds)}"
    if quick:
        note += f", only {len(splits)} of {len(folds)} folds"
    say(f"{source.name}: {len(dataset)} windows, {note}")
    return Task(source, recordings, dataset, splits, seeds, note)


def peer_accuracy(task: Task, quick: bool) -> dict[str, float]:
    """What others reach on the same folds."""
    say(f"{task.source.name}: peers")
    found = {
        name: mean_accuracy(peer, task.dataset, task.splits, task.seeds)
        for name, peer in PEERS.items()
    }
    if task.source.rate_hz > task.dataset.spec.rate_hz and not quick:
        found["minirocket_source_rate"] = at_source_rate(task.source, task.recordings, task.seeds)
    return found


def accuracy(task: Task, ours: Evaluation, peers: dict[str, float]) -> Iterator[Row]:
    """Our int8 model on what was held out."""
    name = task.source.name
    low, high = ours.confidence
    note = f"{task.note}, 95 % interval {low:.3f} to {high:.3f}"
    loss_points = 100 * (ours.accuracy_float - ours.accuracy)
    yield Row(
        f"{name}.int8", ours.accuracy, "fraction", {"float": ours.accuracy_float} | peers, note
    )
    yield Row(f"{name}.macro_f1", ours.macro_f1, "fraction", note=task.note)
    yield Row(f"{name}.int8_loss", loss_points, "points", note="float minus int8")
    yield from moving_alone(task, ours)


def moving_alone(task: Task, ours: Evaluation) -> Iterator[Row]:
    """The same without held-out examples in which the hand all but rests, where there are any.

    Recorders that wait for a movement start once more at the end of a gesture, and record the rest
    that follows under its name.
    """
    turns_dps = np.sqrt(np.mean(np.square(task.dataset.windows[..., 3:]), axis=(1, 2)))
    moving = turns_dps > _RESTING * np.median(turns_dps)
    if moving.all():
        return
    rights = [(fold.predicted == fold.label)[moving[fold.index]] for fold in ours.folds]
    peer = mean_accuracy(minirocket, task.dataset, task.splits, task.seeds, moving)
    note = (
        f"{np.sum(~moving)} of {len(moving)} examples left out of the score, which turn less than "
        f"{_RESTING:g} times as fast as the median"
    )
    value = float(np.mean(np.concatenate(rights)))
    yield Row(f"{task.source.name}.moving.int8", value, "fraction", {"minirocket": peer}, note)


def parity(tasks: list[Task], ours: list[Evaluation]) -> Iterator[Row]:
    """Every held-out window once: the firmware's stream against calls on whole windows."""
    difference = Difference()
    for task, evaluation in zip(tasks, ours, strict=True):
        recordings = {labelled.name: labelled for labelled in task.recordings}
        for fold in evaluation.folds:
            if fold.seed == task.seeds[0]:
                difference += compare(task.dataset, fold, recordings)
    note = f"{difference.windows} held-out windows"
    yield Row("parity.scores_differing_bytes", difference.scores, "bytes", note=note)
    yield Row("parity.features_differing_bytes", difference.inputs, "bytes", note=note)


def at_source_rate(
    source: Source, recordings: list[LabelledRecording], seeds: tuple[int, ...]
) -> float:
    """MiniRocket on windows at the sensor's own rate: what it can do without our resampling."""
    dataset = build_dataset(recordings, choose_window(recordings, source.rate_hz))
    return mean_accuracy(minirocket, dataset, make_splits(dataset, source.split), seeds)


def straight_line(source: Source, data: Path) -> Iterator[Row]:
    """From the files to the sketch by the three commands, with one model and no folds."""
    say("import, train, deploy")
    with TemporaryDirectory() as workspace:
        started = time.monotonic()
        source.fill(data, Path(workspace))
        trained = run_command("train", "--no-evaluate", "-w", workspace)
        run_command("deploy", "-w", workspace)
        seconds = time.monotonic() - started
    manifest = trained["manifest"]
    yield Row("default.model_bytes", manifest["model_bytes"], "bytes", note=source.name)
    arena = manifest["arena"]
    yield Row("default.arena_bytes", arena["arena_bytes"], "bytes", note=arena["runtime"])
    note = f"{source.name}: import, train without folds, deploy"
    yield Row("train.seconds", seconds, "s", note=note)


def refused_models() -> Row:
    """Models converted with TensorFlow's defaults that the check lets through: none should."""
    say("models converted with TensorFlow's defaults")
    with TemporaryDirectory() as folder:
        script = Path(__file__).with_name("refusals.py")
        subprocess.run(
            [sys.executable, str(script), folder], check=True, capture_output=True, timeout=300
        )
        reasons = {path.stem: refusal(path) for path in sorted(Path(folder).glob("*.tflite"))}
    accepted = sum(reason is None for reason in reasons.values())
    note = "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
    return Row("refusal.accepted", accepted, "models", note=note)


def refusal(model: Path) -> str | None:
    """Why a model is refused, in one line; None when it is not."""
    try:
        check_model(read_facts(model.read_bytes()))
    except ModelError as error:
        return str(error).splitlines()[-1].strip()
    return None


def start_up() -> Iterator[Row]:
    """What `import imu_gesture` loads, and how long `--help` takes."""
    code = "import sys, imu_gesture; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    heavy = [name for name in HEAVY if name in loaded.stdout.split()]
    yield Row("import.heavy_packages", len(heavy), "packages", note=", ".join(heavy))
    times = []
    for _ in range(_HELP_RUNS):
        started = time.monotonic()
        subprocess.run([_PROGRAM, "--help"], check=True, capture_output=True)
        times.append(time.monotonic() - started)
    yield Row("help.seconds", min(times), "s", note=f"best of {_HELP_RUNS}")


def run_command(*arguments: str) -> dict[str, Any]:
    """Run `imu-gesture` and read its JSON."""
    command = [_PROGRAM, *arguments, "--json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"imu-gesture {' '.join(arguments)}: {done.stderr.strip()}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    run_benchmark("accuracy", measure)
