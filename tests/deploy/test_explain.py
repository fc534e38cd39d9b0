"""What compilers and uploaders say, and what people are told of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from imu_gesture.deploy.toolchain.cures import CURES
from imu_gesture.deploy.toolchain.explain import explain
from imu_gesture.deploy.toolchain.size import (
    RAM_BYTES,
    REMEMBERING_FLASH_BYTES,
    BuildSize,
    size_of,
)
from tests.deploy.tool_output import said

RESET = "Cannot perform port reset: TOUCH: error during reset: opening port at 1200bps: "
SKETCH = Path(__file__).parents[2] / "firmware_sketch"
NO_DEVICE = said("upload_no_device.txt")
REGISTRY = 'Get "https://downloads.arduino.cc/x": '


def test_sizes_are_read() -> None:
    assert size_of(said("compile_ok.txt")) == BuildSize(84080, 43968)
    assert size_of(NO_DEVICE) == BuildSize(84504, 44560)
    assert size_of("nothing of the kind") == BuildSize(None, None)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (BuildSize(983_040, 262_144), ""),
        (BuildSize(983_041, 1), "983041 bytes of flash, a Nano 33 BLE has 983040"),
        (BuildSize(1, RAM_BYTES + 1), "bytes of memory, a Nano 33 BLE has 262144"),
    ],
)
def test_a_limit_that_is_broken_is_named(size: BuildSize, words: str) -> None:
    assert words in size.problem
    assert bool(size.problem) == bool(words)


@pytest.mark.parametrize(
    ("flash_bytes", "warns"), [(None, False), (901_120, False), (901_121, True), (983_040, True)]
)
def test_what_a_long_sketch_loses_is_told(flash_bytes: int | None, warns: bool) -> None:
    size = BuildSize(flash_bytes, 1)
    assert not size.problem
    assert bool(size.warning) == warns
    if warns:
        for lost in ("pairing", "calibration", "imu-gesture update"):
            assert lost in size.warning


def test_the_pages_that_are_lost_are_those_of_the_sketch() -> None:
    """`kFlashPages` pages of 4 KB before 1 MB, and a sketch begins at 0x10000."""
    text = (SKETCH / "src" / "core" / "flash.h").read_text(encoding="utf-8")
    numbers = {name: int(n) for name, n in re.findall(r"uint32_t (\w+) = (\d+);", text)}
    pages = numbers["kSlotPage"] + numbers["kModelSlots"] * numbers["kSlotPages"]
    start = 0x100000 - pages * numbers["kPageBytes"]
    assert start - 0x10000 == REMEMBERING_FLASH_BYTES


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (NO_DEVICE, "press its reset button twice quickly, so that the orange light pulses"),
        (NO_DEVICE, "imu-gesture deploy --port NEWPORT"),
        (NO_DEVICE, "ModemManager"),
        (said("pio_no_device.txt"), "press its reset button twice quickly"),
        (said("upload_sam_ba_failed.txt"), "broke off while it was written; press its reset"),
        (said("upload_erase_failed.txt"), "broke off while it was written; press its reset"),
        (f"{RESET}Permission denied\n{NO_DEVICE}", "usermod -aG dialout"),
        (f"{RESET}Permission denied\n{NO_DEVICE}", "60-arduino-mbed.rules"),
        (f"{RESET}Serial port busy\n{NO_DEVICE}", "another program has the port"),
        (f"{RESET}Serial port not found\n{NO_DEVICE}", "there is no such port"),
        ("Device unsupported", "another kind of board"),
        ("C:\\a b\\classifier.cpp:12:3: error: no", "C:\\a b\\classifier.cpp:12: no"),
        ("data section exceeds available space in board", "larger than the board"),
        (said("compile_error.txt"), "DAC.h:21: expected ')' before '*' token"),
        (said("json_failed.txt"), "Error during build: exit status 1"),
        ("Error opening port: Permission denied (/dev/ttyACM0)", "usermod -aG dialout"),
        ("Serial port busy: Device or resource busy", "another program has the port open"),
        (said("offline.txt"), "there is no network"),
        (said("pio_offline.txt"), "there is no network"),
        (f"{REGISTRY}dial tcp: lookup downloads.arduino.cc: no such host", "there is no network"),
        (said("forbidden.txt"), "refuses this computer"),
        ("SparkFun:gcc@8 Server responded with: 403 Forbidden", "refuses this computer"),
        (f"{REGISTRY}dial tcp 1.2.3.4:443: i/o timeout", "connection_timeout 600s"),
        (f"{REGISTRY}context deadline exceeded (Client.Timeout exceeded)", "has taken too long"),
        (f"{REGISTRY}x509: certificate signed by unknown authority", "certificate is not believed"),
        ("testing local archive integrity: sha differs", "arduino-cli cache clean"),
        ("write /home/user/x: no space left on device", "the disk is full"),
        ("Platform 'arduino:mbed_nano' not found: platform not installed", "was not downloaded"),
        ("loading required tool arduino:bossac@1.9.1-arduino2: x", "was not downloaded"),
        ("Library 'ArduinoBLE@2.0.1' not found", "lib update-index"),
        ("Profile 'nano33ble' not found", "deploy --force"),
        ("Compiled sketch not found in /tmp/x", "deploy again"),
        (
            "x.cpp:3:10: fatal error: ArduinoBLE.h: No such file or directory\n #include <A>",
            "x.cpp:3: ArduinoBLE.h: No such file or directory; a library is missing",
        ),
        ("x.cpp:3:10: fatal error: imu_chip.h: No such file or directory", "it does not compile"),
        (f"{said('offline.txt')}\nx.cpp:3:1: error: no", "it does not compile:\n  x.cpp:3: no"),
        ("ld: cannot open core.a: Permission denied", "core.a: Permission denied"),
        ("region `FLASH' overflowed by 20 bytes", "the sketch is larger than the board"),
        ("", "it said nothing"),
    ],
)
def test_what_a_tool_says_becomes_what_to_do(output: str, words: str) -> None:
    assert words in explain(output, system="linux")


@pytest.mark.parametrize(
    ("output", "system", "words", "not_words"),
    [
        ("tty.usbmodem1: Permission denied", "darwin", "Privacy & Security", "usermod"),
        ("could not open port COM3: Access is denied.", "win32", "another program", "usermod"),
        ('can\'t open device "\\\\.\\COM5": Access is denied.', "win32", "monitor", "udev"),
        ("Error opening port: Permission denied", "linux", "usermod", "Privacy"),
        (NO_DEVICE, "win32", "reset button twice", "ModemManager"),
        (NO_DEVICE, "darwin", "reset button twice", "ModemManager"),
    ],
)
def test_the_cure_is_that_of_the_system(
    output: str, system: str, words: str, not_words: str
) -> None:
    cure = explain(output, system=system)
    assert words in cure
    assert not_words not in cure


@pytest.mark.parametrize(
    ("code", "words"),
    [(1, "x happened"), (5, "network"), (7, "update it"), (10, "data folder")],
)
def test_an_exit_code_helps_where_nothing_else_does(code: int, words: str) -> None:
    assert words in explain("x happened", code)
    assert "x happened" in explain("x happened", code)


def test_nobody_is_advised_to_install_a_core_that_the_profile_does_not_use() -> None:
    """A profile's core lives in a place of its own, where `core install` puts nothing."""
    for cure in CURES:
        for text in cure.text.values():
            for sentence in re.findall(r"[^;]*core install[^;]*", text):
                assert "does not help" in sentence
