"""How much of a board a sketch takes, and what it means."""

from __future__ import annotations

import re
from dataclasses import dataclass

FLASH_BYTES, RAM_BYTES = 983_040, 262_144  # for a sketch on a Nano 33 BLE
REMEMBERING_FLASH_BYTES = 0xEC000 - 0x10000  # up to the pages that it remembers in: flash_store.h

_FLASH = re.compile(r"Sketch uses (\d+) bytes .*? Maximum is (\d+) bytes", re.DOTALL)
_RAM = re.compile(r"Global variables use (\d+) bytes .*? Maximum is (\d+) bytes", re.DOTALL)


@dataclass(frozen=True)
class BuildSize:
    """Bytes that a sketch takes; None where the tool did not tell."""

    flash_bytes: int | None = None
    ram_bytes: int | None = None

    @property
    def problem(self) -> str:
        """Which limit is broken, and what to do; empty where none is."""
        if self.flash_bytes is not None and self.flash_bytes > FLASH_BYTES:
            return (
                f"the sketch takes {self.flash_bytes} bytes of flash, a Nano 33 BLE has "
                f"{FLASH_BYTES}; train a smaller model (--architecture small)"
            )
        if self.ram_bytes is not None and self.ram_bytes > RAM_BYTES:
            return (
                f"the sketch takes {self.ram_bytes} bytes of memory, a Nano 33 BLE has "
                f"{RAM_BYTES}; train a smaller model, whose tensor arena is smaller"
            )
        return ""

    @property
    def warning(self) -> str:
        """What a sketch that runs cannot do because of its size; empty where there is nothing."""
        if self.flash_bytes is None or self.flash_bytes <= REMEMBERING_FLASH_BYTES:
            return ""
        return (
            f"the sketch takes {self.flash_bytes} bytes of flash; beyond {REMEMBERING_FLASH_BYTES} "
            "it covers the pages that the board remembers in: it runs, but forgets its pairing and "
            "its calibration without power, and takes no model by `imu-gesture update`; train a "
            "smaller model (--architecture small)"
        )


def size_of(output: str) -> BuildSize:
    """As arduino-cli prints it after compiling, also where it does not fit."""
    flash, ram = _FLASH.search(output), _RAM.search(output)
    return BuildSize(int(flash[1]) if flash else None, int(ram[1]) if ram else None)
