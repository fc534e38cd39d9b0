"""The serial ports of this computer, and which of them are our boards."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_ARDUINO = 0x2341
_NANO_33_BLE = frozenset({0x805A, 0x015A, 0x025A})  # as Arduino's core for it lists them
_NANO_33_BLE_BOOTLOADER = 0x005A


@dataclass(frozen=True)
class UsbPort:
    """One serial port; `vendor` and `product` are USB's, None where it is no USB device.

    `serial_number` is the board's own: the same whatever the port is called.
    """

    device: str
    description: str = ""
    vendor: int | None = None
    product: int | None = None
    serial_number: str = ""

    @property
    def is_board(self) -> bool:
        """Whether it is a Nano 33 BLE that runs a sketch."""
        return self.vendor == _ARDUINO and self.product in _NANO_33_BLE

    @property
    def is_bootloader(self) -> bool:
        """Whether it is a Nano 33 BLE that waits for a sketch."""
        return (self.vendor, self.product) == (_ARDUINO, _NANO_33_BLE_BOOTLOADER)

    def __str__(self) -> str:
        if self.is_board:
            return f"{self.device} (Nano 33 BLE)"
        if self.is_bootloader:
            return f"{self.device} (Nano 33 BLE in its bootloader)"
        return f"{self.device} ({self.description})" if self.description else self.device


Lister = Callable[[], Sequence[UsbPort]]


def list_ports() -> list[UsbPort]:
    """All that the system knows of."""
    from serial.tools.list_ports import comports

    found = sorted(comports())
    nothing = {None, "n/a"}
    return [
        UsbPort(
            p.device,
            "" if p.description in nothing else p.description,
            p.vid,
            p.pid,
            (p.serial_number or "").lstrip("0"),  # the bootloader's has zeros in front
        )
        for p in found
    ]


def port_named(name: str, ports: Sequence[UsbPort]) -> UsbPort | None:
    """The port of that name, or to which that link points."""
    device = os.path.realpath(name)
    return next((port for port in ports if port.device in {name, device}), None)


def summary(ports: Sequence[UsbPort]) -> str:
    """Which ports there are, for somebody who named another."""
    usb = [str(port) for port in ports if port.vendor is not None]
    if not usb:
        return "no USB serial port is there: is the board plugged in, with a cable for data?"
    return f"there {'is' if len(usb) == 1 else 'are'} {', '.join(usb)}"
