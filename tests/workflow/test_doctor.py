"""Each thing that can be in the way is provoked: it is named, with its cure."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from imu_gesture.workflow.doctor import links, packages, surroundings
from imu_gesture.workflow.doctor.finding import Finding
from tests.conftest import RunPython
from tests.deploy.fake_tool import FakeArduinoCli, posix
from tests.link.places import WITH_DBUS, air, device
from tests.link.terminal import Terminal

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux's own ways")
GROUPS = {"dialout": (20, ["anna"]), "users": (100, [])}


def check_words(finding: Finding, state: str, *wanted: str) -> None:
    assert finding.state == state, finding
    for word in wanted:
        assert word in finding.said


@pytest.mark.parametrize(
    ("version", "bits", "state"),
    [
        ((3, 10, 14), 64, "broken"),
        ((3, 11, 0), 64, "works"),
        ((3, 13, 9), 64, "works"),
        ((3, 14, 0), 64, "broken"),
        ((3, 12, 1), 32, "broken"),
    ],
)
def test_python_of_the_right_age(version: tuple[int, ...], bits: int, state: str) -> None:
    finding = packages.python(version, bits)
    check_words(finding, state, ".".join(map(str, version)), f"{bits} bits")
    assert ("https://www.python.org" in finding.said) == (state == "broken")


def test_the_range_of_pythons_is_the_projects() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == ">=3.11,<3.14"
    extras = set(project["optional-dependencies"]) - {"all"}
    assert {extra.name for extra in packages.EXTRAS} == extras


def test_this_installation_works(tmp_path: Path) -> None:
    for finding in (
        packages.python(),
        packages.core(),
        packages.inference(),
        surroundings.folder(tmp_path),
    ):
        assert finding.state == "works", finding


@pytest.mark.parametrize(
    ("missing", "code", "said"),
    [
        (["imu_gesture._core"], "[p.core()]", ["broken", "compiled core", "pip install"]),
        (
            ["tflite_micro", "ai_edge_litert"],
            "[p.inference()]",
            ["broken", "no runtime", "pip install ai-edge-litert"],
        ),
        (["tensorflow"], "p.extras()", ["limits", "tensorflow not", "'imu-gesture[train]'"]),
        (["PySide6"], "p.extras()", ["limits", "PySide6 not", "'imu-gesture[window]'"]),
        (["bumble"], "p.extras()", ["limits", "bumble not", "'imu-gesture[bumble]'"]),
    ],
)
def test_packages_that_are_missing(
    missing: list[str], code: str, said: list[str], run_python: RunPython
) -> None:
    head = "from imu_gesture.workflow.doctor import packages as p\n"
    show = f"print(*[f for f in {code} if f.state != 'works'], sep='\\n')"
    out = run_python(head + show, missing=missing)
    (line,) = out.splitlines()
    for word in said:
        assert word in line


def test_without_the_core_nothing_else_is_looked_at(run_python: RunPython, tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\nfrom imu_gesture.workflow.doctor import Doctor\n"
        "print(*[f.part for f in Doctor(Path(sys.argv[1])).examine()])"
    )
    assert run_python(code, tmp_path, missing=["imu_gesture._core"]).split() == ["Python", "core"]


@pytest.mark.parametrize("place", ["nowhere", "file"])
def test_a_folder_that_takes_nothing(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    check_words(surroundings.folder(tmp_path / place), "broken", place, "can be written", "-w")


def test_a_full_disk(tmp_path: Path) -> None:
    finding = surroundings.folder(tmp_path, wanted_mb=10**9)
    check_words(finding, "broken", "MB are free", "1000000000 are wanted", "make room")


@on_linux
@pytest.mark.usefixtures("no_display")
def test_no_display() -> None:
    check_words(surroundings.display(), "limits", "there is no display", "ssh -X")


@pytest.mark.usefixtures("screen")
def test_a_display() -> None:
    check_words(surroundings.display(), "works")


@posix
@pytest.mark.parametrize(
    ("answer", "state", "said"),
    [
        (None, "limits", ["not installed", "arduino.github.io"]),
        ('{"VersionString": "1.3.1"}', "works", ["1.3.1"]),
        ('{"VersionString": "0.35.3"}', "limits", ["0.35.3", "1.0.0 or newer"]),
        ("hello", "limits", ["does not tell its version"]),
    ],
)
def test_the_toolchain(
    answer: str | None,
    state: str,
    said: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if answer is not None:
        FakeArduinoCli(tmp_path).answer("version", answer)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    check_words(surroundings.toolchain(), state, *said)


@on_linux
def test_a_board_that_is_silent_and_a_port_that_is_none(tmp_path: Path) -> None:
    with Terminal() as board:
        silent, none = links.ports([board.port, str(tmp_path)], lister=list)
    check_words(silent, "limits", "no answer", "deploy")
    check_words(none, "limits", "is no serial port")


@pytest.mark.parametrize(
    ("user", "own", "groups", "cure"),
    [
        ("anna", [100], GROUPS, "log out and in again"),
        ("ben", [100], GROUPS, "`sudo usermod -a -G dialout ben`"),
        ("ben", [100], {"uucp": (14, [])}, "`sudo usermod -a -G uucp ben`"),
        ("anna", [20, 100], GROUPS, None),
        ("ben", [100], {"users": (100, [])}, None),
    ],
)
def test_who_may_use_ports(
    user: str, own: list[int], groups: dict[str, tuple[int, list[str]]], cure: str | None
) -> None:
    found = list(links.outside(user, own, groups))
    assert [cure in finding.said for finding in found if cure] == ([True] if cure else [])
    assert len(found) == (cure is not None)


@on_linux
def test_no_bus_for_bluetooth(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nothing'}")
    check_words(links.bluetooth(0.1), "limits", "no D-Bus system bus")


@WITH_DBUS
@pytest.mark.parametrize("powered", [True, False])
def test_bluetooth_that_listens_or_is_off(powered: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from imu_gesture.link.virtual.ble_board import BleBoard

    with air("bluez", [BleBoard(device(), "left")], monkeypatch) as room:
        room.power(powered)
        said = ["heard: left"] if powered else ["Bluetooth is off", "bluetoothctl power on"]
        check_words(links.bluetooth(0.4), "works" if powered else "limits", *said)
