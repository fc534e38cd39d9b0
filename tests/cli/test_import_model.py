"""`import-model`: its report, its object, and what is said of a wrong use."""

from __future__ import annotations

import json
from pathlib import Path

import onnx
import pytest

from tests.cli.command import run
from tests.cli.conftest import Command
from tests.learning.foreign.onnx_models import CHANNELS, SAMPLES, Net
from tests.models import handmade

MODEL = handmade.tflite(seed=2)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "theirs.tflite"
    path.write_bytes(MODEL)
    return path


def test_the_report_is_printed_and_kept(command: Command, workspace: Path, model: Path) -> None:
    done = command("import-model", model, "-w", workspace)
    assert (done.code, done.err) == (0, "")
    head = f"made of          theirs.tflite\nmodel            {len(MODEL)} bytes\n"
    assert done.out.startswith(head)
    assert "a decision on the board" in done.out
    assert done.out.endswith("next: imu-gesture deploy\n")
    run = workspace / "models" / "run-002"
    assert done.out.startswith((run / "report.txt").read_text(encoding="utf-8"))
    assert (run / "model.tflite").read_bytes() == MODEL


def test_one_object_for_programs(command: Command, workspace: Path, model: Path) -> None:
    labels = "--labels", "circle, wave,background"
    done = command("import-model", model, *labels, "--json", "-w", workspace)
    found = json.loads(done.out)
    assert found["run"] == str(workspace / "models" / "run-002")
    names = [label["name"] for label in found["manifest"]["labels"]]
    assert names == ["circle", "wave", "background"]
    assert found["comparison"]["judged"] == 4 < found["comparison"]["windows"]
    assert found["comparison"]["differing"] is None
    assert found["report"]["operators"]
    assert any("no recording shows background" in warning for warning in found["warnings"])


def test_what_comes_after_works_with_the_run(
    command: Command, workspace: Path, model: Path
) -> None:
    command("import-model", model, "-w", workspace)
    deployed = json.loads(command("deploy", "--json", "-w", workspace).out)
    manifest = json.loads((workspace / "models" / "run-002" / "manifest.json").read_text())
    assert deployed["model_id"] == manifest["model_id"]
    verified = command("verify", "-w", workspace)
    assert (verified.code, verified.err) == (0, "")
    live = command("live", "--virtual", "--seconds", "1", "--json", "-w", workspace)
    assert live.code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("gone.onnx", "gone.onnx: cannot be read"),
        ("{0}/weights.pt", "weights.pt: holds weights or a pickled object, not a network"),
        ("{0}/theirs.tflite --labels a,b", "knows 3 classes, and there are 2 labels: a, b"),
        ("{0}/theirs.tflite --labels a,b,a", "each class needs a name of its own"),
        ("{0}/theirs.tflite --rate 50", "a run has both"),
        ("{0}/theirs.tflite --like run-9", "no run 'run-9'"),
        ("{0}/theirs.tflite --gain 1,2", "--gain: 2 numbers, and the model takes 6 channels"),
    ],
)
def test_mistakes_are_answered_in_a_line(
    arguments: str, message: str, command: Command, workspace: Path, model: Path
) -> None:
    (workspace / "weights.pt").touch()
    assert model.exists()
    done = command("import-model", *arguments.format(workspace).split(" "), "-w", workspace)
    assert message in done.problem
    assert not (workspace / "models" / "run-002").exists()


@pytest.mark.slow
def test_a_process_says_of_an_unknown_layer_its_name_and_nothing_else(workspace: Path) -> None:
    model = Net().conv(CHANNELS, 4, 3).add("Tanh").add("Flatten").head(4 * (SAMPLES - 2)).model()
    onnx.save(model, workspace / "theirs.onnx")
    done = run("import-model", workspace / "theirs.onnx", "-w", workspace)
    first, layer, last = done.err.splitlines()
    assert (done.code, done.out) == (1, "")
    assert first.startswith("error: layers that the board's library does not compute")
    assert layer == "  layer 'tanh1' (Tanh)"
    assert last.startswith("possible are Add, AveragePool, ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", "Missing argument 'FILE'"),
        ("x.onnx --gain 1,two", "'1,two' is not numbers with commas"),
        ("x.onnx --offset nan", "'nan' has numbers that are not finite"),
        ("x.onnx --layout both", "'both' is not one of"),
        ("x.onnx --rate 0", "0.0 is not in the range"),
    ],
)
def test_wrong_usage_is_explained(arguments: str, message: str, command: Command) -> None:
    done = command("import-model", *arguments.split())
    assert (done.code, done.out) == (2, "")
    assert message in done.err
