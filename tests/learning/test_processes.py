"""Fitting processes: missing, ended from outside, or left by an error; none stays behind."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from imu_gesture.errors import TrainingError
from imu_gesture.learning.fitting import FittingPool
from tests.learning.groups import PATIENCE_S, group, is_gone
from tests.learning.jobs import job


def test_without_tensorflow_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(TrainingError, match=r'pip install "imu-gesture\[train\]"'):
        FittingPool()


def worker() -> multiprocessing.process.BaseProcess:
    """The one fitting process, once it has been started."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not (found := multiprocessing.active_children()):
        assert time.monotonic() < deadline_s
        time.sleep(0.01)
    return found[0]


def test_a_process_that_ends_without_a_word_is_an_error() -> None:
    with FittingPool(1) as pool:
        future = pool.submit(job())
        worker().kill()
        with pytest.raises(TrainingError, match="ended without a word: out of memory"):
            pool.result(future)


@pytest.mark.parametrize("error", [KeyboardInterrupt, TrainingError])
def test_leaving_by_an_error_ends_the_processes_at_once(error: type[BaseException]) -> None:
    started_s = time.monotonic()
    with pytest.raises(error), FittingPool(1) as pool:
        pool.submit(job(epochs=4000))
        worker()
        raise error
    assert multiprocessing.active_children() == []
    assert time.monotonic() - started_s < PATIENCE_S


KILLED = """
import os, pathlib, signal, tempfile, time
from imu_gesture.learning.fitting import FittingPool
from tests.learning.jobs import job
tempfile.tempdir = sys.argv[1]
pool = FittingPool(1)
pool.submit(job(epochs=4000))
while not list(pathlib.Path(sys.argv[1]).glob("*/tensorflow.log")):  # the fitting process began
    time.sleep(0.01)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no process groups")
def test_a_parent_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    with group(KILLED, tmp_path) as parent:
        assert parent.wait(PATIENCE_S) == -signal.SIGKILL
        assert is_gone(parent)


def test_no_tensorflow_without_a_training(run_python: Callable[..., str]) -> None:
    code = (
        "from imu_gesture.learning import config, evaluation, events, fitting\n"
        "from imu_gesture.workflow import training\n"
        "print({'tensorflow', 'keras'} & set(sys.modules))"
    )
    assert run_python(code).strip() == "set()"
