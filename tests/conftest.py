"""What several parts' tests share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.command import Done, run
from tests.screen import Screen, missing_programs, started_screen

_ROOT = Path(__file__).parents[1]
_TIMEOUT_S = 120

RunPython = Callable[..., str]


@pytest.fixture(scope="session")
def run_python() -> RunPython:
    """Run code in a Python of its own, as if the `missing` packages were not installed."""

    def run(code: str, *arguments: str | Path, missing: Sequence[str] = ()) -> str:
        absent = "".join(f"sys.modules[{name!r}] = None\n" for name in missing)
        command = [sys.executable, "-c", f"import sys\n{absent}{code}", *map(str, arguments)]
        return _output(command)

    return run


@pytest.fixture(scope="session")
def tensorflow_models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Models by kind, as TensorFlow makes them; see `tests/models/make_models.py`."""
    folder = tmp_path_factory.mktemp("models")
    _output([sys.executable, "-m", "tests.models.make_models", str(folder)])
    return {path.stem: path.read_bytes() for path in folder.glob("*.tflite")}


@dataclass(frozen=True)
class DemoRun:
    """What `imu-gesture demo --json` printed, and the workspace it left; to be read only."""

    done: Done
    workspace: Path


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    """The whole demonstration, once; about a minute."""
    workspace = tmp_path_factory.mktemp("demo") / "workspace"
    return DemoRun(run("demo", "--json", "-o", workspace, timeout_s=600), workspace)


@pytest.fixture(scope="session")
def x_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """One display for all tests; Qt holds on to the one that it has found first."""
    missing = missing_programs()
    if missing:
        pytest.skip(f"no display: {', '.join(missing)} not installed (.ci/run shows the packages)")
    with started_screen(tmp_path_factory.mktemp("screen")) as screen:
        yield screen
        _end_qt()


@pytest.fixture
def screen(x_server: Screen, monkeypatch: pytest.MonkeyPatch) -> Screen:
    """A display, for windows of this process and of those that it starts."""
    for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XAUTHORITY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", x_server.display)
    return x_server


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a server, or in ssh without -X."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def _end_qt() -> None:
    """Qt would end the process when its display went away first."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    application = widgets.QApplication.instance() if widgets else None
    if application is not None:
        application.shutdown()


def _output(command: list[str]) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False, cwd=_ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
