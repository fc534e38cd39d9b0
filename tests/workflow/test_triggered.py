"""A model with one inference after each motion: the same everywhere, as its manifest says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from imu_gesture import _core
from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import ModelManifest, read_run
from imu_gesture.deploy.package import model_package
from imu_gesture.deploy.sketch import write_sketch
from imu_gesture.link.board_link import BoardLink
from imu_gesture.live.recogniser import HostRecogniser, Recognition, recognitions, until
from imu_gesture.recording.mcap_file import read_recording
from imu_gesture.report.summary import training_summary
from imu_gesture.workflow.boards import laid_link, virtual_link
from imu_gesture.workflow.evaluating import evaluate_run
from imu_gesture.workflow.training import TrainingOptions, train_workspace
from imu_gesture.workflow.updating import update
from imu_gesture.workflow.verifying import ALL_FACES_S, Watch, board_side, host_rungs, windows_of
from imu_gesture.workflow.verifying import stream_of as verified_stream
from imu_gesture.workspace import Workspace
from tests.cli.conftest import Command, command  # noqa: F401 - a fixture
from tests.models.manifests import triggered
from tests.workflow.test_training import workspace

CONTINUOUS, TFLITE = read_run(demonstration.FOLDER)
MANIFEST = triggered(CONTINUOUS, _core.MotionParams(calm_s=0.15))


def host_and_board(
    link: BoardLink, manifest: ModelManifest, seconds: float
) -> tuple[list[Recognition], list[Recognition]]:
    found = list(recognitions(until(link.events(), seconds), HostRecogniser(manifest, TFLITE)))
    host, board = ([r for r in found if r.by == by] for by in ("host", "board"))
    return host, board


def test_every_rung_holds(tmp_path: Path) -> None:
    write_sketch(tmp_path / "firmware_sketch", MANIFEST, TFLITE)
    rungs = list(host_rungs(Workspace(tmp_path), MANIFEST, TFLITE))
    with laid_link(0, (MANIFEST, TFLITE)) as link:
        watch = Watch(ALL_FACES_S, lambda _: None)
        rungs += board_side(link, Workspace(tmp_path), (MANIFEST, TFLITE), watch)
    assert {rung.state for rung in rungs} <= {"passed", "skipped"}, rungs
    assert "3 windows, 3 events" in next(r.detail for r in rungs if "raw samples" in r.name)


def test_verify_looks_at_the_windows_that_motions_trigger(tmp_path: Path) -> None:
    samples = verified_stream(Workspace(tmp_path))
    assert len(windows_of(samples, MANIFEST)) == 4 + 3  # golden ones, and gestures


def test_host_and_virtual_board_report_the_same_gestures() -> None:
    with virtual_link(0, (MANIFEST, TFLITE)) as link:
        host, board = host_and_board(link, MANIFEST, 30.0)
    told = [[(r.device_time_us, r.label, r.score) for r in each] for each in (host, board)]
    assert told[0] == told[1]
    assert len({r.label for r in host}) == len(MANIFEST.labels) - 1  # all but background


def test_a_model_that_comes_over_a_link_brings_its_regime() -> None:
    with virtual_link(0, (CONTINUOUS, TFLITE)) as link:
        update(link, model_package(MANIFEST, TFLITE), lambda _, __: None)
        assert link.model_id.lstrip("0") == MANIFEST.model_id.lstrip("0")
        host, board = host_and_board(link, MANIFEST, 20.0)
    assert [r.label for r in host] == [r.label for r in board] != []


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    place = workspace(tmp_path_factory.mktemp("workspace"), people=2)
    options = TrainingOptions(regime="triggered", architecture="small", epochs=25)
    run = train_workspace(place, options)
    (run.folder / "report.txt").write_text(training_summary(run), encoding="utf-8")
    return place


@pytest.mark.slow
def test_training_chooses_what_triggers_and_says_what_it_saves(trained: Workspace) -> None:
    (folder,) = trained.runs()
    said, _ = read_run(folder)
    assert (said.regime.name, said.decision.smoothing) == ("triggered", 1)
    kept = json.loads((folder / "evaluation.json").read_text("utf-8"))["continuous"]
    assert 0 < kept["inferences"] < 0.1 * kept["hops"]
    assert kept["overall"]["performed"] == 18
    report = (folder / "report.txt").read_text("utf-8")
    assert f"{kept['inferences']} inferences, one after each motion" in report


@pytest.mark.slow
def test_evaluating_follows_the_manifest(trained: Workspace) -> None:
    found = evaluate_run(trained, None, ())
    said, tflite = read_run(trained.runs()[0])
    reports = []
    for path in trained.recording_files():
        samples = read_recording(path).samples
        reports += HostRecogniser(said, tflite).push(samples)
    assert found.streams.overall.reported == len(reports) > 0
    assert found.streams.inferences < 0.1 * found.streams.hops


def test_the_command_asks_for_a_regime_that_there_is(
    tmp_path: Path,
    command: Command,  # noqa: F811 - a fixture
) -> None:
    done = command("train", "-w", tmp_path, "--regime", "sometimes")
    assert done.code == 2
    assert "'continuous', 'triggered'" in done.err
