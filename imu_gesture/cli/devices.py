"""`imu-gesture devices`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from imu_gesture.cli.options import FiniteRange, json_option

if TYPE_CHECKING:
    from imu_gesture.link.discovery import FoundBoard


@click.command()
@click.option("--port", "ports", multiple=True, help="Ask this port only; may be repeated.")
@click.option("--all", "every_port", is_flag=True, help="List ports that are no boards too.")
@click.option(
    "--seconds",
    type=FiniteRange(min=0, max=60),
    default=3.0,
    show_default=True,
    help="How long to listen for Bluetooth; 0 not at all.",
)
@click.option(
    "--identify",
    "blinking",
    metavar="PLACE",
    help="Let the board at this port, or at ble:NAME, blink.",
)
@json_option
def devices(
    ports: tuple[str, ...], every_port: bool, seconds: float, blinking: str | None, as_json: bool
) -> None:
    """List boards: where they are, what they are, what runs on them, and what is in the way."""
    from imu_gesture.errors import LinkError
    from imu_gesture.link.discovery import find_boards, find_radios, identify

    if blinking is not None:
        info = identify(blinking)
        click.echo(
            json.dumps({"blinking": blinking, "device_id": info.device_id})
            if as_json
            else f"{blinking}: {info.board} {info.device_id} blinks for ten seconds"
        )
        return
    found = find_boards(ports, every_port)
    if seconds and not ports:
        try:
            found += find_radios(seconds)
        except LinkError as error:
            click.echo(f"{error}", err=True)
    if as_json:
        click.echo(json.dumps({"devices": [_as_object(board) for board in found]}))
        return
    for board in found:
        click.echo(_as_text(board))
    if not found:
        click.echo(
            "no board is there; is one plugged in, with a cable for data? --all lists every port",
            err=True,
        )


def _as_object(board: FoundBoard) -> dict[str, Any]:
    info = board.info
    return {
        "link": board.link,
        "address": board.address,
        "name": board.name,
        "state": board.state,
        "problem": board.problem or None,
        "board": info and info.board,
        "firmware": info and info.firmware,
        "protocol": info and info.protocol,
        "model_id": (info and info.model_id) or None,
        "device_id": info and info.device_id,
        "gestures": board.gestures,
        "signal_dbm": board.signal_dbm,
        "warnings": list(board.warnings),
    }


def _as_text(board: FoundBoard) -> str:
    signal = f", {board.signal_dbm} dBm" if board.signal_dbm is not None else ""
    if board.info is None:
        what = board.problem.removeprefix(f"{board.address}: ") or board.name or "no name"
        return f"{board.address}: {board.state}{signal}: {what}"
    info = board.info
    gestures = ", ".join(board.gestures or ())
    model = f"model {info.model_id}: {gestures}" if gestures else "no model"
    line = (
        f"{board.address}: {info.board}, id {info.device_id}, firmware {info.firmware}, "
        f"protocol {info.protocol}{signal}, {model}"
    )
    return "\n".join([line, *(f"  it warns: {warning}" for warning in board.warnings)])
