"""Options that several commands share."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]


def workspace_option(command: Command) -> Command:
    """`--workspace`: the folder that holds recordings and models."""
    return click.option(
        "-w",
        "--workspace",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path(),
        help="Folder with recordings/ and models/.  [default: this folder]",
    )(command)


def json_option(command: Command) -> Command:
    """`--json`: one object on standard output, nothing else there."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


def board_options(command: Command) -> Command:
    """`--port`, `--ble`, `--text`, `--columns`, `--virtual`, `--replay`: where the board is."""
    port = click.option("--port", help="Serial port of the board, such as /dev/ttyACM0 or COM3.")
    ble = _ble_option(
        "ble", help="Over Bluetooth: the board of this name, id or address, or the only one."
    )
    return _with_board_options(command, port, ble)


def boards_options(command: Command) -> Command:
    """As `board_options`; `--port` and `--ble` for each of several boards, and `--boards`."""
    ports = click.option(
        "--port",
        "ports",
        multiple=True,
        help="Serial port of the board, such as /dev/ttyACM0; once for each board.",
    )
    radios = _ble_option(
        "radios",
        multiple=True,
        help="Over Bluetooth: the board of this name, id or address, or the only one; several too.",
    )
    boards = click.option(
        "--boards",
        type=click.IntRange(1, 8),
        default=1,
        show_default=True,
        help="Virtual boards on the same hand.",
    )
    return _with_board_options(command, ports, radios, boards)


def _ble_option(parameter: str, **attributes: Any) -> Callable[[Command], Command]:
    """`--ble` with or without a name."""
    return click.option(
        "--ble", parameter, metavar="[NAME]", is_flag=False, flag_value="", **attributes
    )


def _with_board_options(command: Command, *own: Callable[[Command], Command]) -> Command:
    options: tuple[Callable[[Command], Command], ...] = (
        *own,
        click.option(
            "--text",
            is_flag=True,
            callback=_printed_columns,
            help="The sketch on the board is not ours and prints its samples, one a line.",
        ),
        click.option(
            "--columns",
            metavar="NAMES",
            is_eager=True,  # it is there when `--text` is looked at
            help="What it prints, such as time_us,ax,ay,az,gx_rads,gy_rads,gz_rads,-; see "
            "docs/text-mode.md.  [default: what its header says]",
        ),
        click.option("--virtual", is_flag=True, help="A virtual board in a virtual hand."),
        click.option(
            "--replay",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A recording, played back as if it were a board.",
        ),
        seed_option("Of the virtual person and board."),
    )
    for option in options:
        command = option(command)
    return command


def _printed_columns(context: click.Context, _: click.Parameter, text: bool) -> str | None:
    """What `--columns` says, or nothing with `--text` alone; None where neither is given."""
    columns: str | None = context.params.pop("columns", None)
    return "" if columns is None and text else columns


def seed_option(of_what: str) -> Callable[[Command], Command]:
    """`--seed`."""
    return click.option(
        "--seed",
        type=click.IntRange(0, 2**32 - 1),
        default=0,
        show_default=True,
        help=of_what,
    )


class FiniteRange(click.FloatRange):
    """A range of numbers without `nan`, which click finds in every range, and `inf`."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number, or a usage error."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number


@contextmanager
def epoch_bar(quiet: bool, work: str = "training") -> Iterator[Callable[[int, int], None]]:
    """A progress bar over epochs or other parts of some work, on the error stream."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn(work),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    hidden = quiet or not console.is_terminal
    with Progress(*columns, console=console, disable=hidden, transient=True) as bar:
        task = bar.add_task("epochs", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show
