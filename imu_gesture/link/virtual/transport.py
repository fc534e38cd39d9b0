"""A virtual board in this very process: the protocol without a cable."""

from __future__ import annotations

import time

from imu_gesture import _core
from imu_gesture.link.virtual.device import VirtualDevice

_STEP_S = 0.02


class VirtualTransport:
    """Datagrams to and from a virtual board, whose time passes while its host waits for it.

    Args:
        device: the board.
        real_time: whether its time goes as the true one does, or as fast as the computer.
    """

    stream = False
    trusted = True
    max_packet = _core.MAX_PACKET
    rssi_dbm: int | None = None

    def __init__(self, device: VirtualDevice, real_time: bool = False) -> None:
        self.name = device.info.source
        self._device = device
        self._started_s = time.time() if real_time else 0.0
        self._real_time = real_time
        self._passed_s = 0.0

    def clock(self) -> float:
        """The host's time in seconds: Unix time, or where it does not pass by itself, from zero."""
        return self._started_s + self._passed_s

    def open(self) -> None:
        """Connect."""
        self._device.link_up()

    def close(self) -> None:
        """Disconnect."""
        self._device.link_down()

    def write(self, data: bytes) -> None:
        """Send."""
        self._device.hear(data, stream=False)

    def read(self, timeout_s: float) -> bytes:
        """The next datagram, once the board has one to say."""
        end_s = self._passed_s + timeout_s
        while (packet := self._device.say()) is None:
            if self._passed_s >= end_s:
                return b""
            self._passed_s = min(self._passed_s + _STEP_S, end_s)
            if self._real_time:
                time.sleep(max(0.0, self.clock() - time.time()))
            self._device.advance(self._passed_s)
        return packet
