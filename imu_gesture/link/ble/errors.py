"""What goes wrong with Bluetooth, in words for people: what was seen, and what to do next."""

from __future__ import annotations

import sys

from imu_gesture.errors import LinkError

_OFF = {
    "linux": "`bluetoothctl power on`, and `rfkill unblock bluetooth` where it is blocked",
    "darwin": "System Settings, Bluetooth",
    "win32": "Settings, Bluetooth & devices",
}
_FORBIDDEN = {
    "linux": "`sudo usermod -a -G bluetooth $USER` and log in again",
    "darwin": "System Settings, Privacy & Security, Bluetooth: allow the terminal",
    "win32": "Settings, Privacy & security, Radios: allow desktop apps",
}
_NO_SERVICE = (
    "no Bluetooth service: bluetoothd does not run or is not installed; "
    "`sudo apt install bluez && sudo systemctl enable --now bluetooth`"
)
_NO_BUS = (
    "no D-Bus system bus, by which programs reach Bluetooth on Linux ({error}); in a container, "
    "mount /run/dbus/system_bus_socket"
)
_NO_RADIO = "this computer has no Bluetooth Low Energy radio that works; plug one in (USB)"
_NO_TABLE = (
    "the board advertises our service but does not have its parts ({error}): another sketch, or "
    "this computer remembers an older one; `imu-gesture deploy`, then remove the device in the "
    "system's Bluetooth settings"
)


class NotNowError(LinkError):
    """Nothing that trying again at once would change."""


def powered_off() -> NotNowError:
    """The radio is off."""
    return NotNowError(f"Bluetooth is off on this computer; turn it on: {_hint(_OFF)}")


def forbidden() -> NotNowError:
    """The system refuses."""
    return NotNowError(f"this program may not use Bluetooth; {_hint(_FORBIDDEN)}")


def as_link_error(error: Exception, name: str) -> LinkError:
    """What `error`, of bleak or of the system under it, means for the user of the board `name`."""
    if isinstance(error, LinkError):
        return error
    return _of_the_computer(error) or LinkError(f"{name}: {_of_the_board(error)}")


def _hint(hints: dict[str, str]) -> str:
    return hints.get(sys.platform, hints["linux"])


def _of_the_computer(error: Exception) -> NotNowError | None:
    from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError

    if isinstance(error, BleakBluetoothNotAvailableError):
        return _not_available(error)
    if isinstance(error, BleakDBusError):
        return _refused_by_the_bus(error)
    if isinstance(error, PermissionError):
        return forbidden()
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return NotNowError(_NO_BUS.format(error=error))
    return None


def _not_available(error: Exception) -> NotNowError:
    from bleak.exc import BleakBluetoothNotAvailableReason as Reason

    reason = getattr(error, "reason", Reason.UNKNOWN)
    if reason is Reason.POWERED_OFF:
        return powered_off()
    if reason in {Reason.NO_BLUETOOTH, Reason.NO_BLE_CENTRAL_ROLE}:
        return NotNowError(_NO_RADIO)
    if reason is Reason.UNKNOWN:
        return NotNowError(f"Bluetooth cannot be used ({error.args[0]}); is it on?")
    return forbidden()


def _refused_by_the_bus(error: Exception) -> NotNowError | None:
    kind = str(error.args[0])
    if kind.endswith((".ServiceUnknown", ".NameHasNoOwner", ".Spawn.ServiceNotFound")):
        return NotNowError(_NO_SERVICE)
    if kind.endswith((".AccessDenied", ".AuthFailed")):
        return forbidden()
    if kind == "org.bluez.Error.NotReady":
        return powered_off()
    return None


def _of_the_board(error: Exception) -> str:
    from bleak.exc import (
        BleakCharacteristicNotFoundError,
        BleakDeviceNotFoundError,
        BleakGATTProtocolError,
    )

    if isinstance(error, TimeoutError):
        return "the board does not answer; is it near enough, and no other host connected to it?"
    if isinstance(error, BleakCharacteristicNotFoundError):
        return _NO_TABLE.format(error=error)
    if isinstance(error, BleakGATTProtocolError):
        return f"the board refused a request ({error.args[1]}); press its reset button"
    if isinstance(error, BleakDeviceNotFoundError) or "not found" in str(error):
        return f"the board was heard and is gone ({error}); bring it nearer"
    return f"the connection failed ({error}); bring the board nearer, or press its reset button"
