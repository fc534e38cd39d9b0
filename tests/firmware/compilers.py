"""Compilers for the core, with the board's language flags and every warning as an error."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from imu_gesture.deploy.verify.emulated import HARNESS

HERE = Path(__file__).parent
CORE = HERE.parents[1] / "firmware_sketch" / "src" / "core"

# arduino:mbed_nano compiles with the first line; the second is ours.
BOARD_FLAGS = ("-Os", "-std=gnu++14", "-fno-rtti", "-fno-exceptions", "-funsigned-char", "-Wvla")
STRICT_FLAGS = ("-Wall", "-Wextra", "-Wconversion", "-Wdouble-promotion", "-Wshadow", "-Werror")
# Virtual time advances by 64 ns with each instruction: more than one tick of `instruction_timer.h`.
COUNTING = ("-icount", "shift=6")
LOOP_INSTRUCTIONS = 200_000  # as there
_CORTEX_M4F = ("-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=softfp")
_SANITIZERS = ("-fsanitize=address,undefined,float-cast-overflow", "-fno-sanitize-recover=all")


def build_sanitized(name: str, folder: Path) -> str:
    """Build a program of this folder that stops at the first misstep in memory or numbers."""
    program = str(folder / name)
    flags = ["-std=gnu++17", "-O1", "-g", *_SANITIZERS, f"-I{CORE}"]
    subprocess.run(["g++", *flags, str(HERE / f"{name}.cpp"), "-o", program], check=True)
    return program


@dataclass(frozen=True)
class Target:
    """A machine to build for: `runner` starts a program where this computer cannot itself."""

    name: str
    compiler: str
    flags: tuple[str, ...] = ()
    linker: tuple[str, ...] = ()
    start_up: tuple[Path, ...] = ()
    runner: tuple[str, ...] = ()

    @property
    def missing(self) -> str | None:
        """The first program that is not installed."""
        needed = [self.compiler, *self.runner[:1]]
        return next((program for program in needed if shutil.which(program) is None), None)

    def compile(self, source: Path, output: Path, *more: str) -> str:
        """Compile one file against the core; returns what the compiler complains about."""
        flags = (*BOARD_FLAGS, *STRICT_FLAGS, *self.flags, f"-I{CORE}", *more, "-c")
        command = [self.compiler, *flags, str(source), "-o", str(output)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stderr if done.returncode else ""

    def build(self, source: Path, folder: Path) -> list[str]:
        """Build a program in `folder`; returns the command that runs it."""
        objects = []
        for file in (source, *self.start_up):
            objects.append(str(folder / f"{file.stem}.o"))
            problems = self.compile(file, Path(objects[-1]))
            assert problems == "", problems
        program = str(folder / "program")
        subprocess.run([*self.linker, *self.flags, *objects, "-lm", "-o", program], check=True)
        return [*self.runner, program]


TARGETS = (
    Target("host", "g++", linker=("g++",)),
    Target(
        "cortex-m4f",
        "arm-none-eabi-g++",
        flags=_CORTEX_M4F,
        linker=("arm-none-eabi-gcc", "--specs=rdimon.specs", f"-T{HARNESS / 'cortex_m4.ld'}"),
        start_up=(HARNESS / "cortex_m4_start.cpp",),
        runner=(
            "qemu-system-arm",
            *("-M", "mps2-an386", "-display", "none", "-monitor", "none", "-serial", "none"),
            *("-semihosting-config", "enable=on,target=native", "-kernel"),
        ),
    ),
)
