"""How boards have sat on the body over time: versioned JSON, one file for a workspace.

The first two poses ever held are the reference: what is recorded and recognised later is turned to
the mount of then. Recordings stay raw; the mount of a recording is the newest one before it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from imu_gesture.calibration.mount import Float64Array, Mount
from imu_gesture.errors import CalibrationError

MOUNTS_VERSION = 1

Row = tuple[float, float, float]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MountEntry(_Entry):
    """From `since_unix_s` on: reference = matrix @ calibrated reading."""

    since_unix_s: float
    matrix: tuple[Row, Row, Row]
    angle_deg: float
    disagreement_deg: float


class Mounts(_Entry):
    """The reference poses, mean accelerations in g, and what each board's mount was since.

    `boards`: by device id, the oldest mount first.
    """

    version: int = MOUNTS_VERSION
    poses_g: tuple[Row, ...]
    boards: dict[str, tuple[MountEntry, ...]] = {}

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
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(mounts.model_dump_json(indent=2) + "\n", encoding="utf-8")


def read_mounts(path: Path) -> Mounts:
    """Read what `write_mounts` wrote.

    Raises:
        CalibrationError: it is missing, damaged, or too new.
    """
    try:
        mounts = Mounts.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise CalibrationError(
            f"{path}: {place}: {first['msg']}; hold the poses anew with "
            "`imu-gesture mount --new-reference`"
        ) from error
    except OSError as error:
        raise CalibrationError(f"{path}: cannot be read ({error.strerror})") from error
    if mounts.version > MOUNTS_VERSION:
        raise CalibrationError(
            f"{path}: version {mounts.version} is newer than this program knows "
            f"({MOUNTS_VERSION}); update imu-gesture"
        )
    return mounts
