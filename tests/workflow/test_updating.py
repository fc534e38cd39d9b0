"""Pairing and updating over real links: pyserial on a pty, bleak on D-Bus and on bumble."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from imu_gesture import _core
from imu_gesture.deploy.package import model_package
from imu_gesture.errors import BoardError, InputError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.keys import key_file, key_of
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.transport import Transport
from imu_gesture.link.virtual.ble_board import BleBoard
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.link.virtual.transport import VirtualTransport
from imu_gesture.workflow.boards import virtual_device, virtual_port
from imu_gesture.workflow.updating import pair, roll_back, unpair, update, update_status
from tests.link.places import ON_BLUEZ, ON_BUMBLE, WITH_DBUS, air
from tests.live.small_model import small_model

OLD, NEW = small_model(0), small_model(1)


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMU_GESTURE_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


def device(flash: bytes | None = None) -> VirtualDevice:
    made = virtual_device(0, OLD)
    if flash is not None:
        made.core.flash.content = flash
        made.core.reset()
    return made


def paired(private: bool = False) -> bytes:
    """Flash of a board that was paired over USB."""
    board = device()
    with BoardLink(VirtualTransport(board)) as link:
        pair(link, private)
    return board.core.flash.content


@contextmanager
def over_the_air(kind: str, flash: bytes, patch: pytest.MonkeyPatch) -> Iterator[Transport]:
    board = BleBoard(device(flash))
    with air(kind, [board], patch) as room:
        yield room.radio()


def sent(link: BoardLink) -> list[int]:
    progress: list[int] = []
    update(link, model_package(*NEW), lambda done, _: progress.append(done))
    return progress


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_over_a_serial_port(tmp_path: Path) -> None:
    path = tmp_path / "ttyACM0"
    with virtual_port(path, device()), BoardLink(SerialPort(str(path))) as link:
        assert update_status(link).slot is None
        progress = sent(link)
        assert progress == sorted(progress)
        assert progress[-1] == len(model_package(*NEW))
        assert link.model_id == NEW[0].model_id
        assert tuple(link.conversation.labels) == NEW[0].label_names
        assert update_status(link).slot is not None
        roll_back(link)
        assert link.model_id == OLD[0].model_id
        with pytest.raises(BoardError, match="the built-in model runs already"):
            roll_back(link)


@pytest.mark.parametrize("kind", [ON_BLUEZ, ON_BUMBLE])
def test_over_bluetooth_who_is_paired_updates(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with over_the_air(kind, paired(), monkeypatch) as radio, BoardLink(radio) as link:
        assert link.may_change
        sent(link)
        assert link.model_id == NEW[0].model_id


@WITH_DBUS
def test_over_bluetooth_a_stranger_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, keys: Path
) -> None:
    flash = paired()
    (key,) = keys.iterdir()
    key.unlink()
    with over_the_air("bluez", flash, monkeypatch) as radio, BoardLink(radio) as link:
        assert not link.may_change
        with pytest.raises(BoardError, match="connect it by USB and run `imu-gesture pair`"):
            sent(link)
        with pytest.raises(InputError, match="keys are agreed over USB"):
            pair(link)
        assert link.model_id == OLD[0].model_id


def test_a_key_is_the_users_alone_and_can_be_forgotten(keys: Path) -> None:
    board = device()
    with BoardLink(VirtualTransport(board)) as link:
        path = Path(pair(link))
        assert path == key_file(link.info.device_id)
        assert path.parent == keys
        assert path.stat().st_mode & 0o077 == 0
        assert key_of(link.info.device_id) is not None
        unpair(link)
        assert key_of(link.info.device_id) is None


@pytest.mark.parametrize("content", ["", "xyz", "00" * 31])
def test_a_damaged_key_is_an_error_with_the_cure(content: str, keys: Path) -> None:
    keys.mkdir()
    (keys / "one.key").write_text(content)
    with pytest.raises(InputError, match="pair again with `imu-gesture pair`"):
        key_of("one")


def test_a_package_of_another_sketch_is_refused_in_words() -> None:
    content = bytearray(model_package(*NEW))
    content[4] = 9
    with BoardLink(VirtualTransport(device())) as link:
        with pytest.raises(BoardError, match="of another version than the board's sketch"):
            update(link, bytes(content), lambda _, __: None)
        assert link.model_id == OLD[0].model_id


def test_a_board_without_room_for_models_says_so() -> None:
    with BoardLink(VirtualTransport(virtual_device(0))) as link:
        with pytest.raises(BoardError, match="does not know this; put the sketch"):
            update_status(link)
        assert _core.MODEL_ROOM > 20_000
