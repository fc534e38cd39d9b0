"""Accuracy on held-out blocks and people, size, parity and time of the whole straight line."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from form import Options, Row, run_benchmark, say
from parity import Difference, compare
from peers import PEERS, mean_accuracy, minirocket

from imu_gesture.dataset.dataset import build_dataset
from imu_gesture.dataset.segments import LabelledRecording, load_labelled
from imu_gesture.dataset.splits import SplitKind, make_splits
from imu_gesture.dataset.windows import choose_window
from imu_gesture.deploy.model_check import check_model
from imu_gesture.errors import ModelError
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.evaluation import cross_validate
from imu_gesture.learning.fitting import FittingPool
from imu_gesture.workflow.demo import record_people
from imu_gesture.workspace import Workspace

HEAVY = ("tensorflow", "keras", "bleak", "matplotlib", "scipy", "sklearn", "tflite_micro")
_SEEDS = (0, 1, 2)
_QUICK_FOLDS = 2
_HELP_RUNS = 5


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


def measure(options: Options) -> Iterator[Row]:
    """All rows."""
    data = options.data or Path()
    sources = [source for source in REAL if options.data and (data / source.folder).is_dir()]
    for source in REAL:
        if source not in sources:
            say(f"{source.name}: left out, no folder {data / source.folder} (--data)")
    difference = Difference()
    for source in sources or [SIMULATED]:
        with TemporaryDirectory() as workspace:
            source.fill(data, Path(workspace))
            rows, differs = accuracy(source, Path(workspace), options.quick)
        yield from rows
        difference += differs
    note = f"{difference.windows} held-out windows"
    yield Row("parity.scores_differing_bytes", difference.scores, "bytes", note=note)
    yield Row("parity.features_differing_bytes", difference.inputs, "bytes", note=note)
    yield from straight_line(sources[0] if sources else SIMULATED, data)
    yield refused_models()
    yield from start_up()


def accuracy(source: Source, workspace: Path, quick: bool) -> tuple[list[Row], Difference]:
    """Our int8 model and its peers on the same folds; then the parity of every held-out window."""
    recordings = [load_labelled(path) for path in sorted(workspace.rglob("*.mcap"))]
    dataset = build_dataset(recordings, choose_window(recordings))
    folds = make_splits(dataset, source.split)
    splits, seeds = (folds[:_QUICK_FOLDS], _SEEDS[:1]) if quick else (folds, _SEEDS)
    say(f"{source.name}: {len(dataset)} windows, {len(splits)} folds, {len(seeds)} seeds")
    with FittingPool() as pool:
        ours = cross_validate(dataset, splits, TrainingConfig(), pool, seeds)
    say(f"{source.name}: peers")
    peers = {name: mean_accuracy(peer, dataset, splits, seeds) for name, peer in PEERS.items()}
    if source.rate_hz > dataset.spec.rate_hz and not quick:
        peers["minirocket_source_rate"] = at_source_rate(source, recordings, seeds)
    low, high = ours.confidence
    held = f"{source.protocol}, seeds {list(seeds)}"
    if quick:
        held += f", only {len(splits)} of {len(folds)} folds"
    note = f"{held}, 95 % interval {low:.3f} to {high:.3f}"
    float_peer = {"float": ours.accuracy_float}
    loss_points = 100 * (ours.accuracy_float - ours.accuracy)
    rows = [
        Row(f"{source.name}.int8", ours.accuracy, "fraction", float_peer | peers, note),
        Row(f"{source.name}.macro_f1", ours.macro_f1, "fraction", note=held),
        Row(f"{source.name}.int8_loss", loss_points, "points", note="float minus int8"),
    ]
    named = {labelled.name: labelled for labelled in recordings}
    differs = [compare(dataset, fold, named) for fold in ours.folds if fold.seed == seeds[0]]
    return rows, sum(differs, Difference())


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
        subprocess.run(["imu-gesture", "--help"], check=True, capture_output=True)
        times.append(time.monotonic() - started)
    yield Row("help.seconds", min(times), "s", note=f"best of {_HELP_RUNS}")


def run_command(*arguments: str) -> dict[str, Any]:
    """Run `imu-gesture` and read its JSON."""
    command = ["imu-gesture", *arguments, "--json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"imu-gesture {' '.join(arguments)}: {done.stderr.strip()}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    run_benchmark("accuracy", measure)
