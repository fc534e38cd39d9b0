"""Which board is meant where none is named: the only one there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from imu_gesture.errors import InputError
from imu_gesture.link.discovery import FoundBoard, find_boards


def the_only_board(find: Callable[[], Sequence[FoundBoard]] = find_boards) -> str:
    """The port of the only board on USB, whether it runs a sketch or waits for one.

    Raises:
        InputError: there is none, or more than one; says which there are.
    """
    found = find()
    if not found:
        raise InputError(
            "no board is there; is one plugged in, with a cable for data? `imu-gesture devices "
            "--all` lists every port: a board with other firmware is named with --port PORT"
        )
    if len(found) > 1:
        listed = "\n".join(f"  --port {board.address}   {_what(board)}" for board in found)
        raise InputError(f"{len(found)} boards are there; say which one:\n{listed}")
    return found[0].address


def _what(board: FoundBoard) -> str:
    if board.info is None:
        return f"{board.name or 'a board'} ({board.state})"
    return f"{board.info.board}, id {board.info.device_id}"
