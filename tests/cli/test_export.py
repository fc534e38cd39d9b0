"""`imu-gesture export`, and `import` of what it wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest

from imu_gesture.cli.importing import import_
from imu_gesture.recording.importers.run import FORMATS
from imu_gesture.recording.mcap_file import read_recording
from tests.cli.command import Done
from tests.cli.conftest import Command

CSV = "--time device_time_us --time-unit us --label-column label"


def the_object(done: Done) -> dict[str, Any]:
    """Exactly one JSON object on one line, nothing else said anywhere."""
    assert (done.code, done.err) == (0, "")
    (line,) = done.out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_it_explains_itself(command: Command) -> None:
    done = command("export", "--help")
    assert done.out.startswith("Usage: imu-gesture export ")
    assert "--per-label" in done.out
    assert "\n  export " in command("--help").out


def test_import_offers_every_format() -> None:
    (option,) = [option for option in import_.params if option.name == "format_name"]
    assert isinstance(option.type, click.Choice)
    assert list(option.type.choices) == sorted(FORMATS)


@pytest.mark.parametrize(
    ("format_name", "back"),
    [("csv", f"csv {CSV}"), ("parquet", "parquet")],
)
def test_a_workspace_there_and_back(
    format_name: str, back: str, command: Command, workspace: Path, tmp_path: Path
) -> None:
    out, again = tmp_path / "out", tmp_path / "again"
    report = the_object(
        command("export", "-w", workspace, "--format", format_name, "-o", out, "--json")
    )
    assert report["files"] == 2
    assert [one["samples"] for one in report["recordings"]] == [595, 595]
    assert report["recordings"][0]["findings"] == []
    assert command("import", out, "-w", again, "--format", *back.split()).code == 0
    for name in ("person-0.mcap", "person-1.mcap"):
        old = read_recording(workspace / "recordings" / name).samples
        new = read_recording(again / "recordings" / name).samples
        assert np.array_equal(new.acc_g, old.acc_g)
        assert np.array_equal(new.gyr_or_zero_dps, old.gyr_or_zero_dps)
        assert np.array_equal(new.device_time_us, old.device_time_us)


@pytest.mark.parametrize("format_name", ["edge-impulse-json", "edge-impulse-cbor"])
def test_stretches_there_and_back(
    format_name: str, command: Command, workspace: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (tmp_path / "key").write_text("abc\n")
    arguments = ("--per-label", "--hmac-key-file", tmp_path / "key", "-o", out)
    done = command("export", "-w", workspace, "--format", format_name, *arguments)
    assert done.out.splitlines()[-1] == f"4 files from 2 recordings in {out}"
    report = the_object(
        command("import", out, "-w", tmp_path / "again", "--format", "edge-impulse", "--json")
    )
    found = {Path(file["source"]).name.split(".")[0]: file for file in report["files"]}
    assert report["segments"] == 4
    assert found["circle"]["segments"] == {"circle": 1}
    assert found["wave"]["stated_rate_hz"] == pytest.approx(119, abs=0.1)


def test_named_recordings_only(command: Command, workspace: Path, tmp_path: Path) -> None:
    path = workspace / "recordings" / "person-1.mcap"
    done = command("export", path, "--format", "csv", "-o", tmp_path / "out")
    assert (done.code, done.err) == (0, "")
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["person-1.csv"]


def test_what_a_format_cannot_hold_is_said(
    command: Command, workspace: Path, tmp_path: Path
) -> None:
    done = command("export", "-w", workspace, "--format", "edge-impulse-json", "-o", tmp_path / "o")
    assert "  label lost: person-0: 2 labels are not written; --per-label" in done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("-w {0}/empty -o {0}/out", "no recordings; make some with `imu-gesture record`"),
        ("{0}/no-such.mcap -o {0}/out", "no-such.mcap: cannot be read"),
        ("-w {0} -o {0}/there", "person-0.csv: exists already; choose another folder"),
        ("-w {0} -o {0}/out --hmac-key-file {0}/no-key", "no-key: No such file"),
        ("-w {0} -o {0}/there/person-0.csv/x", "person-0.csv"),
    ],
)
def test_a_failure_is_one_line_with_advice(
    arguments: str, message: str, workspace: Path, command: Command
) -> None:
    (workspace / "there").mkdir()
    (workspace / "there" / "person-0.csv").touch()
    words = [word.format(workspace) for word in arguments.split(" ")]
    assert message in command("export", "--format", "csv", *words).problem


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--format csv", "Missing option '--output'"),
        ("-o out", "Missing option '--format'"),
        ("--format xlsx -o out", "'xlsx' is not one of"),
    ],
)
def test_wrong_usage_is_explained(arguments: str, message: str, command: Command) -> None:
    done = command("export", *arguments.split(" "))
    assert done.code == 2
    assert message in done.err
