"""Where windows open, sketches compile, and files go."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from imu_gesture.errors import DeploymentError, InputError
from imu_gesture.workflow.doctor.finding import Finding, tried

_ROOM_MB = 200  # an hour of nine axes, and some models


def display() -> Finding:
    """Whether a window can be opened."""
    from imu_gesture.live.display import check_display

    def look() -> str:
        check_display()
        return os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or "a desktop"

    return tried("display", look)


def toolchain() -> Finding:
    """Whether sketches can be compiled from here."""
    from imu_gesture.deploy.toolchain.arduino_cli import PROGRAM, ArduinoCli, find_arduino_cli

    def look() -> str:
        program = find_arduino_cli(None)
        if program is None:
            raise DeploymentError(
                f"{PROGRAM} is not installed: `deploy` writes the sketch, and the Arduino IDE "
                "compiles it; or install it from https://arduino.github.io/arduino-cli"
            )
        with TemporaryDirectory() as logs:
            return f"{program} {ArduinoCli(program, Path(logs)).check_version()}"

    return tried("toolchain", look)


def folder(place: Path, wanted_mb: int = _ROOM_MB) -> Finding:
    """Whether recordings and models can be written there."""

    def look() -> str:
        try:
            with TemporaryFile(dir=place):
                free_mb = shutil.disk_usage(place).free // 10**6
        except OSError as error:
            raise InputError(
                f"{place}: nothing can be written here ({error.strerror}); go to a folder of "
                "yours, or name one with -w"
            ) from error
        if free_mb < wanted_mb:
            raise InputError(
                f"{place}: {free_mb} MB are free, {wanted_mb} are wanted; make room, or name "
                "another folder with -w"
            )
        return f"{place.resolve()}, {free_mb} MB free"

    return tried("folder", look, "broken")
