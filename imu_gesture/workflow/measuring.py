"""How much tensor arena a model really needs: as the board that runs it reports."""

from __future__ import annotations

import datetime as dt

from imu_gesture.deploy.manifest import MeasuredArena
from imu_gesture.errors import DeploymentError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import HealthReported
from imu_gesture.link.serial_port import SerialPort

ARENA_MARGIN_BYTES = 256
_ALIGNMENT = 16
_HEALTH_S = 15.0  # the board reports its health once a second


def measure_arena_at(port: str, library: str) -> MeasuredArena:
    """What the board at a port needs for its model, with a margin. `library`: that runs it there.

    Raises:
        DeploymentError: it does not report it.
        LinkError: the board cannot be reached.
    """
    board, used = _arena_used_at(port)
    wanted = -(-(used + ARENA_MARGIN_BYTES) // _ALIGNMENT) * _ALIGNMENT
    return MeasuredArena(
        board=board,
        library=library,
        used_bytes=used,
        arena_bytes=wanted,
        date=dt.datetime.now(dt.UTC).date().isoformat(),
    )


def check_arena_at(port: str, measured: MeasuredArena) -> None:
    """Whether the board, built with the measured arena, runs its model within that.

    Raises:
        DeploymentError: it needs another amount now, or does not report it.
        LinkError: the board cannot be reached.
    """
    _, used = _arena_used_at(port)
    if used != measured.used_bytes or used > measured.arena_bytes:
        raise DeploymentError(
            f"{port}: built with the measured arena of {measured.arena_bytes} bytes, the board "
            f"reports to use {used}, and {measured.used_bytes} before; nothing was kept; "
            "`imu-gesture deploy` without --measure puts the sketch with the first size back"
        )


def _arena_used_at(port: str) -> tuple[str, int]:
    """The board's revision, and the bytes that it reports to use."""
    with BoardLink(SerialPort(port)) as link:
        health = link.await_event(HealthReported, _HEALTH_S)
        board = link.info.board
    if health is None:
        raise DeploymentError(
            f"{port}: the board answers, but has not reported its health within {_HEALTH_S:g} s; "
            "press its reset button, and deploy again; the sketch on it runs with the size before"
        )
    used = health.health.arena_used_bytes
    if not used:
        raise DeploymentError(
            f"{port}: the board reports no use of its arena, so it runs no model; look with "
            "`imu-gesture devices`"
        )
    return board, used
