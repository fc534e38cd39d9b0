"""Virtual boards on bumble's Bluetooth stack: real HCI, L2CAP and ATT, in this very process."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

from bumble.att import ATT_Error, ErrorCode
from bumble.core import UUID, AdvertisingData, BaseError
from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service

from imu_gesture import _core
from imu_gesture.link.ble.loop import ble_loop
from imu_gesture.link.ble.scan import BleBackends
from imu_gesture.link.virtual.ble_board import BleBoard
from imu_gesture.link.virtual.bumble_air import BumbleAir
from imu_gesture.link.virtual.bumble_backend import backends_on

_ADVERTISING_MS = 100.0
_END_S = 2.0
_LONGEST_NAME = 8  # beside the service in 31 bytes; bumble does not carry scan responses


class BumblePeripheral:
    """Serves boards while the context lasts; `backends` lead bleak to them.

    Args:
        boards: each may be carried away and reset for itself. Names have at most 8 letters.

    Attributes:
        air: the room they are in, while the context lasts.
    """

    def __init__(self, boards: Sequence[BleBoard]) -> None:
        self.boards = list(boards)
        self.backends = BleBackends()

    def __enter__(self) -> Self:
        ble_loop().run(self._start())
        return self

    def __exit__(self, *error: object) -> None:
        ble_loop().run(self._stop())

    def power(self, on: bool) -> None:
        """Turn the host's adapter on or off."""
        ble_loop().run(self._power(on))

    async def _start(self) -> None:
        self.air = BumbleAir()
        await self.air.host.power_on()
        self.backends = backends_on(self.air)
        self._serving = asyncio.gather(*(_Server(board, self.air).run() for board in self.boards))

    async def _stop(self) -> None:
        with suppress(TimeoutError):  # a stack that waits for one that has gone already
            await asyncio.wait_for(self._power(False), _END_S)
        self._serving.cancel()
        await asyncio.wait({self._serving}, timeout=_END_S)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.air.host.power_off(), _END_S)
        if self._serving.done():
            with suppress(asyncio.CancelledError):
                self._serving.result()  # raises what went wrong while serving

    async def _power(self, on: bool) -> None:
        self.air.powered = on
        if not on:
            for connection in list(self.air.host.connections.values()):
                await connection.disconnect()


class _Server:
    """One board's GATT server."""

    def __init__(self, board: BleBoard, air: BumbleAir) -> None:
        if len(board.name.encode()) > _LONGEST_NAME:
            raise ValueError(f"{board.name}: bumble carries names of at most {_LONGEST_NAME} bytes")
        self._board = board
        self._subscribed = False
        self._device = air.stack(board.name, board.address)
        self._device.gatt_server.max_mtu = board.radio.mtu
        self._packets = _characteristic(_core.BLE_PACKETS, "NOTIFY", b"")
        self._packets.on(Characteristic.EVENT_SUBSCRIPTION, self._on_subscription)
        commands = CharacteristicValue(write=self._on_written)
        card = CharacteristicValue(read=lambda _: board.card)
        characteristics = [
            _characteristic(_core.BLE_COMMANDS, "WRITE", commands),
            self._packets,
            _characteristic(_core.BLE_CARD, "READ", card),
        ]
        self._device.add_service(Service(_core.BLE_SERVICE, characteristics))
        self._device.on(self._device.EVENT_CONNECTION, self._on_connection)

    async def run(self) -> None:
        """Until it is cancelled."""
        await self._device.power_on()
        try:
            while True:
                await self._advertise()
                for packet in self._board.live(self._subscribed):
                    await self._device.notify_subscribers(self._packets, packet)
                if self._board.dropping:
                    await self._drop()
                await asyncio.sleep(self._board.radio.interval_s)
        finally:
            await self._device.stop_advertising()
            await self._device.power_off()

    async def _drop(self) -> None:
        for connection in list(self._device.connections.values()):
            with suppress(BaseError):  # the host was quicker
                await connection.disconnect()

    async def _advertise(self) -> None:
        if self._board.advertising and not self._device.is_advertising:
            await self._device.start_advertising(
                advertising_data=_advertisement(self._board.name),
                advertising_interval_min=_ADVERTISING_MS,
                advertising_interval_max=_ADVERTISING_MS,
            )
        elif self._device.is_advertising and not self._board.advertising:
            await self._device.stop_advertising()

    def _on_connection(self, connection: Connection) -> None:
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)
        self._board.on_connected()

    def _on_disconnection(self, _: int) -> None:
        self._subscribed = False
        self._board.on_disconnected()

    def _on_subscription(self, _: object, notify: bool, __: bool) -> None:
        self._subscribed = notify

    def _on_written(self, _: Connection, value: bytes) -> None:
        if not self._board.on_written(bytes(value)):
            raise ATT_Error(ErrorCode.UNLIKELY_ERROR)


def _characteristic(
    uuid: str, kind: str, value: CharacteristicValue[bytes] | bytes
) -> Characteristic[bytes]:
    permissions = Characteristic.READABLE | Characteristic.WRITEABLE
    return Characteristic(uuid, Characteristic.Properties[kind], permissions, value)


def _advertisement(name: str) -> bytes:
    service = AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS
    return bytes(
        AdvertisingData(
            [
                (AdvertisingData.FLAGS, b"\x06"),
                (service, UUID(_core.BLE_SERVICE).to_bytes()),
                (AdvertisingData.COMPLETE_LOCAL_NAME, name.encode()),
            ]
        )
    )
