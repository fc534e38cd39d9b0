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
    """`--port`, `--text` and `--virtual`: where the board is, and how it speaks."""
    for option in (
        click.option("--port", help="Serial port of the board, such as /dev/ttyACM0 or COM3."),
        click.option(
            "--text",
            is_flag=True,
            help="The sketch on the board prints time_us,aX,aY,aZ,gX,gY,gZ, one sample a line.",
        ),
        click.option("--virtual", is_flag=True, help="A virtual board in a virtual hand."),
        seed_option("Of the virtual person and board."),
    ):
        command = option(command)
    return command


def boards_options(command: Command) -> Command:
    """`--port`, as often as there are boards, `--text`, `--virtual` and `--boards`."""
    for option in (
        click.option(
            "--port",
            "ports",
            multiple=True,
            help="Serial port of the board, such as /dev/ttyACM0; once for each board.",
        ),
        click.option(
            "--text",
            is_flag=True,
            help="The sketch on the board prints time_us,aX,aY,aZ,gX,gY,gZ, one sample a line.",
        ),
        click.option("--virtual", is_flag=True, help="A virtual board in a virtual hand."),
        click.option(
            "--boards",
            type=click.IntRange(1, 8),
            default=1,
            show_default=True,
            help="Virtual boards on the same hand.",
        ),
        seed_option("Of the virtual person and board."),
    ):
        command = option(command)
    return command


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
def epoch_bar(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A progress bar over epochs, on the error stream."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("training"),
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
