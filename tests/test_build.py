"""Building from source: with the system's compiler, and with one from PyPI where there is none."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import files
from importlib.util import find_spec
from pathlib import Path

import pytest

from imu_gesture import _core

ROOT = Path(__file__).parents[1]
SUPPORT = ROOT / "build_support"
SHELL = ("sh", "cat", "ls", "rm", "mkdir", "cp", "mv", "uname", "env", "sed", "grep", "touch")

posix = pytest.mark.skipif(sys.platform == "win32", reason="no compiler is brought along there")

SEE = f"import sys; sys.path.insert(0, {str(SUPPORT)!r})\n"
MISSING = SEE + "from compiler import compiler_is_missing; print(compiler_is_missing())"
# A digest of what a core makes of a noisy stream: fused multiply-add, for one, would change it.
BITS = """
import hashlib, sys
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
import numpy as np
loader = ExtensionFileLoader("_core", sys.argv[1])
core = module_from_spec(spec_from_loader("_core", loader))
loader.exec_module(core)
rng = np.random.default_rng(0)
times_us = np.arange(5000, dtype=np.int64) * 8403
acc_g, gyr_dps = (rng.normal(size=(5000, 3)).astype(np.float32) * size for size in (1.5, 300))
columns = core.DriftCorrection(core.DriftParams()).run(times_us, acc_g, gyr_dps)
print(hashlib.sha256(b"".join(column.tobytes() for column in columns)).hexdigest())
"""


@pytest.fixture
def no_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path with a shell and its usual helpers, and Ninja."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in SHELL:
        found = shutil.which(name)
        if found:
            (folder / name).symlink_to(found)
    (programs,) = (file for file in files("ninja") or [] if file.name == "ninja")
    (folder / "ninja").symlink_to(Path(str(programs.locate())).resolve())
    monkeypatch.setenv("PATH", str(folder))
    for name in ("CC", "CXX"):
        monkeypatch.delenv(name, raising=False)


def run(*command: str) -> str:
    """What Python prints, on the error stream too if it is pip."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + (done.stderr if "pip" in command else "")


@posix
def test_a_compiler_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CXX", raising=False)
    if not any(map(shutil.which, ("c++", "g++", "clang++"))):
        pytest.skip("there is none here")
    assert run("-c", MISSING) == "False\n"


@posix
@pytest.mark.usefixtures("no_compiler")
def test_without_a_compiler_the_build_asks_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("-c", MISSING) == "True\n"
    asks = SEE + "import build_backend as b; print(b.get_requires_for_build_wheel({}))"
    pinned = re.match(r"ziglang==[\d.]+", (ROOT / "requirements" / "compiler.txt").read_text())
    assert pinned is not None
    assert pinned[0] in run("-c", asks)
    monkeypatch.setenv("CXX", sys.executable)  # whoever names one has one
    assert run("-c", MISSING) == "False\n"


@posix
@pytest.mark.slow
@pytest.mark.skipif(find_spec("ziglang") is None, reason="ziglang is not installed")
@pytest.mark.usefixtures("no_compiler")
def test_it_builds_without_a_compiler_and_computes_the_same(tmp_path: Path) -> None:
    pip = ("-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps", "--no-build-isolation")
    place = f"--config-settings=build-dir={tmp_path / 'build'}"
    said = run(*pip, "-v", place, "--wheel-dir", str(tmp_path), str(ROOT))
    assert "no C++ compiler is on PATH: compiling with the one of the package ziglang" in said
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "built")
    (core,) = (tmp_path / "built" / "imu_gesture").glob("_core*.so")
    theirs, ours = (run("-c", BITS, str(built)) for built in (core, _core.__file__))
    assert len(theirs.strip()) == 64
    assert theirs == ours
