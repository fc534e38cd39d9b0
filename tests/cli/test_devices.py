"""`imu-gesture devices`: what is plugged in, in words and as JSON."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from imu_gesture.workflow.boards import virtual_device
from tests.cli.conftest import Command
from tests.live.small_model import small_model

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")

if sys.platform != "win32":
    from imu_gesture.link.virtual.port import VirtualPort


@pytest.fixture
def board(tmp_path: Path) -> Iterator[VirtualPort]:
    with VirtualPort(virtual_device(0, small_model()), tmp_path / "ttyACM0") as port:
        yield port


def test_a_board_and_a_port_that_is_none(command: Command, board: VirtualPort) -> None:
    done = command("devices", "--port", board.path, "--port", board.path.parent)
    first, second = done.out.splitlines()
    manifest = small_model()[0]
    assert (done.code, done.err) == (0, "")
    assert first.startswith(
        f"{board.path}: nano33ble-rev1, id {board.device.identity.device_id.hex()}"
    )
    assert first.endswith(f"model {manifest.model_id}: {', '.join(manifest.label_names)}")
    assert second.startswith(f"{board.path.parent}: not a port: is no serial port; ")


def test_the_same_as_json(command: Command, board: VirtualPort) -> None:
    done = command("devices", "--json", "--port", board.path, "--port", board.path.parent)
    first, second = json.loads(done.out)["devices"]
    assert first.keys() == second.keys()
    assert (first["state"], first["problem"], first["link"]) == ("ready", None, "usb")
    assert first["model_id"] == small_model()[0].model_id
    assert first["gestures"] == list(small_model()[0].label_names)
    assert first["device_id"] == board.device.identity.device_id.hex()
    assert (second["state"], second["board"]) == ("not a port", None)


def test_without_boards_it_says_what_to_do(command: Command) -> None:
    done = command("devices")
    assert done.code == 0
    assert done.out or "is one plugged in, with a cable for data?" in done.err


@pytest.mark.parametrize("as_json", [True, False])
def test_a_board_blinks(command: Command, board: VirtualPort, as_json: bool) -> None:
    done = command("devices", "--identify", board.path, *["--json"] * as_json)
    assert (done.code, done.err) == (0, "")
    assert board.device.core.identifying
    assert board.device.identity.device_id.hex() in done.out
    assert not as_json or json.loads(done.out)["blinking"] == str(board.path)


def test_a_board_that_is_not_there_cannot_blink(command: Command, tmp_path: Path) -> None:
    assert "there is no such port" in command("devices", "--identify", tmp_path / "x").problem
