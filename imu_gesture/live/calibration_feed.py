"""What a thread that calibrates hands to a window, and what the window's keys tell the thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from imu_gesture.calibration import stages
from imu_gesture.calibration.guided import Guidance, Stage
from imu_gesture.link.link import LinkEvent, LinkInterrupted, LinkResumed, SamplesReceived
from imu_gesture.live.trace_buffer import TraceBuffer
from imu_gesture.samples import Float32Array

TRACE_S = 5.0
SENSORS = ("acc", "gyr", "mag")

Trace = tuple[NDArray[np.float64], Float32Array]


class StartAgain(Exception):  # noqa: N818 - it is no error
    """The person wants to begin anew."""


class WindowClosed(Exception):  # noqa: N818 - it is no error
    """The person wants to leave."""


@dataclass(frozen=True)
class CalibrationState:
    """All there is to draw beside the traces.

    Attributes:
        guidance: the newest.
        stage: the newest of the stages in which something is to be done.
        away: why the board is not there; empty while it is.
        problem: why there will be no profile; empty while there may be one.
        kept: what became of the profile, once there is one.
    """

    guidance: Guidance = field(default_factory=lambda: Guidance(Stage.STILL, stages.STILL_TEXT))
    stage: Stage = Stage.STILL
    away: str = ""
    problem: str = ""
    kept: str = ""

    @property
    def over(self) -> bool:
        """Whether there is nothing more to do."""
        return bool(self.problem or self.guidance.profile)


class CalibrationFeed:
    """Written by one thread and read by another; each call is complete in itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state = CalibrationState()
        self._traces = {name: TraceBuffer(TRACE_S) for name in SENSORS}
        self._wish: type[StartAgain | WindowClosed] | None = None
        self._wished = threading.Event()

    # What the thread does that reads the board.

    def begin(self) -> None:
        """A calibration begins, the first or another one."""
        with self._lock:
            self._state = CalibrationState()

    def hear(self, event: LinkEvent) -> None:
        """An event of the link.

        Raises:
            StartAgain, WindowClosed: what the person wants.
        """
        with self._lock:
            self._raise_wish()
            if isinstance(event, SamplesReceived):
                self._trace(event)
            elif isinstance(event, LinkInterrupted):
                self._state = replace(self._state, away=event.reason)
            elif isinstance(event, LinkResumed):
                self._state = replace(self._state, away="")

    def show(self, guidance: Guidance) -> None:
        """What to do now."""
        working = guidance.stage not in {Stage.DONE, Stage.REFUSED}
        with self._lock:
            if guidance is self._state.guidance:
                return
            stage = guidance.stage if working else self._state.stage
            self._state = replace(self._state, guidance=guidance, stage=stage)

    def fail(self, problem: str) -> None:
        """There will be no profile."""
        with self._lock:
            self._state = replace(self._state, problem=problem, away="")

    def keep(self, where: str) -> None:
        """The profile was kept."""
        with self._lock:
            self._state = replace(self._state, kept=where)

    def wait(self) -> None:
        """Until the person wants something.

        Raises:
            StartAgain, WindowClosed: what it is.
        """
        self._wished.wait()
        with self._lock:
            self._raise_wish()

    # What the window does.

    @property
    def state(self) -> CalibrationState:
        """The newest; the very same object as long as nothing has changed."""
        with self._lock:
            return self._state

    def traces(self) -> dict[str, Trace]:
        """Of each sensor: seconds before now (n,), and readings (n, 3) in g, deg/s, µT."""
        with self._lock:
            return {name: buffer.read() for name, buffer in self._traces.items()}

    def start_again(self) -> None:
        """Have the thread begin anew."""
        self._want(StartAgain)

    def close(self) -> None:
        """Have the thread end."""
        self._want(WindowClosed)

    def _want(self, wish: type[StartAgain | WindowClosed]) -> None:
        with self._lock:
            self._wish = wish
            self._wished.set()

    def _raise_wish(self) -> None:
        wish = self._wish
        if wish is StartAgain:
            self._wish = None
            self._wished.clear()
        if wish is not None:
            raise wish

    def _trace(self, event: SamplesReceived) -> None:
        samples = event.samples
        self._traces["acc"].append(samples.device_time_us, samples.acc_g)
        if samples.gyr_dps is not None:
            self._traces["gyr"].append(samples.device_time_us, samples.gyr_dps)
        self._traces["mag"].append(samples.mag_time_us, samples.mag_ut)
