"""arduino-cli: compiles with the core and libraries that `sketch.yaml` pins, and uploads."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from imu_gesture.deploy.toolchain.output import BuildSize, explain, size_of
from imu_gesture.deploy.toolchain.process import Finished, run
from imu_gesture.errors import DeploymentError

PROGRAM = "arduino-cli"
PROFILE = "nano33ble"
_INSTALL = (
    "install it from https://arduino.github.io/arduino-cli, or use the Arduino IDE; Linux and "
    "macOS: brew install arduino-cli; Windows: winget install ArduinoSA.CLI"
)


def find_arduino_cli(named: str | None) -> str | None:
    """The program, where it is installed.

    Raises:
        DeploymentError: it was named, and is not there.
    """
    found = shutil.which(named or PROGRAM)
    if named and found is None:
        raise DeploymentError(f"{named}: there is no such program; {_INSTALL}")
    return found


@dataclass(frozen=True)
class ArduinoCli:
    """One installation; `logs` is the folder that gets everything it says."""

    program: str
    logs: Path
    tell: Callable[[str], None] = lambda _: None

    def compile(self, sketch: Path) -> BuildSize:
        """Compile; core and libraries are downloaded the first time.

        Raises:
            DeploymentError: it does not compile or does not fit; says why and where the log is.
        """
        done = self._run("compile", "--profile", PROFILE, str(sketch))
        size = size_of(done.output)
        if size.problem:
            raise DeploymentError(size.problem)
        self._check(done, "compile")
        return size

    def upload(self, sketch: Path, port: str) -> None:
        """Put the compiled sketch on the board at a port; arduino-cli resets it into its loader.

        Raises:
            DeploymentError: it was not uploaded; says why and where the log is.
        """
        self._check(
            self._run("upload", "--profile", PROFILE, "--port", port, str(sketch)), "upload"
        )

    def _run(self, *arguments: str) -> Finished:
        return run([self.program, *arguments], self._log(arguments[0]), self.tell)

    def _log(self, what: str) -> Path:
        return self.logs / f"arduino-cli-{what}.log"

    def _check(self, done: Finished, what: str) -> None:
        if done.code != 0:
            raise DeploymentError(
                f"{PROGRAM} {what}: {explain(done.output)}\n(everything it said: {self._log(what)})"
            )
