"""The whole examination, in the order in which a newcomer meets its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from imu_gesture.workflow.doctor import links, packages, surroundings
from imu_gesture.workflow.doctor.finding import Finding


@dataclass(frozen=True)
class Doctor:
    """What is to be looked at.

    Attributes:
        place: the folder to work in.
        ports: to ask these only; all boards on USB where none is named.
        listen_s: how long to listen for Bluetooth; 0 not at all.
    """

    place: Path
    ports: Sequence[str] = ()
    listen_s: float = 2.0

    def examine(self) -> Iterator[Finding]:
        """Each part as soon as it is known."""
        yield packages.python()
        core = packages.core()
        yield core
        if core.state == "broken":  # everything else is built on it
            return
        yield packages.inference()
        yield surroundings.folder(self.place)
        yield from packages.extras()
        yield surroundings.display()
        yield surroundings.toolchain()
        yield from links.ports(self.ports)
        if self.listen_s:
            yield links.bluetooth(self.listen_s)
