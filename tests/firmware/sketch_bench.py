"""Builds the sketch for this computer, and plays scenarios with it in simulated time."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.firmware.compilers import BOARD_FLAGS, HERE, STRICT_FLAGS

SKETCH = HERE.parents[1] / "firmware_sketch"
ARDUINO = HERE / "arduino"
RESET_CAUSES = ("unknown", "power", "pin", "software", "watchdog", "lockup")  # docs/protocol.md
_TIMEOUT_S = 3600
_RESET = 3  # the program's exit code


def build(main: Path, program: Path) -> Path:
    """Compile the sketch with `main` and the board's stand-ins; every warning is an error."""
    stand_ins = [path for path in sorted(ARDUINO.glob("*.cpp")) if path.name != "main.cpp"]
    folders = (SKETCH / "src" / "board", SKETCH / "src" / "model")
    own = [path for folder in folders for path in sorted(folder.glob("*.cpp"))]
    sources = [main, *stand_ins, *own]
    flags = [*BOARD_FLAGS, *STRICT_FLAGS, f"-I{ARDUINO}", f"-I{SKETCH}"]
    subprocess.run(["g++", *flags, *map(str, sources), "-o", str(program)], check=True)
    return program


def build_scenarios(folder: Path) -> Path:
    return build(HERE / "sketch_scenarios.cpp", folder / "scenarios")


@dataclass(frozen=True)
class Played:
    """What a scenario said; `reset`: the board reset itself, and nothing was said after that."""

    said: dict[str, float]
    reset: bool

    def __getitem__(self, name: str) -> float:
        return self.said[name]


def play(
    program: Path, name: str, seconds: float = 0.0, sensors: int = 1, retained: Path | None = None
) -> Played:
    """Run one of `sketch_scenarios.cpp`; `retained` keeps RAM over resets."""
    environment = {"SENSORS": str(sensors)}
    if retained is not None:
        environment["RETAINED"] = str(retained)
    done = subprocess.run(
        [str(program), name, repr(seconds)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    assert done.returncode in (0, _RESET), (done.returncode, done.stderr)
    lines = (line.split("=", 1) for line in done.stdout.splitlines())
    return Played({key: float(value) for key, value in lines}, done.returncode == _RESET)
