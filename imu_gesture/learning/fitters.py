"""The seam between jobs and where they run, and what every process that fits has in common."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

from imu_gesture.errors import ImuGestureError, TrainingError
from imu_gesture.provenance import is_installed

Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)

LOST = (
    "the process that trains and converts ended without a word: out of memory, or a layer that "
    "TensorFlow's converter cannot handle (recurrent layers are known for it)"
)


class Job(Protocol[Result_co]):
    """What a fitting process can do: `run` calls `on_epoch` after each part of the work."""

    def run(self, on_epoch: Callable[[], None], /) -> Result_co:
        """Do it."""
        ...


class Fitters(Protocol):
    """Where jobs run: processes of this machine, or of a cluster."""

    @property
    def slots(self) -> int:
        """How many jobs run at once, now."""
        ...

    def submit(self, job: Job[Result], /) -> Future[Result]:
        """Queue a job; `result` waits for it."""
        ...

    def result(self, future: Future[Result], /) -> Result:
        """Wait for a job.

        Raises:
            TrainingError: training or conversion failed.
            FitterLostError: its process ended without an answer.
        """
        ...


class FitterLostError(TrainingError):
    """A process ended without an answer; that says nothing certain about its job."""


def check_tensorflow() -> None:
    """Make sure that there is what fits.

    Raises:
        TrainingError: TensorFlow is not installed.
    """
    if not is_installed("tensorflow"):
        raise TrainingError(
            "training and conversion need TensorFlow, which is not installed; "
            'install it with `pip install "imu-gesture[train]"`'
        )


def cores() -> int:
    """Those that this process may use."""
    return max(
        1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )


def prepare_tensorflow() -> None:
    """One thread and the same bits in every run, before this process fits its first job."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()


def run_job(job: Job[Result], on_epoch: Callable[[], None] = lambda: None) -> Result:
    """Do a job here.

    Raises:
        TrainingError: it failed, in whatever way.
    """
    try:
        return job.run(on_epoch)
    except ImuGestureError:
        raise
    except Exception as error:  # of TensorFlow's own classes too, which the parent must not load
        raise TrainingError(f"TensorFlow failed with {type(error).__name__}: {error}") from None
