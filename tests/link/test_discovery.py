"""Boards are found, asked who they are, and what is in the way is told."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from imu_gesture import _core
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.discovery import FoundBoard, find_boards, find_radios, identify
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.usb_ports import UsbPort
from imu_gesture.link.virtual.ble_board import BleBoard
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import Performer
from imu_gesture.workflow.boards import virtual_device
from tests.link.places import ON_BLUEZ, ON_BUMBLE, Air, air, device
from tests.link.terminal import Terminal
from tests.live.small_model import small_model

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")

if sys.platform != "win32":
    from imu_gesture.link.virtual.port import VirtualPort

VENDOR, BOARD, BOOTLOADER = 0x2341, 0x805A, 0x005A


def board_port(path: str | Path, product: int = BOARD) -> UsbPort:
    return UsbPort(str(path), "Nano 33 BLE", VENDOR, product)


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[VirtualPort]:
    with VirtualPort(
        VirtualDevice(Device(LSM9DS1_BOARD, 0), Performer(0)), tmp_path / "ttyACM0"
    ) as port:
        yield port


@pytest.fixture
def taught(tmp_path: Path) -> Iterator[VirtualPort]:
    with VirtualPort(virtual_device(1, small_model()), tmp_path / "ttyACM1") as port:
        yield port


@pytest.fixture
def printer() -> Iterator[Terminal]:
    """A board with another sketch."""
    ending = threading.Event()
    with Terminal() as board:

        def print_on() -> None:
            while not ending.wait(0.05):
                board.say(b"0.01\t0.02\t0.98\r\n")

        thread = threading.Thread(target=print_on)
        thread.start()
        yield board
        ending.set()
        thread.join()


def test_boards_tell_who_they_are(plain: VirtualPort, taught: VirtualPort) -> None:
    there = [board_port(plain.path), board_port(taught.path), UsbPort("/dev/ttyS0")]
    first, second = find_boards(lister=lambda: there)
    assert [first.state, second.state] == ["ready", "ready"]
    assert [first.address, second.address] == [str(plain.path), str(taught.path)]
    assert first.info is not None
    assert second.info is not None
    assert first.info.board == "nano33ble-rev1"
    assert first.info.protocol == _core.PROTOCOL_VERSION
    assert first.info.device_id == plain.device.identity.device_id.hex()
    assert first.info.device_id != second.info.device_id
    assert first.info.firmware.count(".") == 2
    assert (first.info.model_id, first.gestures) == ("", ())
    assert second.info.model_id == small_model()[0].model_id
    assert second.gestures == small_model()[0].label_names


def test_everything_that_is_in_the_way_is_told_at_once(
    plain: VirtualPort, taught: VirtualPort, printer: Terminal, tmp_path: Path
) -> None:
    with Terminal() as mute:
        there = [
            board_port(taught.path),
            board_port(plain.path),
            board_port(printer.port),
            board_port(mute.port),
            board_port("/dev/ttyACM9", BOOTLOADER),
            board_port(tmp_path / "gone"),
            UsbPort("/dev/ttyUSB0", "CP2102", 0x10C4, 0xEA60),
        ]
        user = SerialPort(str(plain.path))
        user.open()
        started_s = time.monotonic()
        found = find_boards(every_port=True, lister=lambda: there)
        took_s = time.monotonic() - started_s
        user.close()
    assert [board.state for board in found] == [
        *("ready", "busy", "another sketch", "silent", "bootloader", "missing", "other port")
    ]
    assert took_s < 4.5  # not three seconds for each
    advice = {board.state: board.problem for board in found}
    assert "another program has the port open" in advice["busy"]
    assert "text such as '0.01\\t0.02\\t0.98'" in advice["another sketch"]
    assert "--text --columns ax,ay,az), or put ours on it" in advice["another sketch"]
    assert "no answer in 3 s, and nothing else" in advice["silent"]
    assert "reset button once" in advice["bootloader"]


def test_other_ports_are_not_asked_unless_they_are_named(printer: Terminal) -> None:
    there = [UsbPort(printer.port, "CP2102", 0x10C4, 0xEA60)]
    assert find_boards(lister=lambda: there) == []
    (listed,) = find_boards(every_port=True, lister=lambda: there)
    assert listed == FoundBoard("usb", printer.port, "CP2102", "other port")
    (asked,) = find_boards([printer.port], lister=lambda: there)
    assert (asked.state, asked.name) == ("another sketch", "CP2102")


def test_a_board_of_another_protocol_is_refused() -> None:
    """A board that answers as a later firmware would: with the protocols it speaks."""
    with Terminal() as board:

        def answer() -> None:
            question = board.hear()
            (asked,) = _core.PacketDecoder().feed_stream(question)
            assert isinstance(asked, _core.AskHello)
            ack = _core.Ack()
            ack.command = _core.AskHello.type
            ack.status = _core.AckStatus.UNSUPPORTED_PROTOCOL.value
            ack.data = bytes([2, 3])
            board.say(b"\0" + _core.frame(_core.encode(ack, 0)))

        thread = threading.Thread(target=answer)
        thread.start()
        (found,) = find_boards([board.port], lister=list)
        thread.join()
    assert found.state == "refused"
    assert found.problem.startswith(f"{board.port}: the board speaks protocol 2 to 3, this program")


@pytest.mark.parametrize("kind", [ON_BLUEZ, ON_BUMBLE])
def test_boards_in_the_air_are_asked_too(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    boards = [BleBoard(device(0), "first"), BleBoard(device(1), "second")]
    with air(kind, boards, monkeypatch) as room:
        found = {board.name: board for board in find_radios(1.5, room.backends)}
        identified = identify_in(room, "second")
    assert found.keys() == {"first", "second"}
    for board in boards:
        info = found[board.name].info
        assert info is not None, found[board.name].problem
        assert info.device_id == board.device.identity.device_id.hex()
        assert (found[board.name].link, found[board.name].state) == ("ble", "ready")
        assert found[board.name].address == board.address
        assert -100 < (found[board.name].signal_dbm or 0) < 0
    assert identified == boards[1].device.identity.device_id.hex()
    assert [board.device.core.identifying for board in boards] == [False, True]


def identify_in(room: Air, name: str) -> str:
    with BoardLink(room.radio(name)) as link:
        link.identify(10)
        return link.info.device_id


def test_the_board_that_is_meant_blinks(plain: VirtualPort, taught: VirtualPort) -> None:
    info = identify(str(taught.path))
    assert info.device_id == taught.device.identity.device_id.hex()
    assert (taught.device.core.identifying, plain.device.core.identifying) == (True, False)
