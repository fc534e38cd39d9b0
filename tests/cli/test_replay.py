"""`--replay`: a recording in the place of a board."""

from __future__ import annotations

from pathlib import Path

from imu_gesture.recording.mcap_file import read_recording
from tests import make
from tests.cli.conftest import Command
from tests.recording.test_mcap_file import assert_equal


def test_live_ends_with_the_recording(command: Command, workspace: Path) -> None:
    recording = workspace / "recordings" / "person-0.mcap"
    done = command("live", "--replay", recording, "--fast", "--no-window", "-w", workspace)
    assert (done.code, done.err) == (0, f"{recording}: ends here\n")
    as_json = command("live", "--replay", recording, "--fast", "--json", "-w", workspace)
    assert as_json.err == ""
    assert len(as_json.out.splitlines()) == len(done.out.splitlines())


def test_record_replays_a_recording(command: Command, tmp_path: Path) -> None:
    samples, _ = make.gestures(["circle", "wave"] * 6)
    source = make.write(tmp_path, "source", samples, [])
    arguments = ("--label", "circle", "--repeats", "2", "--seconds", "1")
    done = command("record", "--replay", source, *arguments, "-w", tmp_path)
    assert done.code == 0, done.err
    found = read_recording(tmp_path / "recordings" / "circle-unknown-1.mcap").samples
    assert_equal(found, samples.rows(slice(len(found))))
    assert len(found) > 700
