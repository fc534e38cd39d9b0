"""Commands run inside the test's process, and folders for them to work in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from imu_gesture.cli import main
from imu_gesture.deploy.manifest import write_run
from imu_gesture.workspace import Workspace
from tests import make
from tests.cli.command import Done
from tests.live.small_model import small_model

Command = Callable[..., Done]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run `imu-gesture` with these arguments, quicker than in a process of its own."""

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["imu-gesture", *map(str, arguments)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        return Done(code, *capsys.readouterr())

    return run


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Two short recordings, and a run whose model took no training."""
    for seed in range(2):
        samples, labels = make.gestures(["circle", "wave"], seed)
        person = f"person-{seed}"
        make.write(tmp_path / "recordings", person, samples, labels, participant=person)
    write_run(Workspace(tmp_path).new_run(), *small_model())
    return tmp_path
