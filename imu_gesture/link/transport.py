"""The seam between the protocol and whatever carries its bytes."""

from __future__ import annotations

from typing import Protocol


class Transport(Protocol):
    """Carries bytes to and from one board; may be opened again after it was lost.

    Attributes:
        name: what people call it, such as `/dev/ttyACM0`.
        stream: whether bytes run together, so that packets need frames.
        trusted: whether only somebody who holds the board can be at this end.
        max_packet: the longest packet it carries to us, once it is open.
        rssi_dbm: strength of the radio's signal, where there is a radio that tells.
    """

    name: str
    stream: bool
    trusted: bool
    max_packet: int
    rssi_dbm: int | None

    def open(self) -> None:
        """Connect. Raises LinkError: the board cannot be reached."""
        ...

    def close(self) -> None:
        """Disconnect; harmless when it is closed or lost already."""
        ...

    def write(self, data: bytes) -> None:
        """Send. Raises LinkError: the board is gone."""
        ...

    def read(self, timeout_s: float) -> bytes:
        """What has arrived: at least a byte or datagram, or nothing when the time is over.

        Raises LinkError: the board is gone, after all that it had sent was read.
        """
        ...
