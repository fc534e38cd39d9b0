"""What bluetoothd shows programs of virtual boards: its objects, calls and signals, served by us.

Written after BlueZ's own description of its interfaces (`doc/org.bluez.*.rst` in its sources).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle

from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.constants import ErrorType, MessageType
from dbus_fast.errors import DBusError

from imu_gesture import _core
from imu_gesture.link.virtual.ble_board import BleBoard
from imu_gesture.link.virtual.bluez_objects import ObjectTable
from imu_gesture.link.virtual.bluez_paths import (
    ADAPTER,
    ADAPTER_PATH,
    CHARACTERISTIC,
    DEVICE,
    DevicePaths,
    adapter_properties,
    characteristic_properties,
    device_properties,
    service_properties,
)

_ADVERTISING_S = 0.1
_RSSI_DBM = (-58, -61, -59)  # as it wavers


@dataclass(frozen=True)
class Bystander:
    """Another device in the air, which is none of ours."""

    name: str
    address: str
    services: Sequence[str] = ("0000180f-0000-1000-8000-00805f9b34fb",)


class BluezService:
    """On one bus, one adapter and the boards around it. All of it runs in the bus's event loop."""

    def __init__(
        self, bus: MessageBus, boards: Sequence[BleBoard], bystanders: Sequence[Bystander] = ()
    ) -> None:
        self._bus = bus
        self._bystanders = bystanders
        self._objects = ObjectTable(bus.send)
        self._boards = {DevicePaths(board.address): board for board in boards}
        self._of_path = {
            path: paths for paths in self._boards for path in (paths.device, *paths.characteristics)
        }
        self._subscribed: set[DevicePaths] = set()
        self._scanners: set[str | None] = set()
        self._calls: dict[tuple[str | None, str | None], Callable[[Message], Message]] = {
            (ADAPTER, "SetDiscoveryFilter"): Message.new_method_return,
            (ADAPTER, "StartDiscovery"): self._start_discovery,
            (ADAPTER, "StopDiscovery"): self._stop_discovery,
            (DEVICE, "Connect"): self._connect,
            (DEVICE, "Disconnect"): self._disconnect,
            (CHARACTERISTIC, "ReadValue"): self._read,
            (CHARACTERISTIC, "WriteValue"): self._write,
            (CHARACTERISTIC, "StartNotify"): self._start_notify,
            (CHARACTERISTIC, "StopNotify"): self._stop_notify,
        }

    async def appear(self) -> None:
        """Be there under bluetoothd's name."""
        self._objects.add(ADAPTER_PATH, ADAPTER, adapter_properties())
        self._bus.add_message_handler(self._handle)
        await self._bus.request_name("org.bluez")

    async def run(self) -> None:
        """Serve until it is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._advertise())
            for paths, board in self._boards.items():
                tasks.create_task(self._serve(paths, board))

    async def power(self, on: bool) -> None:
        """Turn the adapter on or off."""
        self._objects.change(ADAPTER_PATH, {"Powered": Variant("b", on)})
        if not on:
            self._scanners.clear()
            for paths in self._boards:
                self._drop(paths)

    async def _advertise(self) -> None:
        for rssi_dbm in cycle(_RSSI_DBM):
            await asyncio.sleep(_ADVERTISING_S)
            if self._scanners:
                for paths, board in self._boards.items():
                    if board.advertising:
                        self._hear(paths, board.name, [_core.BLE_SERVICE], rssi_dbm)
                for other in self._bystanders:
                    self._hear(DevicePaths(other.address), other.name, other.services, rssi_dbm)

    def _hear(self, paths: DevicePaths, name: str, services: Sequence[str], rssi_dbm: int) -> None:
        if paths.device in self._objects:
            self._objects.change(paths.device, {"RSSI": Variant("n", rssi_dbm)})
        else:
            properties = device_properties(paths.address, name, services, rssi_dbm)
            self._objects.add(paths.device, DEVICE, properties)

    async def _serve(self, paths: DevicePaths, board: BleBoard) -> None:
        while True:
            await asyncio.sleep(board.radio.interval_s)
            for packet in board.live(paths in self._subscribed):
                self._objects.change(paths.packets, {"Value": Variant("ay", packet)})
            if board.dropping:
                self._drop(paths)

    def _handle(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        answer = self._objects.answer(message)
        if answer is not None:
            return answer
        call = self._calls.get((message.interface, message.member))
        if call is None:
            return None
        if message.path not in self._objects:
            raise DBusError(ErrorType.UNKNOWN_OBJECT, f"no object {message.path}")
        if not self._objects.value(ADAPTER_PATH, "Powered"):
            raise DBusError("org.bluez.Error.NotReady", "Resource Not Ready")
        return call(message)

    def _start_discovery(self, call: Message) -> Message:
        self._scanners.add(call.sender)
        return Message.new_method_return(call)

    def _stop_discovery(self, call: Message) -> Message:
        self._scanners.discard(call.sender)
        return Message.new_method_return(call)

    def _connect(self, call: Message) -> Message:
        paths = self._of_path.get(call.path or "")
        if paths is None or not self._boards[paths].advertising:
            raise DBusError("org.bluez.Error.Failed", "le-connection-create-timeout")
        board = self._boards[paths]
        board.on_connected()
        self._objects.change(paths.device, {"Connected": Variant("b", True)})
        for path, properties in service_properties(paths):
            self._objects.add(path, "org.bluez.GattService1", properties)
        for path, properties in characteristic_properties(paths, board.radio.mtu):
            self._objects.add(path, CHARACTERISTIC, properties)
        self._objects.change(paths.device, {"ServicesResolved": Variant("b", True)})
        return Message.new_method_return(call)

    def _disconnect(self, call: Message) -> Message:
        paths = self._of_path.get(call.path or "")
        if paths is not None:
            self._drop(paths)
        return Message.new_method_return(call)

    def _drop(self, paths: DevicePaths) -> None:
        self._subscribed.discard(paths)
        self._boards[paths].on_disconnected()
        if paths.device not in self._objects or not self._objects.value(paths.device, "Connected"):
            return
        gone = {"ServicesResolved": Variant("b", False), "Connected": Variant("b", False)}
        self._objects.change(paths.device, gone)
        for path in (*paths.characteristics, *paths.services):
            self._objects.remove(path)

    def _read(self, call: Message) -> Message:
        paths = self._of_path[call.path or ""]
        if call.path != paths.card:
            raise DBusError("org.bluez.Error.NotPermitted", "Read not permitted")
        return Message.new_method_return(call, "ay", [self._boards[paths].card])

    def _write(self, call: Message) -> Message:
        paths = self._of_path[call.path or ""]
        if call.path != paths.commands:
            raise DBusError("org.bluez.Error.NotPermitted", "Write not permitted")
        if not self._boards[paths].on_written(bytes(call.body[0])):
            raise DBusError("org.bluez.Error.Failed", "Operation failed with ATT error: 0x0e")
        return Message.new_method_return(call)

    def _start_notify(self, call: Message) -> Message:
        paths = self._of_path[call.path or ""]
        if call.path != paths.packets:
            raise DBusError("org.bluez.Error.NotSupported", "Operation is not supported")
        self._subscribed.add(paths)
        return Message.new_method_return(call)

    def _stop_notify(self, call: Message) -> Message:
        self._subscribed.discard(self._of_path[call.path or ""])
        return Message.new_method_return(call)
