"""The PlatformIO project beside the sketch."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest

from imu_gesture.deploy.pins import read_pins, sketch_pins
from imu_gesture.deploy.toolchain.platformio import build, platformio_ini
from imu_gesture.errors import DeploymentError
from tests.deploy.fake_tool import posix
from tests.deploy.tool_output import said


def test_it_has_the_same_pins_as_the_sketch() -> None:
    pins = sketch_pins()
    project = configparser.ConfigParser()
    project.read_string(platformio_ini(pins))
    board = project["env:nano33ble"]
    assert board["platform"] == "nordicnrf52@10.11.0"
    assert (board["board"], board["framework"]) == ("nano33ble", "arduino")
    libraries = board["lib_deps"].split()
    assert len(libraries) == len(pins.libraries) == 3
    for library in libraries:
        owner, _, rest = library.partition("/")
        name, _, version = rest.partition("@")
        assert pins.libraries[name] == version
        assert owner == ("spaziochirale" if name.startswith("Chirale") else "arduino-libraries")


def test_pins_are_read_from_the_profile() -> None:
    text = (
        "profiles:\n  nano33ble:\n    platforms:\n      - platform: arduino:mbed_nano (4.9.1)\n"
        "    libraries:\n      - Chirale_TensorFLowLite (2.0.7)\n      - A_b-c (0.1)\n"
    )
    pins = read_pins(text)
    assert (pins.core, pins.libraries["A_b-c"]) == ("4.9.1", "0.1")
    assert pins.tensor_library == "Chirale_TensorFLowLite 2.0.7"


@posix
@pytest.mark.parametrize("folder", ["on-path", ".platformio/penv/bin"])
def test_without_a_network_it_is_told(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it is not on PATH, but where an editor's extension installs it."""
    pio, lines = tmp_path / folder / "pio", [""][:0]
    pio.parent.mkdir(parents=True)
    pio.write_text(f"#!/bin/sh\ncat <<'END'\n{said('pio_offline.txt')}\nEND\nexit 1\n")
    pio.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'on-path'}:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(DeploymentError, match=r"(?s)pio run: there is no network.*platformio\.log"):
        build(tmp_path / "sketch", tmp_path / "logs", lines.append)
    assert "Platform Manager: Installing nordicnrf52 @ 10.11.0" in lines


def test_without_platformio_it_is_told_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(DeploymentError, match="pip install platformio, then: pio run -d"):
        build(tmp_path, tmp_path, lambda _: None)
