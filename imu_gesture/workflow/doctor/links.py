"""How boards could be reached: ports and who may use them, Bluetooth."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence

from imu_gesture.link.usb_ports import Lister, list_ports
from imu_gesture.workflow.doctor.finding import Finding, tried

_PORT_GROUPS = ("dialout", "uucp")  # Debian's and Fedora's, Arch's


def ports(named: Sequence[str] = (), lister: Lister = list_ports) -> Iterator[Finding]:
    """Each board on USB, asked who it is; who may use ports, where there is none."""
    from imu_gesture.link.discovery import find_boards

    found = find_boards(named, lister=lister)
    for board in found:
        part = f"board {board.address}"
        if board.info is None:
            yield Finding(part, "limits", board.problem or board.state)
        else:
            yield Finding(part, "works", f"{board.info.board}, firmware {board.info.firmware}")
            for warning in board.warnings:
                yield Finding(part, "limits", f"it warns: {warning}")
    if not found:
        said = "no board is plugged in; `imu-gesture virtual-board` or `demo` do without"
        yield Finding("boards on USB", "works", said)
        yield from port_group()


def port_group() -> Iterator[Finding]:
    """Whether this user is in the group that Linux gives serial ports to."""
    if not sys.platform.startswith("linux"):
        return
    import grp
    import os
    import pwd

    if os.geteuid() != 0:
        user = pwd.getpwuid(os.geteuid()).pw_name
        groups = {group.gr_name: (group.gr_gid, group.gr_mem) for group in grp.getgrall()}
        yield from outside(user, {os.getegid(), *os.getgroups()}, groups)


def outside(
    user: str, own: Collection[int], groups: Mapping[str, tuple[int, Sequence[str]]]
) -> Iterator[Finding]:
    """What a user lacks whose process belongs to the groups `own`.

    groups: number and members of each of the system's groups.
    """
    name = next((name for name in _PORT_GROUPS if name in groups), None)
    if name is None or groups[name][0] in own:
        return
    cure = "log out and in again"
    if user not in groups[name][1]:
        cure = f"`sudo usermod -a -G {name} {user}`, then {cure}"
    said = f"{user} is not in group {name}, which ports will belong to: {cure}"
    yield Finding("port permission", "limits", said)


def bluetooth(seconds: float) -> Finding:
    """Whether this computer's Bluetooth listens, and which boards it hears meanwhile."""
    from imu_gesture.link.ble.scan import scan

    def look() -> str:
        heard = scan(seconds)
        return f"heard: {', '.join(map(str, heard)) or 'no board'}"

    return tried("Bluetooth", look)
