"""One Bluetooth connection to one board, from finding it to losing it."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from imu_gesture import _core
from imu_gesture.errors import BoardError, LinkError
from imu_gesture.link.ble.errors import as_link_error
from imu_gesture.link.ble.scan import BleBackends, Found

if TYPE_CHECKING:
    from bleak import BleakClient
    from bleak.backends.characteristic import BleakGATTCharacteristic

_POLL_S = 0.05


@dataclass(frozen=True)
class BleTimes:
    """How long to wait for what, and between the attempts to connect."""

    scan_s: float = 5.0
    settle_s: float = 1.0  # for other boards, when one was heard
    connect_s: float = 10.0
    mtu_s: float = 2.0  # Windows agrees on a size only after it has connected
    write_s: float = 5.0
    open_s: float = 30.0  # in all
    pauses_s: Sequence[float] = (0.25, 0.5, 1.0, 2.0)


class BleSession:
    """Made by `open`; what the board sends is queued by bleak's callbacks, which do nothing else.

    Attributes:
        board_id: 16 hexadecimal digits.
        max_packet: bytes that one notification carries.
    """

    def __init__(self, found: Found, backends: BleBackends, times: BleTimes) -> None:
        from bleak import BleakClient

        self.seen = found.seen
        self.board_id = ""
        self.max_packet = 0
        self._times = times
        self._arrived: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._leaving = False
        self._client = BleakClient(
            found.device, self._on_disconnected, timeout=times.connect_s, backend=backends.client
        )

    async def open(self, wanted_id: str | None) -> bool:
        """Connect; False, and disconnected again, when it is another board than wanted.

        Raises:
            LinkError: it did not work this time.
            BoardError: the board or the link to it is of no use.
        """
        try:
            await self._client.connect()
            self.board_id = _identify(await self._client.read_gatt_char(_core.BLE_CARD), self._name)
            if wanted_id not in {None, self.board_id}:
                await self.close()
                return False
            self.max_packet = await self._agreed_packet()
            await self._client.start_notify(_core.BLE_PACKETS, self._on_packet)
        except BaseException as error:
            await self.close()
            if isinstance(error, Exception):
                raise as_link_error(error, self._name) from error
            raise
        return True

    async def close(self) -> None:
        """Disconnect; harmless when that has happened."""
        self._leaving = True
        with suppress(Exception):  # it is gone, which is what was wanted
            await asyncio.wait_for(self._client.disconnect(), self._times.write_s)

    async def write(self, data: bytes) -> None:
        """Send one datagram, and wait for the board's word that it came.

        Raises:
            LinkError: it did not.
        """
        try:
            async with asyncio.timeout(self._times.write_s):
                await self._client.write_gatt_char(_core.BLE_COMMANDS, data, response=True)
        except Exception as error:
            if not self._client.is_connected:
                raise self._gone() from error
            raise as_link_error(error, self._name) from error

    def read(self, timeout_s: float) -> bytes:
        """The next datagram; nothing when there is none in time.

        Raises:
            LinkError: the connection was lost, and everything that came over it was read.
        """
        try:
            datagram = self._arrived.get(timeout=timeout_s)
        except queue.Empty:
            return b""
        if datagram is None:
            self._arrived.put(None)
            raise self._gone()
        return datagram

    @property
    def _name(self) -> str:
        return self.seen.name or self.seen.address

    def _gone(self) -> LinkError:
        return LinkError(
            f"{self._name}: the connection was lost; is the board powered, and near enough?"
        )

    def _on_packet(self, _: BleakGATTCharacteristic, value: bytearray) -> None:
        self._arrived.put(bytes(value))

    def _on_disconnected(self, _: BleakClient) -> None:
        if not self._leaving:
            self._arrived.put(None)

    async def _agreed_packet(self) -> int:
        commands = self._client.services.get_characteristic(_core.BLE_COMMANDS)
        if commands is None:
            raise BoardError(f"{self._name}: no characteristic for commands; `imu-gesture deploy`")
        end_s = asyncio.get_running_loop().time() + self._times.mtu_s
        while commands.max_write_without_response_size < _core.MIN_PACKET:
            if asyncio.get_running_loop().time() > end_s:
                raise BoardError(
                    f"{self._name}: the link carries {commands.max_write_without_response_size} "
                    f"bytes at once, {_core.MIN_PACKET} are needed; this computer's Bluetooth has "
                    "not agreed on more (BlueZ before 5.62 never tells): update it, or use USB"
                )
            await asyncio.sleep(_POLL_S)
        return min(commands.max_write_without_response_size, _core.MAX_PACKET)


def _identify(card: bytes | bytearray, name: str) -> str:
    """Who shows this card; the board's id in hexadecimal."""
    try:
        oldest, newest, board_id = _core.read_card(bytes(card))
    except ValueError as error:
        raise BoardError(f"{name}: shows a card that makes no sense ({error})") from error
    ours = _core.AskHello()
    if oldest > ours.newest or newest < ours.oldest:
        raise BoardError(
            f"{name}: the board speaks protocol {oldest} to {newest}, this program "
            f"{_core.PROTOCOL_VERSION}; put the sketch of this version on it (`imu-gesture deploy`)"
        )
    return board_id.hex()
