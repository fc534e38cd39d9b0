"""Why a serial port cannot be used: what was seen, and what to do about it."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from pathlib import Path
from typing import Literal

from imu_gesture.errors import LinkError
from imu_gesture.link.usb_ports import Lister, summary

Kind = Literal[
    "missing", "permission", "busy", "not a port", "bootloader", "gone", "stuck", "other"
]

_KINDS: dict[int, Kind] = {
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.ELOOP: "missing",
    errno.ENXIO: "gone",
    errno.ENODEV: "gone",
    errno.EIO: "gone",
    errno.EACCES: "permission",
    errno.EPERM: "permission",
    errno.EBUSY: "busy",
    errno.EAGAIN: "busy",
    errno.EISDIR: "not a port",
    errno.ENOTTY: "not a port",
}
_WINDOWS_KINDS: dict[str, Kind] = {
    "FileNotFoundError": "missing",
    "PermissionError": "busy",  # so it says when another program has the port
    "OSError(22": "gone",
}
_SUSPECTS = "the Arduino IDE's serial monitor or plotter, or another imu-gesture"


class PortError(LinkError):
    """A serial port cannot be used; `kind` says in one word why."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def cannot_open(port: str, error: Exception, lister: Lister) -> PortError:
    """Opening `port` failed."""
    kind = _kind_of(error)
    match kind:
        case "missing":
            return PortError(kind, f"{port}: {_missing(port)}; {summary(lister())}")
        case "permission":
            return PortError(kind, f"{port}: {_permission(port)}")
        case "busy":
            return PortError(kind, f"{port}: another program has the port open: {holder(port)}")
        case "not a port":
            return PortError(kind, f"{port}: is no serial port; {summary(lister())}")
        case "gone":
            return PortError(
                kind,
                f"{port}: nothing is behind it any more ({error}); plug the board in again; "
                f"{summary(lister())}",
            )
    return PortError("other", f"{port}: cannot be opened ({error}); unplug the board, plug it in")


def bootloader(port: str) -> PortError:
    """The board at `port` waits for a sketch."""
    return PortError(
        "bootloader",
        f"{port}: the board is in its bootloader, without a sketch that runs; press its reset "
        "button once, or put a sketch on it (`imu-gesture deploy`)",
    )


def lost(port: str, error: OSError) -> PortError:
    """Reading or writing failed."""
    return PortError(
        "gone", f"{port}: the board is gone ({error}); plug it in again, so that the cable holds"
    )


def stuck(port: str, seconds: float) -> PortError:
    """Nothing that is written is taken."""
    return PortError(
        "stuck",
        f"{port}: the board takes nothing that is sent to it, for {seconds:g} s; its sketch hangs: "
        "press the reset button",
    )


def holder(port: str) -> str:
    """Which program has a port open, where the system tells; else those that usually do."""
    device = os.path.realpath(port)
    found = [name for process in _processes() if (name := _holds(process, device))]
    return f"{', '.join(found)}; close it" if found else f"is it {_SUSPECTS}? Close it"


def _processes() -> list[Path]:
    try:
        return [path for path in Path("/proc").iterdir() if path.name.isdigit()]
    except OSError:
        return []


def _holds(process: Path, device: str) -> str | None:
    try:
        if not any(os.readlink(entry) == device for entry in (process / "fd").iterdir()):  # noqa: PTH115
            return None
        return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    except OSError:
        return None  # it has ended, or is somebody else's


def _kind_of(error: Exception) -> Kind:
    if sys.platform == "win32":
        return next((kind for mark, kind in _WINDOWS_KINDS.items() if mark in str(error)), "other")
    number = getattr(error, "errno", None)
    if number is None and (match := re.search(r"\((\d+), '", str(error))):  # as pyserial wraps it
        number = int(match[1])
    return _KINDS.get(number or 0, "other")


def _missing(port: str) -> str:
    path = Path(port)
    return (
        f"is a link to {path.readlink()}, which is not there"
        if path.is_symlink()
        else ("there is no such port")
    )


def _permission(port: str) -> str:
    """Who may use the port, and how to become one of them."""
    try:
        import grp
        import pwd

        state = Path(port).stat()
        group = grp.getgrgid(state.st_gid)
        user = pwd.getpwuid(os.geteuid())
    except (ImportError, OSError, KeyError):
        return "you may not use it; who may, the system does not say"
    mode = stat.filemode(state.st_mode)
    both = stat.S_IRGRP | stat.S_IWGRP
    if state.st_mode & both != both or state.st_gid in {os.getegid(), *os.getgroups()}:
        return (
            f"you ({user.pw_name}) may not use it ({mode}), and its group {group.gr_name} may not "
            f"either; until it is plugged in again: `sudo chmod a+rw {port}`"
        )
    if user.pw_name in group.gr_mem:
        return (
            f"you ({user.pw_name}) are in group {group.gr_name}, which may use it, but have logged "
            "in before: log out and in again"
        )
    return (
        f"you ({user.pw_name}) may not use it ({mode}), group {group.gr_name} may: "
        f"`sudo usermod -a -G {group.gr_name} {user.pw_name}`, then log out and in again"
    )
