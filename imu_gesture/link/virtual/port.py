"""A virtual board on a pseudo-terminal: what a real one is on a serial port, faults included."""

from __future__ import annotations

import os
import select
import termios
import threading
import time
from pathlib import Path
from typing import Self

from imu_gesture import _core
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.link.virtual.faults import FaultParams, FaultyPath

_TICK_S = 0.002


class VirtualPort:
    """Serves a virtual board in a thread of its own; `path` is the port to open.

    `path` is a link that survives unplugging: the terminal behind it is a new one each time.

    Args:
        device: the board; nobody else may use it meanwhile.
        path: where to put the link.
        faults: what goes wrong on the way to the host.

    Attributes:
        started_s: when the board's time began, by `time.monotonic`.
    """

    def __init__(
        self, device: VirtualDevice, path: Path, faults: FaultParams | None = None
    ) -> None:
        self.path = path
        self.device = device
        self._faults = FaultyPath(faults or FaultParams(), seed=0)
        self._unsent = b""
        self._stalled_until_s = 0.0
        self._board = -1
        self._host = -1
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self.started_s = 0.0
        self._thread = threading.Thread(target=self._serve, daemon=True, name=f"board {path}")

    def __enter__(self) -> Self:
        self.plug()
        self.started_s = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ending.set()
        self._thread.join()
        self.unplug()

    def plug(self) -> None:
        """Connect the cable: a new terminal, found under the same name."""
        with self._lock:
            self._board, self._host = os.openpty()
            _make_raw(self._host)
            os.set_blocking(self._board, False)
            new = self.path.with_name(self.path.name + ".new")
            new.symlink_to(os.ttyname(self._host))
            new.replace(self.path)
            self._unsent = b""
            self.device.link_up()

    def unplug(self) -> None:
        """Pull the cable; the board goes on, as one with a battery does."""
        with self._lock:
            if self._board < 0:
                return
            self.path.unlink(missing_ok=True)
            os.close(self._board)
            os.close(self._host)
            self._board = self._host = -1
            self.device.link_down()

    def reset(self) -> None:
        """Press the reset button; the cable stays."""
        with self._lock:
            self.device.reset()
            self._unsent = b""
            self.device.link_up()

    def stall(self, seconds: float) -> None:
        """Carry nothing to the host for so long; the board goes on."""
        self._stalled_until_s = time.monotonic() + seconds

    def _serve(self) -> None:
        while not self._ending.is_set():
            with self._lock:
                self.device.advance(time.monotonic() - self.started_s)
                self._hear()  # so that its clock is not read as it stood before the question
                if time.monotonic() >= self._stalled_until_s:
                    self._say()
            time.sleep(_TICK_S)

    def _hear(self) -> None:
        if self._board < 0:
            return
        ready, _, _ = select.select([self._board], [], [], 0)
        if ready:
            try:
                data = os.read(self._board, 4096)
            except OSError:
                return  # no host has the port open
            self.device.hear(data, stream=True)

    def _say(self) -> None:
        """Write what the terminal takes; the rest stays in the firmware's outbox."""
        while self._board >= 0:
            while not self._unsent:
                packet = self.device.say()
                if packet is None:
                    return
                self._unsent = b"".join(self._faults.carry(_core.frame(packet)))
            try:
                self._unsent = self._unsent[os.write(self._board, self._unsent) :]
            except BlockingIOError:
                return


def _make_raw(terminal: int) -> None:
    """Bytes pass as they are: nothing is echoed, nothing turned into line ends."""
    settings = termios.tcgetattr(terminal)
    settings[0] = settings[1] = settings[3] = 0
    settings[2] = termios.CS8 | termios.CREAD | termios.CLOCAL
    termios.tcsetattr(terminal, termios.TCSANOW, settings)
