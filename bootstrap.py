"""Set everything up in .venv and run something there. Needs Python with pip.

Without a C++ compiler one is installed there too (not on Windows).

    python3 bootstrap.py demo     the whole loop on the virtual board, no hardware
    python3 bootstrap.py test     all tests
    python3 bootstrap.py check    lint and types
    python3 bootstrap.py setup    only set up

Further arguments go to the program: `python3 bootstrap.py test -k decision`.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PROGRAMS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
REQUIREMENTS = ROOT / "requirements" / "dev.txt"
COMPILER = ROOT / "requirements" / "compiler.txt"
SUPPORT = ROOT / "build_support"
STAMP = ENVIRONMENT / "bootstrap-stamp"
COMPILED = (
    *("pyproject.toml", "CMakeLists.txt", "build_support/*.py"),
    *("bindings/*", "firmware_sketch/src/core/*"),
)

COMMANDS = {
    "setup": [],
    "demo": [["imu-gesture", "demo"]],
    "test": [["python", "-m", "pytest"]],
    "check": [
        ["python", "-m", "ruff", "check"],
        ["python", "-m", "ruff", "format", "--check"],
        ["python", "-m", "mypy"],
    ],
}


def main() -> int:
    """Set up where needed, then run the command's programs until one fails."""
    name, *arguments = sys.argv[1:] or ["help"]
    if name not in COMMANDS:
        print(__doc__)
        return 2
    if sys.version_info < (3, 11) or sys.version_info >= (3, 14):
        print(f"Python 3.11 to 3.13 is needed (for TensorFlow); this is {sys.version.split()[0]}")
        return 2
    set_up()
    for program, *rest in COMMANDS[name]:
        status = subprocess.call([str(PROGRAMS / program), *rest, *arguments], cwd=ROOT)
        if status:
            return status
    return 0


def set_up() -> None:
    """Install pinned packages and this project, unless both are there as they should be."""
    if not (PROGRAMS / "python").exists() and not (PROGRAMS / "python.exe").exists():
        print("creating .venv", flush=True)
        venv.create(ENVIRONMENT, with_pip=True)
    wanted = [digest([REQUIREMENTS]), digest(sorted(p for g in COMPILED for p in ROOT.glob(g)))]
    done = STAMP.read_text().split() if STAMP.exists() else ["", ""]
    pip = [
        str(PROGRAMS / "python"),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
    ]
    if done[0] != wanted[0]:
        print("installing pinned packages (about 3 GB with TensorFlow; once)", flush=True)
        subprocess.check_call([*pip, "--require-hashes", "--requirement", str(REQUIREMENTS)])
    if done != wanted:
        if compiler_is_missing():
            print("installing a C++ compiler, for there is none on PATH", flush=True)
            subprocess.check_call([*pip, "--require-hashes", "--requirement", str(COMPILER)])
        print("compiling the core", flush=True)
        build = [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
        path = os.pathsep.join([str(PROGRAMS), os.environ.get("PATH", "")])  # of cmake and ninja
        subprocess.check_call(build, env=os.environ | {"PATH": path})
        STAMP.write_text("\n".join(wanted))


def compiler_is_missing() -> bool:
    """As the build asks it."""
    sys.path.insert(0, str(SUPPORT))
    import compiler

    return compiler.compiler_is_missing()


def digest(files: list[Path]) -> str:
    """One hash over names and contents."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.relative_to(ROOT).as_posix().encode())
        total.update(file.read_bytes())
    return total.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
