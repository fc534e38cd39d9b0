"""The same sketch as a PlatformIO project."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from imu_gesture.deploy.pins import Pins
from imu_gesture.deploy.toolchain.explain import explain
from imu_gesture.deploy.toolchain.process import run
from imu_gesture.errors import DeploymentError

PROGRAM = "pio"
INI = "platformio.ini"
_MINUTES = 60.0
# Releases of PlatformIO's nordicnrf52, and of Arduino's core for Mbed OS that each brings
# (its platform.json: framework-arduino-mbed).
_PLATFORMS = {"4.5.0": "10.11.0"}
# Who publishes a library in PlatformIO's registry: there, names alone may be anybody's.
_OWNERS = {"Chirale_TensorFLowLite": "spaziochirale"}
_OTHERS_OWNER = "arduino-libraries"


def platformio_ini(pins: Pins) -> str:
    """The project file, with the core and the libraries that the sketch pins."""
    libraries = "\n".join(
        f"    {_OWNERS.get(name, _OTHERS_OWNER)}/{name}@{version}"
        for name, version in pins.libraries.items()
    )
    return f"""; Written by `imu-gesture deploy --platformio`; the sources are the sketch itself.
[platformio]
src_dir = .
default_envs = nano33ble

[env:nano33ble]
platform = nordicnrf52@{_PLATFORMS[pins.core]}
board = nano33ble
framework = arduino
build_flags = -std=gnu++14
lib_deps =
{libraries}
"""


def _find() -> str | None:
    """The program: on PATH, or where PlatformIO's extension for editors has put it."""
    beside = [Path.home() / ".platformio" / "penv" / folder for folder in ("bin", "Scripts")]
    return shutil.which(PROGRAM) or shutil.which(
        PROGRAM, path=os.pathsep.join(str(folder) for folder in beside)
    )


def build(sketch: Path, logs: Path, tell: Callable[[str], None]) -> None:
    """Run `pio run` in the project.

    Raises:
        DeploymentError: PlatformIO is not installed, or it does not compile.
    """
    program = _find()
    if program is None:
        raise DeploymentError(
            f"PlatformIO is not installed; pip install platformio, then: pio run -d {sketch}"
        )
    log = logs / "platformio.log"
    done = run([program, "run", "--project-dir", str(sketch)], log, tell, _MINUTES)
    if done.code != 0:
        raise DeploymentError(
            f"pio run: {explain(done.output, done.code)}\n(everything it said: {log})"
        )
