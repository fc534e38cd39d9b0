"""A virtual board on a pseudo-terminal: what a real one is on a serial port, faults included.

The firmware's protocol machine is the core's; its samples come from the simulation, in real time.
"""

from __future__ import annotations

import os
import select
import termios
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np

from imu_gesture import _core
from imu_gesture.device import BOARDS
from imu_gesture.link.faults import FaultParams, FaultyPath
from imu_gesture.samples import Samples
from imu_gesture.simulation.performer import Action, Performer
from imu_gesture.simulation.sensors import SensorModel

_TICK_S = 0.002
_BLOCK_AGE_US = 10_000  # a wire has room: no sample waits long


class VirtualPort:
    """Serves a virtual board in a thread of its own; `path` is the port to open.

    `path` is a link that survives unplugging: the terminal behind it is a new one each time.

    Args:
        sensors, performer: who moves what.
        plan: what is performed, again and again.
        path: where to put the link.
        model: labels, firmware and id, where the board recognises gestures itself.
        faults: what goes wrong on the way to the host.
    """

    def __init__(
        self,
        sensors: SensorModel,
        performer: Performer,
        plan: Sequence[Action],
        path: Path,
        model: tuple[Sequence[str], _core.Firmware, str] | None = None,
        faults: FaultParams | None = None,
    ) -> None:
        labels, firmware, model_id = model or ((), None, "")
        self.path = path
        self.device = _core.Device(_identity(sensors, model_id), list(labels), firmware)
        self._sensors, self._performer, self._plan = sensors, performer, list(plan)
        self._faults = FaultyPath(faults or FaultParams(), seed=0)
        self._ahead: Samples | None = None
        self._started_s = 0.0
        self._unsent = b""
        self._asked_at: int | None = None
        self._before_resets = 0
        self.sent = 0  # samples from the first Start to the last Stop, lost ones included
        self._board = -1
        self._host = -1
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._serve, daemon=True, name=f"board {path}")

    def __enter__(self) -> Self:
        self.plug()
        self._started_s = time.monotonic()
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
            self.device.link_up(_core.MAX_PACKET, _BLOCK_AGE_US, self._now_us())

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
            self._before_resets += self.device.health.imu_numbered
            self.device.reset()
            self._unsent = b""
            self.device.link_up(_core.MAX_PACKET, _BLOCK_AGE_US, self._now_us())

    def _now_us(self) -> int:
        return round((time.monotonic() - self._started_s) * 1e6)

    def _serve(self) -> None:
        while not self._ending.is_set():
            with self._lock:
                now_us = self._now_us()
                self._hear(now_us)
                self._take_samples(now_us)
                self.device.poll(now_us)
                self._say()
            time.sleep(_TICK_S)

    def _take_samples(self, now_us: int) -> None:
        """Hand the firmware what its sensors have measured by now."""
        while (
            self._ahead is None or len(self._ahead) == 0 or self._ahead.device_time_us[-1] <= now_us
        ):
            if self._ahead is not None:
                self._push(self._ahead)
            self._ahead = self._sensors.measure(self._performer.perform(self._plan))
        due = self._ahead.device_time_us <= now_us
        self._push(self._ahead.rows(due))
        self._ahead = self._ahead.rows(~due)

    def _push(self, samples: Samples) -> None:
        info = self._sensors.info
        if len(samples) and info.acc_g_per_lsb and info.gyr_dps_per_lsb:
            acc = samples.acc_g.astype(np.float64) / info.acc_g_per_lsb
            gyr = samples.gyr_or_zero_dps.astype(np.float64) / info.gyr_dps_per_lsb
            counts = np.rint(np.hstack([acc, gyr])).clip(-32768, 32767).astype(np.int16)
            self.device.take(samples.device_time_us, counts)

    def _hear(self, now_us: int) -> None:
        if self._board < 0:
            return
        ready, _, _ = select.select([self._board], [], [], 0)
        if ready:
            try:
                data = os.read(self._board, 4096)
            except OSError:
                return  # no host has the port open
            was_streaming = self.device.streaming
            self.device.receive_stream(data, now_us)
            self._count(was_streaming)

    def _count(self, was_streaming: bool) -> None:
        numbered = self._before_resets + self.device.health.imu_numbered
        if self.device.streaming and self._asked_at is None:
            self._asked_at = numbered
        if was_streaming and not self.device.streaming and self._asked_at is not None:
            self.sent = numbered - self._asked_at

    def _say(self) -> None:
        """Write what the terminal takes; the rest stays in the firmware's outbox."""
        while self._board >= 0:
            while not self._unsent:
                packet = self.device.transmit()
                if packet is None:
                    return
                self._unsent = b"".join(self._faults.carry(_core.frame(packet)))
            try:
                self._unsent = self._unsent[os.write(self._board, self._unsent) :]
            except BlockingIOError:
                return


def _identity(sensors: SensorModel, model_id: str) -> _core.Hello:
    info = sensors.info
    hello = _core.Hello()
    hello.board_revision = next((n for n, name in BOARDS.items() if name == info.board), 0)
    hello.device_id = info.device_id.encode()[-8:].rjust(8, b"\0")
    hello.acc_g_per_lsb = info.acc_g_per_lsb or 0.0
    hello.gyr_dps_per_lsb = info.gyr_dps_per_lsb or 0.0
    hello.imu_rate_hz = info.stated_rate_hz or 0.0
    hello.model_id = bytes.fromhex(model_id).rjust(8, b"\0")
    hello.sensors = _core.STREAM_IMU
    return hello


def _make_raw(terminal: int) -> None:
    """Bytes pass as they are: nothing is echoed, nothing turned into line ends."""
    settings = termios.tcgetattr(terminal)
    settings[0] = settings[1] = settings[3] = 0
    settings[2] = termios.CS8 | termios.CREAD | termios.CLOCAL
    termios.tcsetattr(terminal, termios.TCSANOW, settings)
