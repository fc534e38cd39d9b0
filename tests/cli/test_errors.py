"""What goes wrong is said in one line that tells what to do, with exit code 1."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.cli.conftest import Command


def break_manifest(workspace: Path) -> None:
    (workspace / "models" / "run-001" / "manifest.json").write_text("{}")


def break_model(workspace: Path) -> None:
    model = workspace / "models" / "run-001" / "model.tflite"
    model.write_bytes(model.read_bytes()[:-1] + b"!")


def break_recording(workspace: Path) -> None:
    (workspace / "recordings" / "person-0.mcap").write_bytes(b"\x89MCAP0\r\n and no more")


def break_labels(workspace: Path) -> None:
    (workspace / "recordings" / "person-0.txt").write_text("from one to two\n")


def put_a_file_in_the_way(workspace: Path) -> None:
    (workspace / "mine" / "recordings").parent.mkdir()
    (workspace / "mine" / "recordings").touch()
    (workspace / "mine" / "notes.txt").touch()


def nothing(_: Path) -> None: ...


@pytest.mark.parametrize(
    ("arguments", "breaks", "message"),
    [
        ("inspect -w {0}/empty", nothing, "no recordings; make some with `imu-gesture record`"),
        ("inspect {0}/no-such.mcap", nothing, "no-such.mcap: cannot be read"),
        ("inspect {0}/recordings/person-0.txt", nothing, "it does not begin as MCAP files do"),
        ("inspect -w {0}", break_recording, "person-0.mcap: ends before its first sample"),
        ("inspect -w {0}", break_labels, "person-0.txt:1: expected start, end and name"),
        ("train -w {0}/empty", nothing, "no recordings; make some with `imu-gesture record`"),
        ("train -w {0} --architecture huge", nothing, "no architecture 'huge'; there are small"),
        ("train -w {0} --window 0.1", nothing, "choose a longer window"),
        ("train -w {0} --split session", nothing, "only one session"),
        ("train -w {0}", break_recording, "person-0.mcap` to make it whole"),
        ("train -w {0}", break_labels, "person-0.txt:1:"),
        ("deploy -w {0} --run run-9", nothing, "no run 'run-9'; there are run-001"),
        ("deploy -w {0}", break_manifest, "manifest.json: "),
        ("deploy -w {0}", break_model, "describes model"),
        ("deploy -w {0} --output {0}/recordings", nothing, "is not a sketch of imu-gesture"),
        ("deploy -w {0} --output {0}/mine/notes.txt/x", put_a_file_in_the_way, "notes.txt"),
        ("live -w {0} --run run-9 --virtual", nothing, "no run 'run-9'; there are run-001"),
        ("live -w {0} --virtual", break_model, "describes model"),
        ("live -w {0}", nothing, "say where the board is: --port PORT, --ble, or --virtual"),
        ("live -w {0} --port {0}/ttyACM9", nothing, "ttyACM9: there is no such port"),
        ("record -w {0} --label wave", nothing, "say where the board is"),
        ("record -w {0} --label wave --virtual --port x", nothing, "say where the board is"),
        ("record -w {0} --label wave --port {0}/ttyACM9", nothing, "is the board plugged in"),
        ("record -w {0} --label wave --port x --columns ax,ay", nothing, "az is missing"),
        ("record -w {0} --label wave --port {0} --text", nothing, "is no serial port"),
        ("record -w {0} --label wave --virtual --text", nothing, "are for a board at --port"),
        ("record -w {0} --label wave --port=", nothing, "say where the board is"),
        ("record -w {0} --virtual --label nod", nothing, "cannot perform 'nod'; choose from"),
        ("record -w {0} --virtual --label=", nothing, "name of a gesture"),
        ("record -w {0} --virtual --label a\tb", nothing, "name of a gesture"),
        ("record -w {0}/mine --virtual --label wave", put_a_file_in_the_way, "mine/recordings: "),
        ("import -w {0} --format arduino {0}/no-such", nothing, "no-such"),
        ("import -w {0} --format csv {0}/recordings/person-0.txt", nothing, "person-0.txt"),
        ("demo -o {0}", nothing, "recordings: exists; the demo wants a folder of its own"),
    ],
)
def test_a_failure_is_one_line_with_advice(
    arguments: str,
    breaks: Callable[[Path], None],
    message: str,
    workspace: Path,
    command: Command,
) -> None:
    breaks(workspace)
    done = command(*(text.format(workspace) for text in arguments.split(" ")))
    assert message in done.problem


@pytest.mark.parametrize(
    "arguments",
    [
        ["inspect", "-w", "no-such-folder"],
        ["record", "--virtual", "--label", "nod", "-w", "{0}"],
    ],
)
def test_a_failing_process_shows_no_traceback(arguments: list[str], tmp_path: Path) -> None:
    done = run(*(text.format(tmp_path) for text in arguments))
    assert done.problem
    assert "Traceback" not in done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("no-such-command", "No such command 'no-such-command'"),
        ("train --no-such-option", "No such option"),
        ("record --repeats 0", "0 is not in the range x>=1"),
        ("record --repeats many", "'many' is not a valid integer"),
        ("record --seconds 0.1", "0.1 is not in the range x>=0.5"),
        ("record --seconds nan", "nan is not a finite number"),
        ("record --seed -1", "-1 is not in the range"),
        ("demo --seed -1", "-1 is not in the range"),
        ("demo --seed 4294967296", "is not in the range"),
        ("live --seconds nan", "nan is not a finite number"),
        ("live --seconds inf", "inf is not a finite number"),
        ("live --seconds -1", "-1.0 is not in the range"),
        ("live --seconds 0", "0.0 is not in the range"),
        ("train --rate 0", "0.0 is not in the range"),
        ("train --window nan", "nan is not a finite number"),
        ("train --seed -1", "-1 is not in the range"),
        ("train --epochs 0", "0 is not in the range"),
        ("train --split person", "'person' is not one of"),
        ("import", "Missing argument 'SOURCE'"),
        ("import x", "Missing option '--format'"),
        ("import x --format csv --rate 0", "0.0 is not in the range"),
    ],
)
def test_wrong_usage_is_explained_with_exit_code_2(
    arguments: str, message: str, command: Command
) -> None:
    done = command(*arguments.split(" "))
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("Usage: imu-gesture")
    assert message in done.err


@pytest.mark.parametrize("name", ["record", "inspect", "train", "deploy", "live"])
def test_a_workspace_that_is_a_file_is_wrong_usage(
    name: str, command: Command, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    done = command(name, "-w", tmp_path / "file")
    assert done.code == 2
    assert "is a file" in done.err


def test_a_recording_that_fails_leaves_the_others_alone(command: Command, workspace: Path) -> None:
    before = {path: path.read_bytes() for path in (workspace / "recordings").iterdir()}
    command("record", "-w", workspace, "--virtual", "--label", "nod")
    assert before == {path: path.read_bytes() for path in before}
