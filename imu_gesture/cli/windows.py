"""Whether a command opens its window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def window_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--window/--no-window`; None where neither is given."""
    return click.option(
        "--window/--no-window",
        default=None,
        help="Show it in a window, or in text only.  [default: a window, where there is a display]",
    )(command)


def window_wanted(asked: bool | None, as_json: bool) -> bool:
    """Whether to open a window: None asks for one where it can be opened.

    Raises:
        WindowError: one was asked for and cannot be opened.
    """
    from imu_gesture.errors import WindowError
    from imu_gesture.live.display import check_display

    if asked is False or as_json:
        return False
    try:
        check_display()
    except WindowError as error:
        if asked:
            raise
        click.echo(f"no window, so in text: {error}", err=True)
        return False
    return True
