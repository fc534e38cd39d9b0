"""Which boards can be heard over Bluetooth."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from imu_gesture import _core
from imu_gesture.link.ble.errors import as_link_error
from imu_gesture.link.ble.loop import ble_loop

if TYPE_CHECKING:
    from bleak.backends.adapter import BaseBleakAdapter
    from bleak.backends.client import BaseBleakClient
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData, BaseBleakScanner


@dataclass(frozen=True)
class BleBackends:
    """What carries bleak's requests out; where None, the system's own Bluetooth."""

    scanner: type[BaseBleakScanner] | None = None
    client: type[BaseBleakClient] | None = None
    adapter: type[BaseBleakAdapter] | None = None


@dataclass(frozen=True)
class Seen:
    """A board that was heard: a name may be empty, an address is the system's own word for it."""

    name: str
    address: str
    rssi_dbm: int

    def __str__(self) -> str:
        return f"{self.name or 'nameless'} ({self.address}, {self.rssi_dbm} dBm)"


@dataclass(frozen=True, eq=False)
class Found:
    """The same, with what bleak connects by."""

    seen: Seen
    device: BLEDevice


def scan(seconds: float, backends: BleBackends | None = None) -> list[Seen]:
    """Boards heard in so much time, strongest first.

    Raises:
        LinkError: this computer's Bluetooth cannot be used.
    """
    try:
        found = ble_loop().run(listen(backends or BleBackends(), seconds))
    except Exception as error:
        raise as_link_error(error, "Bluetooth") from error
    return [one.seen for one in found]


async def listen(
    backends: BleBackends,
    seconds: float,
    settle_s: float | None = None,
    enough: Callable[[Seen], bool] = lambda _: False,
) -> list[Found]:
    """Boards heard, strongest first.

    Args:
        backends: who listens.
        seconds: how long.
        settle_s: time to go on from the first board that is heard, where that is less.
        enough: whether to stop at once when this board was heard.
    """
    from bleak import BleakScanner

    heard: dict[str, Found] = {}
    ready = asyncio.Event()

    def on_advertisement(device: BLEDevice, said: AdvertisementData) -> None:
        if _core.BLE_SERVICE not in said.service_uuids:  # BlueZ also tells what others listen for
            return
        first = not heard
        seen = Seen(said.local_name or device.name or "", device.address, said.rssi)
        heard[device.address] = Found(seen, device)
        if enough(seen):
            ready.set()
        elif first and settle_s is not None:
            asyncio.get_running_loop().call_later(settle_s, ready.set)

    scanner = BleakScanner(
        on_advertisement, service_uuids=[_core.BLE_SERVICE], backend=backends.scanner
    )
    async with scanner:
        with suppress(TimeoutError):
            await asyncio.wait_for(ready.wait(), seconds)
    return sorted(heard.values(), key=lambda found: -found.seen.rssi_dbm)


async def connected(backends: BleBackends) -> Sequence[str]:
    """Boards that this computer is connected to already, and which are therefore not heard."""
    from bleak import BleakAdapter
    from bleak.exc import BleakError

    try:
        adapter = await BleakAdapter.get(backend=backends.adapter)
        devices = await adapter.get_connected_devices([_core.BLE_SERVICE])
    except (BleakError, NotImplementedError):
        return []
    return [f"{device.name or 'nameless'} ({device.address})" for device in devices]
