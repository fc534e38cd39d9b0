"""Training and conversion as jobs for other processes, so that this one never loads TensorFlow.

A job is a plain value and so is its result: what runs here in a pool of processes can run on a
cluster unchanged. The converter may end its process on a network it does not like; that too is
an error of the job, not the end of the program.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing.queues import Queue
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np

from imu_gesture import _core
from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.front_end import FrontEnd
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.inference.heads import with_logits
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.fitters import (
    LOST,
    FitterLostError,
    Job,
    check_tensorflow,
    cores,
    prepare_tensorflow,
    run_job,
)
from imu_gesture.samples import Float32Array

if TYPE_CHECKING:
    from imu_gesture.learning.training import TrainedNetwork

Progress = Callable[[int], None]  # called with the number of epochs just finished

Result = TypeVar("Result")

_LOG_LINES_SHOWN = 5
_LAST_WORDS_S = 1.0


@dataclass(frozen=True, eq=False)
class FitJob:
    """Windows to learn from, windows (n, samples, channels) to be judged by, and how to train."""

    train: Dataset
    test_windows: Float32Array
    config: TrainingConfig

    def run(self, on_epoch: Callable[[], None]) -> FitResult:
        """Train and convert, in this process."""
        return fit(self, on_epoch)


@dataclass(frozen=True, eq=False)
class FitResult:
    """An int8 model, what makes its input of windows, and the float network's answers.

    Attributes:
        tflite: the flatbuffer.
        front_end: what the model sees of a window.
        feature_offset, feature_gain: (channels,) float32.
        probabilities: (n, classes) float32 of the float network on the test windows.
        best_epoch: the epoch kept.
    """

    tflite: bytes
    front_end: FrontEnd
    feature_offset: Float32Array
    feature_gain: Float32Array
    probabilities: Float32Array
    best_epoch: int

    def with_logits(self) -> FitResult:
        """The same, its model giving logits too."""
        return replace(self, tflite=with_logits(self.tflite))

    @property
    def features(self) -> _core.FeatureParams:
        """The core's feature parameters."""
        return _core.FeatureParams(self.feature_offset, self.feature_gain)

    @property
    def input(self) -> _core.QuantisationParams:
        """The core's quantisation parameters of the model's input."""
        tensor = read_facts(self.tflite).inputs[0]
        return _core.QuantisationParams(tensor.scales[0], tensor.zero_points[0])


def fit(job: FitJob, on_epoch: Callable[[], None] = lambda: None) -> FitResult:
    """Train and convert, in this process."""
    from imu_gesture.learning.training import train

    return converted(train(job.train, job.config, on_epoch), job)


def converted(trained: TrainedNetwork, job: FitJob) -> FitResult:
    """The job's result of its float network, trained on to bear int8 where the job says so."""
    from imu_gesture.learning.conversion import to_int8, to_int8_as_learned
    from imu_gesture.learning.training import fine_tune

    if job.config.quantisation == "quantisation-aware":
        tflite = to_int8_as_learned(fine_tune(trained, job.train, job.config).network)
    else:
        tflite = to_int8(trained.network, trained.features(job.train.windows))
    return FitResult(
        tflite=tflite,
        front_end=trained.front_end,
        feature_offset=np.zeros_like(trained.gain),
        feature_gain=trained.gain,
        probabilities=trained.probabilities(job.test_windows),
        best_epoch=trained.best_epoch,
    )


class FittingPool:
    """Processes that fit. Use as a context manager; leaving it by an error stops work at once."""

    def __init__(self, workers: int | None = None, progress: Progress = lambda _: None) -> None:
        check_tensorflow()
        self.slots = workers or cores()
        # A fresh interpreter for each: a forked one would inherit threads and locks.
        context = multiprocessing.get_context("spawn")
        self._epochs: Queue[int] = context.Queue()
        self._futures: list[Future[Any]] = []
        self._folder = TemporaryDirectory(ignore_cleanup_errors=True)
        self._log = Path(self._folder.name) / "tensorflow.log"
        self._pool = ProcessPoolExecutor(
            max_workers=self.slots,
            mp_context=context,
            initializer=_start_worker,
            initargs=(self._epochs, str(self._log)),
        )
        self._listener = threading.Thread(target=self._listen, args=(progress,), daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        hurry = error is not None and not all(map(_ended_well, self._futures))
        if hurry:
            for process in multiprocessing.active_children():
                process.terminate()
            # A process that ended in the middle of a message leaves the queue blocked.
            self._epochs.cancel_join_thread()
        self._pool.shutdown(cancel_futures=True)
        self._epochs.put(0)
        self._listener.join(_LAST_WORDS_S if hurry else None)
        self._folder.cleanup()

    def submit(self, job: Job[Result]) -> Future[Result]:
        """Queue a job; `result` waits for it."""
        try:
            future = self._pool.submit(_run_in_worker, job)
        except BrokenProcessPool as error:
            raise self._lost() from error
        self._futures.append(future)
        return future

    def result(self, future: Future[Result]) -> Result:
        """Wait for a job.

        Raises:
            TrainingError: training or conversion failed.
            FitterLostError: it ended its process.
        """
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise self._lost() from error

    def _lost(self) -> FitterLostError:
        return FitterLostError(f"{LOST}. Its last lines:\n{self._last_lines()}")

    def _last_lines(self) -> str:
        text = self._log.read_text("utf-8", "replace") if self._log.exists() else ""
        return "\n".join(text.splitlines()[-_LOG_LINES_SHOWN:])

    def _listen(self, progress: Progress) -> None:
        while epochs := self._epochs.get():
            progress(epochs)


def _ended_well(future: Future[Any]) -> bool:
    """Whether its process has finished it, by a result or by an error, and lives."""
    return (
        future.done()
        and not future.cancelled()
        and not isinstance(future.exception(), BrokenProcessPool)
    )


_epochs_of_worker: Queue[int] | None = None


def _start_worker(epochs: Queue[int], log: str) -> None:
    """Set a fitting process up: one thread, the same bits in every run, its chatter in a file."""
    global _epochs_of_worker  # noqa: PLW0603 - the one way to hand a queue to a pool's process
    _epochs_of_worker = epochs
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # TensorFlow's C++ side writes to the file descriptors, so Python's streams are not enough.
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    prepare_tensorflow()


def _end_with_parent() -> None:
    """A parent that was killed cannot stop its fitting processes, and nobody waits for them."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run_in_worker(job: Job[Result]) -> Result:
    queue = _epochs_of_worker
    return run_job(job, (lambda: queue.put(1)) if queue else (lambda: None))
