"""Where a board is looked for after an upload: by its serial number, whatever its port is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from imu_gesture.deploy.toolchain.arduino_cli import ArduinoCli
from imu_gesture.device import DeviceInfo
from imu_gesture.errors import DeploymentError
from imu_gesture.link.usb_ports import UsbPort
from imu_gesture.workflow import uploading
from imu_gesture.workflow.boards import virtual_device
from imu_gesture.workflow.uploading import upload
from tests.deploy.fake_tool import FakeArduinoCli
from tests.deploy.tool_output import said
from tests.live.small_model import small_model

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
if sys.platform != "win32":
    from imu_gesture.link.virtual.port import VirtualPort

ARDUINO, SKETCH, BOOTLOADER = 0x2341, 0x805A, 0x005A
MODEL = small_model()
NOWHERE = "/dev/ttyACM-nowhere"


@pytest.fixture
def fake(tmp_path: Path) -> FakeArduinoCli:
    return FakeArduinoCli(tmp_path / "bin")


@pytest.fixture
def tool(fake: FakeArduinoCli, tmp_path: Path) -> ArduinoCli:
    return ArduinoCli(str(fake.path), tmp_path / "logs")


def to(tool: ArduinoCli, port: str, *ports: UsbPort) -> DeviceInfo:
    """Upload to a port, where the computer has these from then on."""

    def lister() -> Sequence[UsbPort]:
        return ports

    return upload(tool, Path("sketch"), MODEL[0], DeviceInfo(source=port), lambda _: None, lister)


def test_a_port_of_another_name_is_found_by_the_boards_serial_number(
    tool: ArduinoCli, tmp_path: Path
) -> None:
    path = tmp_path / "ttyACM1"
    before = UsbPort(NOWHERE, "", ARDUINO, BOOTLOADER, "AB12")
    after = UsbPort(str(path), "", ARDUINO, SKETCH, "AB12")
    other = UsbPort("/dev/ttyACM-other", "", ARDUINO, SKETCH, "CD34")
    with VirtualPort(virtual_device(0, MODEL), path):
        assert to(tool, NOWHERE, before, other, after).source == str(path)


def test_without_a_serial_number_it_is_where_the_tool_has_seen_it(
    fake: FakeArduinoCli, tool: ArduinoCli, tmp_path: Path
) -> None:
    path = tmp_path / "ttyACM1"
    fake.answer("upload", said("upload_ok.json").replace("/dev/cu.usbmodem2", str(path)))
    with VirtualPort(virtual_device(0, MODEL), path):
        assert to(tool, NOWHERE).source == str(path)


def test_a_board_that_is_nowhere_is_waited_for_so_long(
    tool: ArduinoCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "_BACK_S", 0.5)
    with pytest.raises(DeploymentError, match=r"has not come back within 0\.5 s"):
        to(tool, NOWHERE)


@pytest.mark.parametrize(
    ("waiting", "words"),
    [
        ([], ""),
        (["COM7"], "the board waits for a sketch now: imu-gesture deploy --port COM7"),
        (["COM7", "COM8"], ""),
    ],
)
def test_where_a_board_waits_that_was_not_written_is_told(
    waiting: list[str], words: str, fake: FakeArduinoCli, tool: ArduinoCli
) -> None:
    fake.answer("upload", err=said("upload_failed.json"), code=1)
    ports = [UsbPort(name, "", ARDUINO, BOOTLOADER, name) for name in waiting]
    with pytest.raises(DeploymentError, match="reset button twice") as caught:
        to(tool, NOWHERE, *ports)
    lines = str(caught.value).splitlines()
    assert lines[2:] == ([words] if words else [])
