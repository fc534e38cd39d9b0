"""What a board finds wrong with itself reaches the person, whatever the command."""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from imu_gesture import _core
from imu_gesture.deploy.golden import known_scores
from imu_gesture.link.link import BoardWarned
from imu_gesture.recording.mcap_file import read_recording
from tests.cli.conftest import Command
from tests.workflow.test_self_testing import MANIFEST, TFLITE, device

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

if sys.platform != "win32":
    from imu_gesture.link.virtual.port import VirtualPort

DAMAGED = "self-test: the model in flash is damaged"


@pytest.fixture
def board(tmp_path: Path) -> Iterator[VirtualPort]:
    """The last byte of the model in its flash is another than it was generated with."""
    flash = TFLITE[:-1] + bytes([TFLITE[-1] ^ 1])
    proof = _core.ModelProof(flash, zlib.crc32(TFLITE), *known_scores(MANIFEST, TFLITE))
    with VirtualPort(device(proof), tmp_path / "ttyACM0") as port:
        yield port


def test_devices_tells_it(command: Command, board: VirtualPort) -> None:
    done = command("devices", "--port", board.path)
    assert done.out.splitlines()[1] == f"  it warns: {DAMAGED}"
    found = json.loads(command("devices", "--port", board.path, "--json").out)["devices"]
    assert found[0]["warnings"] == [DAMAGED]


def test_live_tells_it(command: Command, board: VirtualPort, tmp_path: Path) -> None:
    done = command("live", "--port", board.path, "--no-host", "--seconds", "0.5", "-w", tmp_path)
    assert done.err.splitlines().count(f"the board warns: {DAMAGED}") == 1


def test_a_recording_keeps_it(command: Command, board: VirtualPort, tmp_path: Path) -> None:
    asked = ("--label", "background", "--seconds", "1", "-w", tmp_path, "--json")
    done = command("record", "--port", board.path, *asked)
    (recording,) = json.loads(done.out)["recordings"]
    assert f"the board warns: {DAMAGED}" in recording["warnings"]
    assert BoardWarned(DAMAGED) in read_recording(Path(recording["recording"])).events
