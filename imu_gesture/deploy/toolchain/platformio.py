"""The same sketch as a PlatformIO project."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from imu_gesture.deploy.toolchain.output import explain
from imu_gesture.deploy.toolchain.process import run
from imu_gesture.errors import DeploymentError

PROGRAM = "pio"
INI = "platformio.ini"
# Releases of PlatformIO's nordicnrf52, and of Arduino's core for Mbed OS that each brings.
_PLATFORMS = {"4.5.0": "10.11.0"}
_CORE = re.compile(r"^\s+- platform: arduino:mbed_nano \((?P<version>[\d.]+)\)$", re.MULTILINE)
_LIBRARY = re.compile(r"^\s+- (?P<name>[\w-]+) \((?P<version>[\d.]+)\)$", re.MULTILINE)


def platformio_ini(sketch_yaml: str) -> str:
    """The project file, with the core and the libraries that `sketch.yaml` pins."""
    (core,) = _CORE.findall(sketch_yaml)
    libraries = "\n".join(
        f"    {found['name']}@{found['version']}" for found in _LIBRARY.finditer(sketch_yaml)
    )
    return f"""; Written by `imu-gesture deploy --platformio`; the sources are the sketch itself.
[platformio]
src_dir = .
default_envs = nano33ble

[env:nano33ble]
platform = nordicnrf52@{_PLATFORMS[core]}
board = nano33ble
framework = arduino
build_flags = -std=gnu++14
lib_deps =
{libraries}
"""


def build(sketch: Path, logs: Path, tell: Callable[[str], None]) -> None:
    """Run `pio run` in the project.

    Raises:
        DeploymentError: PlatformIO is not installed, or it does not compile.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise DeploymentError(
            f"PlatformIO is not installed; pip install platformio, then: pio run -d {sketch}"
        )
    log = logs / "platformio.log"
    done = run([program, "run", "--project-dir", str(sketch)], log, tell)
    if done.code != 0:
        raise DeploymentError(f"pio run: {explain(done.output)}\n(everything it said: {log})")
