"""Leads bleak to bumble's Bluetooth stack: what bleak asks of an operating system, asked of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar

from bleak.args import SizedBuffer
from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakError,
    BleakGATTProtocolError,
)
from bleak.uuids import normalize_uuid_str
from bumble.att import ATT_Error
from bumble.core import UUID, AdvertisingData, BaseError
from bumble.device import Advertisement, Connection, Peer
from bumble.gatt_client import CharacteristicProxy, ServiceProxy
from bumble.hci import Address

from imu_gesture.link.ble.scan import BleBackends
from imu_gesture.link.virtual.bumble_air import BumbleAir

_Answer = TypeVar("_Answer")
_LONGEST_MTU = 517
_ATT_HEADER = 3


def backends_on(air: BumbleAir) -> BleBackends:
    """Backends whose adapter is the host in this room."""
    return BleBackends(
        type("BumbleScanner", (_Scanner,), {"air": air}),
        type("BumbleClient", (_Client,), {"air": air}),
        type("BumbleAdapter", (_Adapter,), {"air": air}),
    )


def _demand_power(air: BumbleAir) -> None:
    if not air.powered:
        raise BleakBluetoothNotAvailableError(
            "the adapter is off", BleakBluetoothNotAvailableReason.POWERED_OFF
        )


class _Adapter(BaseBleakAdapter):
    air: ClassVar[BumbleAir]

    @classmethod
    async def get(cls, **_: Any) -> _Adapter:
        return cls()

    async def get_connected_devices(self, _: frozenset[str]) -> list[BLEDevice]:
        addresses = [str(link.peer_address) for link in self.air.host.connections.values()]
        return [BLEDevice(address.split("/")[0], None, None) for address in addresses]


class _Scanner(BaseBleakScanner):
    air: ClassVar[BumbleAir]

    def __init__(self, callback: Any, uuids: list[str] | None, *_: Any, **__: Any) -> None:
        super().__init__(callback, uuids)

    async def start(self) -> None:
        _demand_power(self.air)
        self.seen_devices = {}
        self.air.host.on(self.air.host.EVENT_ADVERTISEMENT, self._on_advertisement)
        self.air.scanners += 1
        if self.air.scanners == 1:
            await self.air.host.start_scanning()

    async def stop(self) -> None:
        self.air.host.remove_listener(self.air.host.EVENT_ADVERTISEMENT, self._on_advertisement)
        self.air.scanners -= 1
        if self.air.scanners == 0:
            await self.air.host.stop_scanning()

    def _on_advertisement(self, heard: Advertisement) -> None:
        name = heard.data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
        services = heard.data.get(AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS)
        uuids = [_uuid(service) for service in services or ()]
        if not self.is_allowed_uuid(uuids):
            return
        address = str(heard.address).split("/")[0]
        said = AdvertisementData(name, {}, {}, uuids, None, heard.rssi, ())
        device = self.create_or_update_device(address, address, name, heard.address, said)
        self.call_detection_callbacks(device, said)


class _Client(BaseBleakClient):
    air: ClassVar[BumbleAir]

    def __init__(self, device: BLEDevice | str, *_: Any, **options: Any) -> None:
        super().__init__(device, **options)
        self._connection: Connection | None = None
        self._mtu = 23

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    @property
    def mtu_size(self) -> int:
        return self._mtu

    @property
    def name(self) -> str:
        return self.address

    async def connect(self, *_: Any, **__: Any) -> None:
        _demand_power(self.air)
        async with asyncio.timeout(self._timeout):
            async with self.air.connecting:
                with _as_bleak():
                    connection = await self.air.host.connect(Address(self.address))
            connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)
            self._connection = connection
            peer = Peer(connection)
            self._mtu = await self._answered(peer.request_mtu(_LONGEST_MTU))
            await self._answered(peer.discover_all())  # type: ignore[no-untyped-call]
            self.services = self._collected(peer.services)

    async def disconnect(self) -> None:
        if self._connection is not None:
            with _as_bleak():
                await self._connection.disconnect()

    async def pair(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError

    async def unpair(self) -> None:
        raise NotImplementedError

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_: Any) -> bytearray:
        return bytearray(await self._answered(characteristic.obj.read_value()))

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        await self._answered(characteristic.obj.write_value(bytes(data), with_response=response))

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_: Any
    ) -> None:
        await self._answered(characteristic.obj.subscribe(lambda value: callback(bytearray(value))))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        await self._answered(characteristic.obj.unsubscribe())

    async def read_gatt_descriptor(self, descriptor: BleakGATTDescriptor, **_: Any) -> bytearray:
        raise NotImplementedError

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        raise NotImplementedError

    async def _answered(self, request: Coroutine[Any, Any, _Answer]) -> _Answer:
        """What the board answers, unless it is gone or goes meanwhile."""
        if self._connection is None:
            request.close()
            raise BleakError("Not connected")
        with _as_bleak():
            answer: _Answer = await self._connection.cancel_on_disconnection(request)
            return answer

    def _on_disconnection(self, _: int) -> None:
        self._connection = None
        self.services = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    def _collected(self, services: list[ServiceProxy]) -> BleakGATTServiceCollection:
        collected = BleakGATTServiceCollection()
        for service in services:
            ours = BleakGATTService(service, service.handle, _uuid(service.uuid))
            collected.add_service(ours)
            for proxy in service.characteristics:
                collected.add_characteristic(self._characteristic(proxy, ours))
        return collected

    def _characteristic(
        self, proxy: CharacteristicProxy[bytes], service: BleakGATTService
    ) -> BleakGATTCharacteristic:
        names: Any = [flag.name.lower().replace("_", "-") for flag in proxy.properties if flag.name]
        return BleakGATTCharacteristic(
            proxy,
            proxy.handle,
            _uuid(proxy.uuid),
            names,
            lambda: self._mtu - _ATT_HEADER,
            service,
        )


def _uuid(uuid: UUID) -> str:
    return normalize_uuid_str(uuid.to_hex_str("-"))


@contextmanager
def _as_bleak() -> Iterator[None]:
    """Errors of bumble become those that bleak's own backends raise."""
    try:
        yield
    except ATT_Error as error:
        raise BleakGATTProtocolError(error.error_code) from error
    except BaseError as error:
        raise BleakError(f"{type(error).__name__}: {error}") from error
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise BleakError("disconnected") from error  # bumble cancels what waits for an answer
