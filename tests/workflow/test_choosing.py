"""Which board is meant where none is named."""

from __future__ import annotations

import pytest

from imu_gesture.device import DeviceInfo
from imu_gesture.errors import InputError
from imu_gesture.link.discovery import FoundBoard, find_boards
from imu_gesture.link.usb_ports import UsbPort
from imu_gesture.workflow.choosing import the_only_board

RUNS = FoundBoard(
    "usb", "COM3", "Nano", "ready", info=DeviceInfo(device_id="0102", board="nano33ble-rev2")
)
WAITS = FoundBoard("usb", "COM4", "Nano 33 BLE", "bootloader", "it waits")
NAMELESS = FoundBoard("usb", "COM5", "", "silent", "it says nothing")


@pytest.mark.parametrize("board", [RUNS, WAITS, NAMELESS])
def test_the_only_one_is_taken_whatever_it_does(board: FoundBoard) -> None:
    assert the_only_board(lambda: [board]) == board.address


def test_without_one_it_is_told_what_to_look_for() -> None:
    with pytest.raises(InputError, match=r"no board is there; is one plugged in.*devices --all"):
        the_only_board(list)


def test_of_several_each_is_listed_with_what_to_say() -> None:
    with pytest.raises(InputError) as caught:
        the_only_board(lambda: [RUNS, WAITS, NAMELESS])
    first, *lines = str(caught.value).splitlines()
    assert first == "3 boards are there; say which one:"
    assert lines == [
        "  --port COM3   nano33ble-rev2, id 0102",
        "  --port COM4   Nano 33 BLE (bootloader)",
        "  --port COM5   a board (silent)",
    ]


def test_other_ports_are_no_boards() -> None:
    ports = [UsbPort("/dev/ttyS0"), UsbPort("/dev/ttyUSB0", "CP2102", 0x10C4, 0xEA60)]
    board = UsbPort("/dev/there-is-none", "Nano", 0x2341, 0x005A, "1")
    assert the_only_board(lambda: find_boards(lister=lambda: [*ports, board])) == board.device
    with pytest.raises(InputError, match="no board"):
        the_only_board(lambda: find_boards(lister=lambda: ports))
