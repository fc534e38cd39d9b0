"""From recordings to a run: what is in it, what is said of it, and no half run after a failure."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.front_end import FrontEnd
from imu_gesture.dataset.trust import load_trusted
from imu_gesture.deploy.cost.report import build_report
from imu_gesture.deploy.manifest import MANIFEST_NAME, MODEL_NAME, read_run
from imu_gesture.deploy.sketch import write_sketch
from imu_gesture.errors import DatasetError, ImuGestureError, InputError, ModelError, TrainingError
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.labels import BACKGROUND, Label
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.fitting import FitResult
from imu_gesture.report.summary import training_summary
from imu_gesture.workflow.judgement import Judgement
from imu_gesture.workflow.runs import describe
from imu_gesture.workflow.shortcomings import too_few, warnings_of
from imu_gesture.workflow.training import (
    TrainingOptions,
    TrainingRun,
    make_dataset,
    train_workspace,
)
from imu_gesture.workspace import Workspace
from tests import make
from tests.learning.groups import PATIENCE_S, group, is_gone
from tests.models import handmade
from tests.models.manifests import manifest

GESTURES = ("circle", "push", "wave")
SHORT = TrainingOptions(window_s=0.32)  # 16 rows, as the model made by hand takes
EPOCHS = 3


def workspace(root: Path, names: tuple[str, ...] = GESTURES, people: int = 1) -> Workspace:
    """Three of each gesture by each person; background after them where it is among the names."""
    gestures = [name for name in names if name != BACKGROUND]
    for person in range(people):
        samples, labels = make.gestures(gestures * 3, seed=person)
        if BACKGROUND in names:
            end_s = labels[-1].end_s
            labels.append(Label(end_s + 0.1, end_s + 0.9, BACKGROUND))
        make.write(root / "recordings", f"p{person}", samples, labels, participant=f"p{person}")
    return Workspace(root)


def dataset_of(place: Workspace, options: TrainingOptions = SHORT) -> Dataset:
    return make_dataset(load_trusted(place.recording_files()).recordings, options)


def warnings(place: Workspace, options: TrainingOptions = SHORT) -> str:
    dataset = dataset_of(place, options)
    return "\n".join([*warnings_of(dataset), *too_few(dataset)])


def test_what_the_recordings_lack_is_said(tmp_path: Path) -> None:
    said = warnings(workspace(tmp_path))
    assert said.startswith("NO BACKGROUND WAS RECORDED")
    assert "imu-gesture record --label background" in said
    assert "only one participant (p0)" in said
    assert "fewer than ten examples of circle, push, wave" in said


def test_enough_recordings_give_no_warning(tmp_path: Path) -> None:
    names = ("circle", "push", BACKGROUND)
    assert warnings(workspace(tmp_path, names, people=12)) == ""


def test_labels_without_room_for_a_window_are_named(tmp_path: Path) -> None:
    place = workspace(tmp_path, ("circle", "push", BACKGROUND))
    said = warnings(place, TrainingOptions(window_s=1.0))
    assert "p0: 'background' at 12.100 s has no room for a window" in said


def fitted(tflite: bytes) -> FitResult:
    ones = np.ones(6, np.float32)
    return FitResult(
        tflite,
        FrontEnd("sensor", 20_000),
        0 * ones,
        ones,
        np.zeros((0, 3), np.float32),
        best_epoch=1,
    )


def test_the_manifest_describes_model_and_windows(tmp_path: Path) -> None:
    place = workspace(tmp_path, ("circle", "push", BACKGROUND))
    dataset = dataset_of(place)
    content = handmade.tflite()
    said = describe(dataset, TrainingConfig(seed=5), fitted(content), Judgement({}))
    thresholds = {label.name: label.threshold for label in said.labels}
    assert thresholds == {"circle": 179, "push": 179, BACKGROUND: _core.NEVER}
    assert (said.window.samples, said.window.period_us, said.window.channels) == (16, 20_000, 6)
    assert said.operators == read_facts(content).operator_names
    assert (said.input.scale, said.input.zero_point) == (0.03125, 5)
    assert said.arena.used_bytes <= said.arena.arena_bytes
    assert said.model_bytes == len(content)
    assert said.provenance.seed == 5
    assert said.provenance.dataset_sha256 == dataset.digest()
    assert said.provenance.versions["tensorflow"].startswith("2.")


def test_a_model_that_the_board_would_miscompute_is_refused(tmp_path: Path) -> None:
    dataset = dataset_of(workspace(tmp_path))
    changed = handmade.model()
    handmade.tensor(changed, "weights").quantization.scale = [0.1, 0.2, 0.3]
    with pytest.raises(ModelError, match="3 weight scales"):
        describe(
            dataset,
            TrainingConfig(),
            fitted(handmade.packed(changed)),
            Judgement({}),
        )


@pytest.mark.parametrize("measured", [True, False])
def test_three_numbers_stand_first(measured: bool, tmp_path: Path) -> None:
    dataset = dataset_of(workspace(tmp_path))
    said = manifest(handmade.tflite())
    if not measured:
        arena = said.arena.model_copy(update={"runtime": ""})
        said = said.model_copy(update={"scores": None, "arena": arena})
    report = build_report(said, handmade.tflite())
    run = TrainingRun(
        tmp_path, said, report, dataset, Judgement({}), ("mind the gap",), ("go on",), 12.3
    )
    score, model, arena_line, *rest = training_summary(run).splitlines()
    wanted = "90.0%   (95 % interval 80.0% to 100.0%)" if measured else "not measured"
    assert score.startswith(f"held-out score   {wanted}")
    assert model == f"model            {len(handmade.tflite())} bytes"
    how = "measured with by hand" if measured else "estimated"
    assert arena_line == f"tensor arena     4096 bytes   ({how})"
    assert rest[-2:] == ["warning: mind the gap", "next: go on"]


@pytest.mark.parametrize(
    ("names", "options", "kind", "said"),
    [
        ((), SHORT, InputError, "no recordings"),
        (("circle",), SHORT, DatasetError, "two classes"),
        (GESTURES, TrainingOptions(split="session"), DatasetError, "only one session"),
        (GESTURES, TrainingOptions(architecture="huge"), TrainingError, "no architecture 'huge'"),
        (GESTURES, TrainingOptions(window_s=0.1), DatasetError, "choose a longer window"),
        (GESTURES, TrainingOptions(blocks=4), DatasetError, "too few to hold out 4 blocks"),
    ],
)
def test_what_cannot_be_trained_is_refused_and_leaves_no_run(
    names: tuple[str, ...],
    options: TrainingOptions,
    kind: type[ImuGestureError],
    said: str,
    tmp_path: Path,
) -> None:
    place = workspace(tmp_path, names) if names else Workspace(tmp_path)
    with pytest.raises(kind, match=said):
        train_workspace(place, options)
    assert not place.models.exists()


def test_a_fitting_process_that_dies_leaves_no_run(tmp_path: Path) -> None:
    def kill() -> None:
        while not (found := multiprocessing.active_children()):
            time.sleep(0.01)
        for process in found:
            process.kill()

    place = workspace(tmp_path)
    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(TrainingError, match="ended without a word"):
        train_workspace(place, TrainingOptions(evaluate=False))
    killer.join()
    assert place.runs() == []
    assert not place.models.exists()


INTERRUPTED = """
import signal
from pathlib import Path
from imu_gesture.workflow.training import TrainingOptions, train_workspace
from imu_gesture.workspace import Workspace
signal.signal(signal.SIGINT, signal.default_int_handler)
train_workspace(
    Workspace(Path(sys.argv[1])),
    TrainingOptions(architecture="small", epochs=4000, evaluate=False),
    lambda done, total: print(done, flush=True),
)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no process groups")
def test_ctrl_c_stops_every_process_and_leaves_no_run(tmp_path: Path) -> None:
    place = workspace(tmp_path)
    with group(INTERRUPTED, tmp_path) as training:
        assert training.stdout is not None
        assert training.stdout.readline() == "1\n"
        os.killpg(training.pid, signal.SIGINT)
        assert training.wait(PATIENCE_S) != 0
        assert is_gone(training)
    assert place.runs() == []
    assert not place.models.exists()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[TrainingRun, list[tuple[int, int]]]:
    place = workspace(tmp_path_factory.mktemp("workspace"), people=2)
    progress: list[tuple[int, int]] = []
    options = TrainingOptions(architecture="small", epochs=EPOCHS)
    run = train_workspace(place, options, lambda done, total: progress.append((done, total)))
    assert place.runs() == [run.folder]
    return run, progress


Trained = tuple[TrainingRun, list[tuple[int, int]]]


@pytest.mark.slow
def test_progress_counts_every_epoch_to_the_end(trained: Trained) -> None:
    total = EPOCHS * (2 + 1)  # a model for each person held out, and the one that is kept
    assert trained[1] == [(done, total) for done in range(1, total + 1)]


@pytest.mark.slow
def test_a_run_holds_model_manifest_and_evaluation(trained: Trained) -> None:
    run, _ = trained
    assert run.folder.name == "run-001"
    names = {path.name for path in run.folder.iterdir()}
    assert names == {MODEL_NAME, MANIFEST_NAME, "evaluation.json"}
    assert read_run(run.folder)[0] == run.manifest
    assert run.judged.evaluation is not None
    kept = json.loads((run.folder / "evaluation.json").read_text("utf-8"))
    assert kept == run.judged.as_json()
    assert [fold["held_out"] for fold in kept["folds"]] == ["participant p0", "participant p1"]
    assert list(kept["learned_from"]) == ["p0", "p1"]


@pytest.mark.slow
def test_the_boards_decision_is_the_one_that_was_tuned(trained: Trained) -> None:
    run, _ = trained
    assert run.judged.continuous is not None
    kept = json.loads((run.folder / "evaluation.json").read_text("utf-8"))
    decision = run.manifest.decision
    assert kept["decision"]["thresholds"] == [label.threshold for label in run.manifest.labels]
    assert kept["decision"]["smoothing"] == decision.smoothing
    assert kept["decision"]["refractory_us"] == decision.refractory_us
    assert run.manifest.labels[-1].name == BACKGROUND  # of windows beside gestures
    assert run.manifest.labels[-1].threshold == _core.NEVER
    assert kept["continuous"]["overall"]["performed"] == 18
    assert kept["continuous"]["background"]["per_hour"] is None
    assert kept["decision"]["enough_background"] is False


@pytest.mark.slow
def test_the_summary_has_what_was_measured(trained: Trained) -> None:
    run, _ = trained
    assert run.manifest.scores is not None
    lines = training_summary(run).splitlines()
    assert f"{run.manifest.scores.accuracy:.1%}" in lines[0]
    assert str((run.folder / MODEL_NAME).stat().st_size) in lines[1]
    assert f"{run.manifest.arena.arena_bytes} bytes   (measured with tflite-micro" in lines[2]
    how = run.manifest.provenance.configuration["quantisation"]
    assert any(f"({how} quantisation)" in line for line in lines)
    assert sum(line.startswith("warning: ") for line in lines) == len(run.warnings) > 0


@pytest.mark.slow
def test_a_run_becomes_a_sketch(trained: Trained, tmp_path: Path) -> None:
    manifest_, tflite = read_run(trained[0].folder)
    write_sketch(tmp_path / "sketch", manifest_, tflite)
    assert (tmp_path / "sketch" / "sketch.ino").is_file()
