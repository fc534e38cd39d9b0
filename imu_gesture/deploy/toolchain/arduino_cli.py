"""arduino-cli: compiles with the core and libraries that `sketch.yaml` pins, and uploads."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from imu_gesture.deploy.toolchain.answers import Answer, compiled, uploaded, version_in
from imu_gesture.deploy.toolchain.explain import explain
from imu_gesture.deploy.toolchain.process import Finished, run
from imu_gesture.deploy.toolchain.progress import Progress
from imu_gesture.deploy.toolchain.size import BuildSize
from imu_gesture.errors import DeploymentError

PROGRAM = "arduino-cli"
PROFILE = "nano33ble"
OLDEST = (1, 0, 0)  # the first that knows `--json`, and names the parts of its answers so
_COMPILE_MINUTES, _UPLOAD_MINUTES, _VERSION_MINUTES = 60.0, 5.0, 1.0
_UNRELEASED = re.compile(r"git-snapshot|nightly|0\.0\.0-git")
_INSTALL = (
    "install it from https://arduino.github.io/arduino-cli (Linux and macOS: brew install "
    "arduino-cli; Windows: winget install ArduinoSA.CLI), or have the sketch written for the "
    "Arduino IDE: `imu-gesture deploy --no-compile`"
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

    def check_version(self) -> str:
        """Its version.

        Raises:
            DeploymentError: it is too old, or is no arduino-cli.
        """
        done = self._run("version", "--json", minutes=_VERSION_MINUTES)
        if done.code != 0:  # before 1.0.0 that was `--format json`
            done = self._run("version", minutes=_VERSION_MINUTES)
        version = version_in(done)
        numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:3])
        wanted = ".".join(map(str, OLDEST))
        if not version:
            raise DeploymentError(
                f"{self.program}: does not tell its version, so it is no arduino-cli; {wanted} or "
                f"newer is needed; {_INSTALL}"
            )
        if numbers < OLDEST and not _UNRELEASED.search(version):
            raise DeploymentError(
                f"{self.program}: is version {version}, {wanted} or newer is needed; {_INSTALL}"
            )
        return version

    def compile(self, sketch: Path) -> BuildSize:
        """Compile; core and libraries are downloaded the first time.

        Raises:
            DeploymentError: it does not compile or does not fit; says why and where the log is.
        """
        self.tell("compiling (the first time, core and libraries are downloaded: some minutes)")
        done = self._run(
            "compile", "--json", "--profile", PROFILE, str(sketch), minutes=_COMPILE_MINUTES
        )
        answer = self._kept(compiled(done), "compile")
        if answer.size.problem:
            raise DeploymentError(answer.size.problem)
        self._check(answer, done, "compile")
        return answer.size

    def upload(self, sketch: Path, port: str) -> str:
        """Put the compiled sketch on the board at a port; arduino-cli resets it into its loader.

        Returns:
            the port at which arduino-cli sees the board then; empty where it does not say.

        Raises:
            DeploymentError: it was not uploaded; says why and where the log is.
        """
        self.tell(f"uploading to {port}")
        arguments = ("--json", "--verbose", "--profile", PROFILE, "--port", port, str(sketch))
        done = self._run("upload", *arguments, minutes=_UPLOAD_MINUTES)
        answer = self._kept(uploaded(done), "upload")
        self._check(answer, done, "upload")
        return answer.port

    def _run(self, what: str, *arguments: str, minutes: float) -> Finished:
        steps = self.logs / f"arduino-cli-{what}-steps.log"
        with suppress(OSError):  # it may be open in an editor
            steps.unlink()
        logging = () if what == "version" else ("--log-level", "debug", "--log-file", str(steps))
        progress = Progress(steps, self.tell, f"{what} goes on")
        command = [self.program, what, *arguments, *logging]
        return run(command, self._log(what), lambda _: None, minutes, progress.look)

    def _log(self, what: str) -> Path:
        return self.logs / f"arduino-cli-{what}.log"

    def _kept(self, answer: Answer, what: str) -> Answer:
        """The log, which holds JSON by now, is for people."""
        self._log(what).write_text(answer.text + "\n", encoding="utf-8")
        return answer

    def _check(self, answer: Answer, done: Finished, what: str) -> None:
        if not answer.worked:
            raise DeploymentError(
                f"{PROGRAM} {what}: {explain(answer.text, done.code)}\n"
                f"(everything it said: {self._log(what)})"
            )
