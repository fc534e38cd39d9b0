"""How boards have sat on the body over time: versioned JSON, one file for a workspace.

The first two poses ever held are the reference: what is recorded and recognised later is turned to
the mount of then. Recordings stay raw; the mount of a recording is the newest one before it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydantic import Field

from imu_gesture.calibration.document import Entry, read_document, write_document
from imu_gesture.calibration.mount import Float64Array, Mount

MOUNTS_VERSION = 1
_CURE = "hold the poses anew with `imu-gesture mount --new-reference`"

Row = tuple[float, float, float]


class MountEntry(Entry):
    """From `since_unix_s` on: reference = matrix @ calibrated reading."""

    since_unix_s: float
    matrix: tuple[Row, Row, Row]
    angle_deg: float
    disagreement_deg: float


class Mounts(Entry):
    """The reference poses, mean accelerations in g, and what each board's mount was since.

    `boards`: by device id, the oldest mount first.
    """

    version: int = MOUNTS_VERSION
    poses_g: tuple[Row, ...]
    boards: dict[str, tuple[MountEntry, ...]] = Field(default_factory=dict)

    @property
    def poses_g_array(self) -> Float64Array:
        """(n, 3) the reference poses."""
        return np.array(self.poses_g)

    def at(self, device_id: str, unix_s: float) -> Float64Array | None:
        """(3, 3) the rotation that a board's readings of that time need; None: none is known."""
        known = [e for e in self.boards.get(device_id, ()) if e.since_unix_s <= unix_s]
        return np.array(known[-1].matrix) if known else None

    def with_mount(self, device_id: str, mount: Mount, since_unix_s: float) -> Mounts:
        """The same, and one board's mount from now on."""
        entry = MountEntry.model_validate(
            {
                "since_unix_s": since_unix_s,
                "matrix": mount.matrix.tolist(),
                "angle_deg": mount.angle_deg,
                "disagreement_deg": mount.disagreement_deg,
            }
        )
        boards = self.boards | {device_id: (*self.boards.get(device_id, ()), entry)}
        return self.model_copy(update={"boards": boards})


def new_mounts(poses_g: Float64Array) -> Mounts:
    """With these reference poses (n, 3)."""
    return Mounts.model_validate({"poses_g": poses_g.tolist()})


def write_mounts(path: Path, mounts: Mounts) -> None:
    """Write the file, making its folder."""
    write_document(path, mounts)


def read_mounts(path: Path) -> Mounts:
    """Read what `write_mounts` wrote.

    Raises:
        CalibrationError: it is missing, damaged, or too new.
    """
    return read_document(path, Mounts, MOUNTS_VERSION, _CURE)
