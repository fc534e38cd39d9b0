"""Keys of paired boards, in the user's own folder and readable by nobody else."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from imu_gesture.errors import InputError
from imu_gesture.link.seal import KEY_BYTES

_PLACE = "IMU_GESTURE_KEYS"  # environment variable that names another folder


def key_file(device_id: str) -> Path:
    """Where the key of one board is kept."""
    place = os.environ.get(_PLACE) or Path(platformdirs.user_data_dir("imu-gesture")) / "keys"
    return Path(place) / f"{device_id}.key"


def keep_key(device_id: str, key: bytes) -> Path:
    """Write a board's key; an older one is replaced."""
    path = key_file(device_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
    return path


def key_of(device_id: str) -> bytes | None:
    """(32,) bytes; None where this computer is not paired with the board.

    Raises:
        InputError: the file is damaged.
    """
    path = key_file(device_id)
    try:
        key = bytes.fromhex(path.read_text("ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read; pair again with `imu-gesture pair`") from error
    if len(key) != KEY_BYTES:
        raise InputError(f"{path}: is not a key; pair again with `imu-gesture pair`")
    return key


def forget_key(device_id: str) -> None:
    """Remove a board's key, if there is one."""
    key_file(device_id).unlink(missing_ok=True)
