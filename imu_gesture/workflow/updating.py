"""A new model on a board without a new sketch, over USB or Bluetooth; and who may do it."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass

from imu_gesture import _core
from imu_gesture.errors import BoardError, InputError
from imu_gesture.link.answers import status_of
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.keys import forget_key, keep_key
from imu_gesture.link.seal import new_key

_WORD = 4
_HEADS = 4 + 1 + 8 + 4  # counter, command and tag of a seal; offset of a part
_RESULTS = {
    1: "it is not a model package, or is damaged",
    2: "it is of another version than the board's sketch; deploy the sketch anew",
    3: "its window is longer than the sketch has room for; deploy the sketch anew",
    4: "its labels are too long",
    5: "it needs a larger tensor arena than the sketch has; deploy the sketch anew",
    16: "bytes were lost on the way; try again",
    17: "the sketch cannot run it (an operator is missing, or the arena is too small)",
    18: "on the board it gives other scores than here",
    19: "the built-in model runs already",
}


@dataclass(frozen=True)
class UpdateStatus:
    """`slot` of the model that runs; None: the one built into the sketch."""

    slot: int | None
    room: int
    taken: int


def pair(link: BoardLink, private: bool = False) -> str:
    """Agree on a key with a board that is connected by USB; returns the file that keeps it.

    Args:
        link: open.
        private: also reading scores and samples over the air is for those who have the key.

    Raises:
        InputError: it is not connected by USB.
        BoardError: it does not take one.
    """
    _only_by_usb(link)
    key = new_key()
    command = _core.SetKey()
    command.key = key
    command.flags = _core.KEY_IS_SET | (_core.KEY_IS_PRIVATE if private else 0)
    _done(link, command)
    return str(keep_key(link.info.device_id, key))


def unpair(link: BoardLink) -> None:
    """Have the board forget its key, and this computer too. As `pair`."""
    _only_by_usb(link)
    _done(link, _core.SetKey())
    forget_key(link.info.device_id)


def _only_by_usb(link: BoardLink) -> None:
    if not link.trusted:
        raise InputError("keys are agreed over USB, where nobody listens; use --port")


def update_status(link: BoardLink) -> UpdateStatus:
    """Which model runs, and how much room there is. Raises BoardError: it takes no models."""
    slot, room, taken = struct.unpack("<BII", _done(link, _core.UpdateStatus()).data)
    return UpdateStatus(None if slot == 0xFF else slot, room, taken)


def update(link: BoardLink, package: bytes, progress: Callable[[int, int], None]) -> None:
    """Send a model; the board tries it and keeps it, or goes on with the one it has.

    Args:
        link: open.
        package: as `model_package` makes it.
        progress: gets bytes sent, and bytes in all.

    Raises:
        BoardError: the board refuses it, says why, and runs the model it had.
        LinkError: the board is gone; it runs the model it had.
    """
    begin = _core.BeginUpdate()
    begin.size, begin.sha256 = len(package), hashlib.sha256(package).digest()
    _done(link, begin)
    piece = (link.max_packet - _core.PACKET_OVERHEAD - _HEADS) // _WORD * _WORD
    for start in range(0, len(package), piece):
        part = _core.WriteUpdate()
        part.offset, part.bytes = start, package[start : start + piece]
        _done(link, part)
        progress(min(start + piece, len(package)), len(package))
    _done(link, _core.EndUpdate())


def roll_back(link: BoardLink) -> None:
    """Have the board run the model before this one. Raises BoardError: there is none."""
    _done(link, _core.RollBack())


def _done(link: BoardLink, command: object) -> _core.Ack:
    ack = link.order(command)
    if ack.status == _core.AckStatus.UNKNOWN_COMMAND.value:
        raise BoardError(
            f"{link.info.source}: the board's sketch does not know this; put the sketch of this "
            "version on it (`imu-gesture deploy`)"
        )
    if ack.status != _core.AckStatus.DONE.value:
        why = _RESULTS.get(ack.data[0], "") if len(ack.data) == 1 else ""
        raise BoardError(f"{link.info.source}: refused: {why or status_of(ack)}")
    return ack
