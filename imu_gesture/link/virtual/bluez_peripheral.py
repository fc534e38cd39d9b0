"""Virtual boards behind a virtual bluetoothd, for programs that use the real bleak on Linux."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Self

from dbus_fast.aio import MessageBus

from imu_gesture.link.virtual.ble_board import BleBoard
from imu_gesture.link.virtual.bluez_service import BluezService, Bystander
from imu_gesture.link.virtual.private_bus import PrivateBus

_END_S = 2.0


class BluezPeripheral:
    """Serves boards on a private bus, in a thread of its own, while the context lasts.

    A program finds them when its DBUS_SYSTEM_BUS_ADDRESS is `address`.

    Args:
        boards: each may be carried away and reset for itself.
        bystanders: other devices in the air.
    """

    def __init__(self, boards: Sequence[BleBoard], bystanders: Sequence[Bystander] = ()) -> None:
        self.boards = list(boards)
        self._bystanders = bystanders
        self._bus = PrivateBus()
        self.address = self._bus.address
        self._thread = threading.Thread(target=self._run, daemon=True, name="virtual bluetoothd")
        self._ready: Future[None] = Future()
        self._ended: Future[None] = Future()

    def __enter__(self) -> Self:
        self._bus.__enter__()
        self._thread.start()
        self._ready.result()
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()
        self._bus.__exit__()
        self._ended.result()

    def power(self, on: bool) -> None:
        """Turn the host's adapter on or off."""
        asyncio.run_coroutine_threadsafe(self._service.power(on), self._loop).result()

    def _run(self) -> None:
        """In the thread; what goes wrong is raised where the context begins or ends."""
        try:
            asyncio.run(self._serve())
        except Exception as error:
            (self._ended if self._ready.done() else self._ready).set_exception(error)
        else:
            self._ended.set_result(None)

    async def _serve(self) -> None:
        bus = await MessageBus(bus_address=self.address).connect()
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._service = BluezService(bus, self.boards, self._bystanders)
        await self._service.appear()
        serving = asyncio.create_task(self._service.run())
        self._ready.set_result(None)
        await self._end.wait()
        serving.cancel()
        await asyncio.wait({serving}, timeout=_END_S)
        bus.disconnect()
        with suppress(TimeoutError):  # the bus itself ends next
            await asyncio.wait_for(bus.wait_for_disconnect(), _END_S)  # type: ignore[no-untyped-call]
        if serving.done() and not serving.cancelled() and (error := serving.exception()):
            raise error
