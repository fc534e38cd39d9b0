"""What arduino-cli, the compiler and bossac say, in words that say what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

FLASH_BYTES, RAM_BYTES = 983_040, 262_144  # for a sketch on a Nano 33 BLE

_FLASH = re.compile(r"Sketch uses (\d+) bytes .*? Maximum is (\d+) bytes", re.DOTALL)
_RAM = re.compile(r"Global variables use (\d+) bytes .*? Maximum is (\d+) bytes", re.DOTALL)
_ERROR = re.compile(
    r"^(?P<file>(?:[A-Za-z]:)?[^\s:][^:\n]*):(?P<line>\d+):(?:\d+:)? (?:fatal )?error: "
    r"(?P<text>.*)$",
    re.MULTILINE,
)
_MOST_ERRORS = 3


@dataclass(frozen=True)
class BuildSize:
    """Bytes that a sketch takes; None where the tool did not tell."""

    flash_bytes: int | None
    ram_bytes: int | None

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


def size_of(output: str) -> BuildSize:
    """As arduino-cli prints it after compiling."""
    flash, ram = _FLASH.search(output), _RAM.search(output)
    return BuildSize(int(flash[1]) if flash else None, int(ram[1]) if ram else None)


# In this order; the first that is found is told. For bossac there is no device, whatever the
# reason: it comes last.
_CURES = (
    (
        r"(?i)\b(port|tty|com\d|\d+bps)\b.*(permission|access is) denied|permission denied.*\btty",
        (
            "this user may not open the port; on Linux: sudo usermod -aG dialout $USER, and log in "
            "again"
        ),
    ),
    (
        r"[Rr]esource busy|[Pp]ort (is )?busy",
        (
            "another program has the port open; close the Arduino IDE's monitor, or another "
            "imu-gesture"
        ),
    ),
    (
        (
            r"no such file or directory.*(tty|COM\d)|port not found|Serial port .* not found|"
            r"cannot open (port|device)"
        ),
        "there is no such port; `imu-gesture devices` lists those that are there",
    ),
    (
        (
            r"dial tcp|no such host|[Tt]emporary failure in name resolution|network is unreachable|"
            r"i/o timeout|connection refused|HTTPClientError"
        ),
        (
            "the board's core or a library must be downloaded once, and there is no network; "
            "connect, and deploy again"
        ),
    ),
    (
        r"[Pp]latform '?[\w:.@() ]+'? (is )?not (installed|found)|platform not installed",
        (
            "the board's core is missing; arduino-cli core update-index, then arduino-cli core "
            "install arduino:mbed_nano@4.5.0"
        ),
    ),
    (
        (
            r"[Ll]ibrary '?[\w ()@.]+'? not (found|installed)|"
            r"fatal error: (ArduinoBLE|Arduino_BMI270_BMM150|Chirale_TensorFlowLite|"
            r"tensorflow/[\w/]+)\.h: No such file"
        ),
        (
            "a library is missing; arduino-cli lib update-index, then deploy again: sketch.yaml "
            "names all of them"
        ),
    ),
    (
        (
            r"will not fit in region|region .* overflowed|Sketch too big|[Nn]ot enough memory|"
            r"section exceeds available space"
        ),
        "the sketch is larger than the board; train a smaller model (--architecture small)",
    ),
    (
        r"No device found on|No upload port found.*\n.*[Ff]ailed",
        (
            "the board did not go into its bootloader; press its reset button twice quickly, "
            "so that the light pulses, and upload again (the port may have another name then); on "
            "Linux, ModemManager may have taken the port: sudo systemctl stop ModemManager"
        ),
    ),
)


def explain(output: str) -> str:
    """Why a tool has failed and what to do, from what it has said."""
    errors = [f"{m['file']}:{m['line']}: {m['text']}" for m in _ERROR.finditer(output)]
    for pattern, cure in _CURES:
        if re.search(pattern, output):
            first = f"{errors[0]}; " if errors and "library" in cure else ""
            return first + cure
    if errors:
        more = len(errors) - _MOST_ERRORS
        told = "\n  ".join(errors[:_MOST_ERRORS])
        return f"it does not compile:\n  {told}" + (f"\n  and {more} more" if more > 0 else "")
    lines = [line for line in output.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"
