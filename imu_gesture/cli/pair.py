"""`imu-gesture pair`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from imu_gesture.cli.options import board_options, json_option

if TYPE_CHECKING:
    from imu_gesture.link.board_link import BoardLink
    from imu_gesture.link.link import Link


@click.command()
@board_options
@click.option("--private", is_flag=True, help="Reading over the air needs the key, too.")
@click.option("--forget", is_flag=True, help="Board and computer forget the key.")
@json_option
def pair(private: bool, forget: bool, as_json: bool, **where: Any) -> None:
    """Agree on a key with a board on USB, so that over Bluetooth only this computer changes it."""
    from imu_gesture.workflow import updating
    from imu_gesture.workflow.boards import Where, open_link

    with open_link(Where(**where)) as link:
        board = as_board(link)
        path = None
        if forget:
            updating.unpair(board)
        else:
            path = updating.pair(board, private)
        device_id = board.info.device_id
    if as_json:
        click.echo(json.dumps({"device_id": device_id, "key": path}))
    elif forget:
        click.echo(f"board {device_id}: the key is forgotten")
    else:
        click.echo(f"board {device_id}: paired; the key is in {path}")


def as_board(link: Link) -> BoardLink:
    """The link, where a board with our sketch is at its end.

    Raises:
        InputError: it is a recording, or another sketch.
    """
    from imu_gesture.errors import InputError
    from imu_gesture.link.board_link import BoardLink

    if not isinstance(link, BoardLink):
        raise InputError("this needs a board with the sketch of imu-gesture: --port or --ble")
    return link
