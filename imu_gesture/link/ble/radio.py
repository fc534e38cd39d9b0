"""Our transport over Bluetooth Low Energy, by bleak, on every system that bleak knows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from imu_gesture import _core
from imu_gesture.errors import BoardError, LinkError
from imu_gesture.link.ble.errors import NotNowError, as_link_error
from imu_gesture.link.ble.loop import ble_loop
from imu_gesture.link.ble.scan import BleBackends, Found, Seen, connected, listen
from imu_gesture.link.ble.session import BleSession, BleTimes

_ANY = "Bluetooth"
_HELD = (
    "; connected to this computer already: {boards} (end the program that uses it, or after a "
    "crash: `bluetoothctl disconnect ADDRESS`)"
)
_BOARD_ID = re.compile(r"[0-9a-f]{16}")


class BleRadio:
    """Finds a board, connects, and finds the same board again.

    Args:
        wanted: the board's advertised name, its id in 16 hexadecimal digits, or its address; the
            only one there is, where that is None.
        backends: what bleak is to use, where that is not the system's Bluetooth.
        times: how long to wait for what.

    Attributes:
        rssi_dbm: how strong the board was when it was last looked for; None before that.
    """

    stream = False
    trusted = False

    def __init__(
        self,
        wanted: str | None = None,
        backends: BleBackends | None = None,
        times: BleTimes | None = None,
    ) -> None:
        self.name = wanted or _ANY
        self.max_packet = _core.MAX_PACKET
        self.rssi_dbm: int | None = None
        self._wanted = wanted or None
        self._board_id = wanted if wanted and _BOARD_ID.fullmatch(wanted) else None
        self._address: str | None = None  # where the board was last: only a hint
        self._heard: list[Seen] = []
        self._strangers: set[str] = set()  # addresses of other boards
        self._backends = backends or BleBackends()
        self._times = times or BleTimes()
        self._session: BleSession | None = None

    def open(self) -> None:
        """Find the board and connect.

        Raises:
            LinkError: this computer's Bluetooth cannot be used; the board is not there, or does
                not answer.
            BoardError: there are several, or the board cannot be worked with.
        """
        try:
            session = ble_loop().run(self._open())
        except TimeoutError as error:
            raise as_link_error(error, self.name) from error
        self._session = session
        self._board_id, self._address = session.board_id, session.seen.address
        self.name = session.seen.name or session.seen.address
        self.rssi_dbm = session.seen.rssi_dbm
        self.max_packet = session.max_packet

    def close(self) -> None:
        """Disconnect."""
        session, self._session = self._session, None
        if session is not None:
            ble_loop().run(session.close())

    def write(self, data: bytes) -> None:
        """Send one datagram."""
        ble_loop().run(self._opened.write(data))

    def read(self, timeout_s: float) -> bytes:
        """The next datagram."""
        return self._opened.read(timeout_s)

    @property
    def _opened(self) -> BleSession:
        if self._session is None:
            raise LinkError(f"{self.name}: not connected")
        return self._session

    async def _open(self) -> BleSession:
        """Several attempts, each from the start; the last one's error counts."""
        async with asyncio.timeout(self._times.open_s):
            for pause_s in self._times.pauses_s:
                try:
                    return await self._attempt()
                except (BoardError, NotNowError):
                    raise
                except LinkError:
                    await asyncio.sleep(pause_s)
            return await self._attempt()

    async def _attempt(self) -> BleSession:
        for found in self._choose(await self._listen()):
            session = BleSession(found, self._backends, self._times)
            if await session.open(self._board_id):
                return session
            self._strangers.add(found.seen.address)
        raise await self._not_found()

    async def _listen(self) -> list[Found]:
        def enough(seen: Seen) -> bool:
            return seen.address in {self._address, self._wanted}

        times = self._times
        try:
            found = await listen(self._backends, times.scan_s, times.settle_s, enough)
        except Exception as error:
            raise as_link_error(error, self.name) from error
        self._heard = [one.seen for one in found]
        return found

    def _choose(self, found: Sequence[Found]) -> list[Found]:
        """Boards to connect to, until one is the right one.

        Raises:
            BoardError: several could be meant.
        """
        if self._board_id is not None:
            others = [one for one in found if one.seen.address not in self._strangers]
            return sorted(others, key=lambda one: one.seen.address != self._address)
        meant = [one for one in found if self._wanted in {None, one.seen.name, one.seen.address}]
        if len(meant) > 1:
            listed = ", ".join(str(one.seen) for one in meant)
            raise BoardError(
                f"{len(meant)} boards could be meant: {listed}; say which (--ble NAME or ADDRESS)"
            )
        return meant

    async def _not_found(self) -> NotNowError:
        who = self._wanted or self._board_id
        wanted = f"the board {who}" if who else "a board"
        other = "another board is; " if self._board_id and self._heard else ""
        others = ", ".join(map(str, self._heard)) or "none"
        held = await connected(self._backends)
        taken = _HELD.format(boards=", ".join(held)) if held else ""
        return NotNowError(
            f"{wanted} is not heard over Bluetooth in {self._times.scan_s:g} s; {other}heard: "
            f"{others}{taken}; is it powered and near, does it run the sketch of imu-gesture, and "
            "is no other computer or phone connected to it?"
        )
