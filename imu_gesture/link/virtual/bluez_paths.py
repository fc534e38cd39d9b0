"""Where BlueZ shows what, and with which properties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dbus_fast import Variant

from imu_gesture import _core
from imu_gesture.link.virtual.bluez_objects import Properties

ADAPTER = "org.bluez.Adapter1"
DEVICE = "org.bluez.Device1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"
ADAPTER_PATH = "/org/bluez/hci0"
_GENERIC_ATTRIBUTE = "00001801-0000-1000-8000-00805f9b34fb"  # bluetoothd shows it for every device


@dataclass(frozen=True)
class DevicePaths:
    """Objects of one device."""

    address: str

    @property
    def device(self) -> str:
        """The device itself."""
        return f"{ADAPTER_PATH}/dev_{self.address.replace(':', '_')}"

    @property
    def services(self) -> tuple[str, str]:
        """The generic one, and ours."""
        return f"{self.device}/service0008", f"{self.device}/service0010"

    @property
    def commands(self) -> str:
        """Where the host writes."""
        return f"{self.services[1]}/char0011"

    @property
    def packets(self) -> str:
        """What the board sends."""
        return f"{self.services[1]}/char0013"

    @property
    def card(self) -> str:
        """Who the board is."""
        return f"{self.services[1]}/char0016"

    @property
    def characteristics(self) -> tuple[str, str, str]:
        """All of them."""
        return self.commands, self.packets, self.card


def adapter_properties() -> Properties:
    """Of an adapter that is on."""
    return {
        "Address": Variant("s", "00:AA:01:00:00:42"),
        "Name": Variant("s", "virtual"),
        "Powered": Variant("b", True),
        "Roles": Variant("as", ["central"]),
    }


def device_properties(
    address: str, name: str, services: Sequence[str], rssi_dbm: int
) -> Properties:
    """Of a device that has just been heard."""
    return {
        "Address": Variant("s", address),
        "AddressType": Variant("s", "random"),
        "Name": Variant("s", name),
        "Alias": Variant("s", name),
        "Adapter": Variant("o", ADAPTER_PATH),
        "Paired": Variant("b", False),
        "Connected": Variant("b", False),
        "ServicesResolved": Variant("b", False),
        "UUIDs": Variant("as", list(services)),
        "RSSI": Variant("n", rssi_dbm),
    }


def service_properties(paths: DevicePaths) -> Iterator[tuple[str, Properties]]:
    """Of each service of a connected board."""
    for path, uuid in zip(paths.services, (_GENERIC_ATTRIBUTE, _core.BLE_SERVICE), strict=True):
        yield (
            path,
            {
                "UUID": Variant("s", uuid),
                "Device": Variant("o", paths.device),
                "Primary": Variant("b", True),
            },
        )


def characteristic_properties(paths: DevicePaths, mtu: int) -> Iterator[tuple[str, Properties]]:
    """Of each characteristic of a connected board."""
    for path, uuid, flag in (
        (paths.commands, _core.BLE_COMMANDS, "write"),
        (paths.packets, _core.BLE_PACKETS, "notify"),
        (paths.card, _core.BLE_CARD, "read"),
    ):
        yield (
            path,
            {
                "UUID": Variant("s", uuid),
                "Service": Variant("o", paths.services[1]),
                "Flags": Variant("as", [flag]),
                "Notifying": Variant("b", False),
                "MTU": Variant("q", mtu),
            },
        )
