"""Jobs on a Ray cluster: every one is a task, and a task whose node goes away runs elsewhere."""

from __future__ import annotations

import logging
import os
import socket
from concurrent.futures import Future
from contextlib import ExitStack, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any, Self

from imu_gesture.errors import ImuGestureError, TrainingError
from imu_gesture.learning.fitters import (
    LOST,
    FitterLostError,
    Job,
    Result,
    prepare_tensorflow,
    run_job,
)
from imu_gesture.provenance import installed_versions, is_installed

_RETRIES = 20  # a job that ends its process each time is at fault itself
_PATIENCE_S = 5.0
_SAME = ("imu-gesture", "tensorflow", "keras", "numpy", "tflite-micro")
_CURE = "install the same versions of Python, imu-gesture and TensorFlow on all nodes"


class RayFitters:
    """Use as a context manager; leaving it takes back what is not done, and lets go of the cluster.

    Every node needs the same versions of imu-gesture and TensorFlow, and then the same processors
    give the same bits as this machine's own. What Ray says of nodes that come and go would stand
    on standard output, where results belong; until this is left, nothing is printed there.
    """

    def __init__(self, address: str) -> None:
        """Choose the cluster at `HOST:PORT`, or with `auto` the one that runs on this machine.

        Raises:
            TrainingError: Ray is not installed, or nothing answers there.
        """
        self._ray = _ray()
        self._address = address
        self._versions = installed_versions(_SAME)
        self._left = ExitStack()
        self._task: Any = None
        _check_reachable(address)

    def __enter__(self) -> Self:
        try:
            self._ray.init(
                address=self._address,
                configure_logging=False,
                logging_level=logging.ERROR,
                log_to_driver=False,
            )
        except (OSError, RuntimeError, ValueError) as error:
            raise _no_cluster(self._address, str(error).partition("\n")[0]) from error
        self._task = self._ray.remote(num_cpus=1, max_retries=_RETRIES)(_do)
        nowhere = self._left.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
        self._left.enter_context(redirect_stdout(nowhere))
        self._left.callback(self._ray.shutdown)
        return self

    def __exit__(self, *_: object) -> None:
        self._left.close()

    @property
    def slots(self) -> int:
        """Processors of all nodes that are there now."""
        return max(1, int(self._ray.cluster_resources().get("CPU", 0)))

    def submit(self, job: Job[Result]) -> Future[Result]:
        """Queue a job; `result` waits for it."""
        future: Future[Result] = self._task.remote(job, self._versions).future()
        return future

    def result(self, future: Future[Result]) -> Result:
        """Wait for a job.

        Raises:
            TrainingError: training or conversion failed.
            FitterLostError: it ended its process, again and again.
        """
        try:
            return future.result()
        except self._ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, ImuGestureError):
                raise error.cause from None
            raise FitterLostError(f"a node cannot fit: {error.cause!r}; {_CURE}") from error
        except self._ray.exceptions.RayError as error:
            raise FitterLostError(f"{LOST}. Ray says: {error}") from error


def _check_reachable(address: str) -> None:
    """Ray itself would wait for minutes."""
    host, colon, port = address.rpartition(":")
    if address == "auto":
        return
    if not colon or not port.isdecimal():
        raise _no_cluster(address, "that is no HOST:PORT")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _PATIENCE_S).close()
    except (OSError, OverflowError) as error:
        raise _no_cluster(address, str(error)) from error


def _no_cluster(address: str, reason: str) -> TrainingError:
    return TrainingError(
        f"no Ray cluster at {address} ({reason}); start one with `ray start --head`, and give "
        "the HOST:PORT that it prints"
    )


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if not is_installed("ray"):
        raise TrainingError(
            'a cluster needs Ray, which is not installed; run: pip install "imu-gesture[ray]"'
        )
    import ray

    return ray


def check_versions(wanted: dict[str, str]) -> None:
    """Make sure that this node computes with what the search was begun with.

    Raises:
        FitterLostError: it has other versions.
    """
    for package, found in installed_versions(_SAME).items():
        if found != wanted.get(package):
            raise FitterLostError(
                f"node {socket.gethostname()} has {package} {found}, and {wanted.get(package)} is "
                f"wanted; {_CURE}"
            )


@cache
def _prepare() -> None:
    """Once in each of Ray's processes."""
    prepare_tensorflow()


def _do(job: Job[Result], wanted: dict[str, str]) -> Result:
    check_versions(wanted)
    _prepare()
    return run_job(job)
