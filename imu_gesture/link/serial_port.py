"""A serial port, read by a thread of its own so that nothing arrives while nobody looks."""

from __future__ import annotations

import queue
import threading
import time
from contextlib import suppress

import serial

from imu_gesture import _core
from imu_gesture.errors import LinkError
from imu_gesture.link import port_trouble
from imu_gesture.link.usb_ports import Lister, list_ports, port_named

BAUD_RATE = 115_200  # USB ignores it, but 1200 would start the bootloader
_POLL_S = 0.1
_GATHER_S = 0.005  # what comes so soon behind the first byte is handed over with it
_WRITE_TIMEOUT_S = 2.0


class SerialPort:
    """The transport over USB; also a pseudo-terminal.

    Args:
        port: its name, such as `/dev/ttyACM0` or `COM3`.
        lister: which ports there are.
    """

    stream = True
    trusted = True
    max_packet = _core.MAX_PACKET
    rssi_dbm: int | None = None

    def __init__(self, port: str, lister: Lister = list_ports) -> None:
        self.name = port
        self._lister = lister
        self._serial: serial.Serial | None = None
        self._chunks: queue.SimpleQueue[bytes | OSError] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._reader: threading.Thread | None = None

    def open(self) -> None:
        """Open the port for this program alone.

        Raises:
            PortError: it is not there, is in use, or may not be opened.
        """
        known = port_named(self.name, self._lister())
        if known is not None and known.is_bootloader:
            raise port_trouble.bootloader(self.name)
        try:
            self._serial = serial.Serial(
                self.name,
                BAUD_RATE,
                timeout=_POLL_S,
                write_timeout=_WRITE_TIMEOUT_S,
                exclusive=True,
            )
        except (OSError, ValueError) as error:
            raise port_trouble.cannot_open(self.name, error, self._lister) from error
        self._chunks = queue.SimpleQueue()
        self._closing = threading.Event()
        self._reader = threading.Thread(
            target=_read,
            args=(self._serial, self._chunks, self._closing),
            daemon=True,
            name=f"read {self.name}",
        )
        self._reader.start()

    def close(self) -> None:
        """Close the port and end the thread."""
        port, self._serial = self._serial, None
        if port is None:
            return
        self._closing.set()
        with suppress(OSError):
            port.cancel_read()
        if self._reader is not None:
            self._reader.join()
        port.close()

    def write(self, data: bytes) -> None:
        """Send all of it."""
        if self._serial is None:
            raise LinkError(f"{self.name}: not open")
        try:
            self._serial.write(data)
        except serial.SerialTimeoutException as error:
            raise port_trouble.stuck(self.name, _WRITE_TIMEOUT_S) from error
        except OSError as error:
            raise port_trouble.lost(self.name, error) from error

    def read(self, timeout_s: float) -> bytes:
        """All that has arrived."""
        try:
            chunks = [self._chunks.get(timeout=timeout_s)]
        except queue.Empty:
            return b""
        with suppress(queue.Empty):
            while True:
                chunks.append(self._chunks.get_nowait())
        data = b"".join(chunk for chunk in chunks if isinstance(chunk, bytes))
        last = chunks[-1]
        if isinstance(last, OSError):
            if not data:
                raise port_trouble.lost(self.name, last) from last
            self._chunks.put(last)
        return data


def _read(
    port: serial.Serial, chunks: queue.SimpleQueue[bytes | OSError], closing: threading.Event
) -> None:
    """Until the port is closed or lost; the reason comes last."""
    while not closing.is_set():
        try:
            chunk = port.read(1)
            if chunk:
                time.sleep(_GATHER_S)
                chunk += port.read(port.in_waiting)
        except OSError as error:
            chunks.put(error)
            return
        if chunk:
            chunks.put(chunk)
