"""Each way a serial port can fail has its own message: seen on real devices of the system."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from imu_gesture.errors import LinkError
from imu_gesture.link.port_trouble import PortError
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.usb_ports import UsbPort, list_ports
from tests.link.terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")

BOARD = UsbPort("/dev/ttyACM7", "Nano 33 BLE", 0x2341, 0x805A)
OTHER = UsbPort("/dev/ttyUSB0", "CP2102", 0x10C4, 0xEA60)
BUILT_IN = UsbPort("/dev/ttyS0")
_NOBODY = 65534


def trouble(port: str | Path, *there: UsbPort) -> PortError:
    with pytest.raises(PortError) as caught:
        SerialPort(str(port), lambda: there).open()
    assert str(caught.value).startswith(f"{port}: ")
    return caught.value


def no_such_port(folder: Path) -> Path:
    return folder / "ttyACM9"


def below_a_file(folder: Path) -> Path:
    (folder / "a").touch()
    return folder / "a" / "ttyACM0"


def link_to_nothing(folder: Path) -> Path:
    (folder / "link").symlink_to(folder / "gone")
    return folder / "link"


def links_in_a_circle(folder: Path) -> Path:
    (folder / "a").symlink_to(folder / "b")
    (folder / "b").symlink_to(folder / "a")
    return folder / "a"


def folder_itself(folder: Path) -> Path:
    return folder


def plain_file(folder: Path) -> Path:
    (folder / "file").touch()
    return folder / "file"


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (no_such_port, "missing", "there is no such port; there are /dev/ttyACM7 (Nano 33 BLE), "),
        (below_a_file, "missing", "there is no such port"),
        (link_to_nothing, "missing", "gone, which is not there; there are /dev/ttyACM7"),
        (links_in_a_circle, "missing", "is a link to"),
        (folder_itself, "not a port", "is no serial port; there are /dev/ttyACM7"),
        (plain_file, "not a port", "is no serial port; there are /dev/ttyACM7"),
    ],
)
def test_what_is_no_port_is_told_with_those_there_are(
    make: Callable[[Path], Path], kind: str, message: str, tmp_path: Path
) -> None:
    found = trouble(make(tmp_path), BOARD, OTHER, BUILT_IN)
    assert (found.kind, message in str(found)) == (kind, True), str(found)
    assert "/dev/ttyUSB0 (CP2102)" in str(found)
    assert "ttyS0" not in str(found)


def test_without_any_usb_port_the_cable_is_asked_about(tmp_path: Path) -> None:
    assert "with a cable for data?" in str(trouble(tmp_path / "ttyACM0", BUILT_IN))


def test_the_systems_own_list_can_be_read() -> None:
    assert all(port.device for port in list_ports())


@contextmanager
def second_program(port: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the port open, exclusively."""
    code = (
        "import serial, sys\n"
        "port = serial.Serial(sys.argv[1], exclusive=True)\n"
        "print('open', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, port],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="who has it is only told on Linux")
def test_a_busy_port_names_the_program_that_has_it() -> None:
    with Terminal() as board, second_program(board.port) as program:
        found = trouble(board.port)
        assert found.kind == "busy"
        assert "another program has the port open: " in str(found)
        assert f"(process {program.pid})" in str(found)


def test_a_port_is_free_again_when_its_program_ends() -> None:
    with Terminal() as board:
        with second_program(board.port):
            assert trouble(board.port).kind == "busy"
        port = SerialPort(board.port)
        port.open()
        port.close()


def test_a_terminal_whose_other_end_is_closed() -> None:
    with Terminal() as board:
        board.vanish()
        assert trouble(board.port, BOARD).kind in {"missing", "gone"}  # as the system has it


@pytest.mark.skipif(sys.platform != "linux", reason="the error number is Linux's")
def test_a_device_with_nothing_behind_it() -> None:
    """Such as the terminal of a process that has none."""
    code = (
        "from imu_gesture.link.serial_port import SerialPort\n"
        "try:\n    SerialPort('/dev/tty').open()\n"
        "except Exception as error: print(error.kind, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        start_new_session=True,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("gone /dev/tty: nothing is behind it any more")
    assert "plug the board in again" in done.stdout


def test_a_board_in_its_bootloader_is_not_opened() -> None:
    with Terminal() as board:
        found = trouble(board.port, UsbPort(board.port, "Arduino", 0x2341, 0x005A))
    assert found.kind == "bootloader"
    assert "press its reset button once, or put a sketch on it (`imu-gesture deploy`)" in str(found)


def test_a_bootloader_behind_a_link_is_seen(tmp_path: Path) -> None:
    with Terminal() as board:
        (tmp_path / "board").symlink_to(board.port)
        found = trouble(tmp_path / "board", UsbPort(board.port, "", 0x2341, 0x005A))
    assert found.kind == "bootloader"


def test_a_board_that_is_unplugged_while_in_use() -> None:
    with Terminal() as board:
        port = SerialPort(board.port)
        port.open()
        board.vanish()
        with pytest.raises(LinkError, match=r"the board is gone .*; plug it in again, so that"):
            while True:
                port.read(1.0)
        port.close()


def test_a_board_that_takes_nothing_is_told_apart_from_one_that_is_gone() -> None:
    with Terminal() as board:
        port = SerialPort(board.port)
        port.open()
        with pytest.raises(PortError, match=r"takes nothing .* for 2 s; its sketch hangs") as found:
            port.write(b"?" * 1_000_000)
        port.close()
    assert found.value.kind == "stuck"


def as_user(port: str, groups: list[int], group_file: Path | None = None) -> str:
    """What an ordinary user in these groups is told; `group_file` stands in for /etc/group."""
    code = (
        "import os, sys, grp, pwd, serial.tools.list_ports_linux\n"
        "from imu_gesture.link.serial_port import SerialPort\n"
        "port = SerialPort(sys.argv[1])\n"
        "os.setgroups([int(group) for group in sys.argv[2].split(',') if group])\n"
        f"os.setegid({_NOBODY}); os.seteuid({_NOBODY})\n"
        "try:\n    port.open()\n"
        "except Exception as error: print(type(error).__name__, error.kind, error)\n"
        "else: print('open')\n"
    )
    command = [sys.executable, "-c", code, port, ",".join(map(str, groups))]
    if group_file is not None:
        shell = f'mount --bind {group_file} /etc/group && exec "$@"'
        command = ["unshare", "--mount", "sh", "-c", shell, "sh", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    if group_file is not None and done.returncode != 0:
        pytest.skip(f"no namespace of its own for /etc/group: {done.stderr.strip()}")
    return done.stdout.strip() or done.stderr


root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root can give a port to others"
)


def _dialout() -> int:
    import grp

    try:
        return grp.getgrnam("dialout").gr_gid
    except KeyError:
        pytest.skip("no group dialout on this system")


@pytest.fixture
def dialout_port() -> Iterator[str]:
    """A port as Debian sets it up: crw-rw---- root dialout."""
    with Terminal() as board:
        os.chown(board.port, 0, _dialout())
        Path(board.port).chmod(0o660)
        yield board.port


@root
def test_a_port_that_belongs_to_a_group_names_it_and_the_command(dialout_port: str) -> None:
    said = as_user(dialout_port, [])
    assert said.startswith(f"PortError permission {dialout_port}: you (nobody) may not use it")
    assert "(crw-rw----), group dialout may: `sudo usermod -a -G dialout nobody`" in said
    assert said.endswith("then log out and in again")


@root
def test_a_user_in_the_group_can_open_it(dialout_port: str) -> None:
    assert as_user(dialout_port, [os.stat(dialout_port).st_gid]) == "open"  # noqa: PTH116


@root
def test_a_user_who_has_joined_the_group_since_logging_in(
    dialout_port: str, tmp_path: Path
) -> None:
    groups = Path("/etc/group").read_text(encoding="utf-8")
    joined = "".join(
        f"{line}nobody\n" if line.startswith("dialout:") else f"{line}\n"
        for line in groups.splitlines()
    )
    (tmp_path / "group").write_text(joined, encoding="utf-8")
    tmp_path.chmod(0o755)
    (tmp_path / "group").chmod(0o644)
    said = as_user(dialout_port, [], tmp_path / "group")
    assert "you (nobody) are in group dialout, which may use it, but have logged in before" in said


@root
@pytest.mark.parametrize("member", [False, True])
def test_a_port_that_no_group_may_use(dialout_port: str, member: bool) -> None:
    Path(dialout_port).chmod(0o600)
    said = as_user(dialout_port, [_dialout()] if member else [])
    assert "(crw-------), and its group dialout may not either" in said
    assert said.endswith(f"`sudo chmod a+rw {dialout_port}`")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may open anything")
def test_a_port_that_even_its_owner_may_not_use() -> None:
    with Terminal() as board:
        Path(board.port).chmod(0)
        assert trouble(board.port).kind == "permission"
