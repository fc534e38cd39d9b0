"""What `record` shows: one calm line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from imu_gesture.cli.keys import Keyboard
from imu_gesture.cli.link_line import board_line, time_line
from imu_gesture.recording.capture import Desk, Key, Progress

_REFRESHES_PER_S = 8
_PLAIN_LINE_S = 10.0


class PlainDesk(Desk):
    """Each prompt is a line; how it goes is one now and then.

    Args:
        echo: prints a prompt.
        status: prints how it goes; None for silence.
        now_s: any clock in seconds.
    """

    def __init__(
        self,
        echo: Callable[[str], None],
        status: Callable[[str], None] | None,
        keys: Keyboard | None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._echo, self._status, self._keys, self._now_s = echo, status, keys, now_s
        self._shown_s = now_s()

    def prompt(self, text: str) -> None:
        """A line."""
        self._echo(text)

    def count(self, text: str) -> None:
        """A line."""
        self._echo(text)

    def tell(self, text: str) -> None:
        """A line."""
        self._echo(text)

    def show(self, progress: Progress) -> None:
        """A line every ten seconds."""
        if self._status is None or self._now_s() - self._shown_s < _PLAIN_LINE_S:
            return
        self._shown_s = self._now_s()
        figures = "; ".join(board_line(view).plain for view in progress.boards)
        self._status(f"{progress.doing}: {time_line(progress)}; {figures}")

    def pressed(self) -> Key | None:
        """What the keyboard says."""
        return self._keys.pressed() if self._keys else None


class TerminalDesk(Desk):
    """The prompt and the link lines stay in their place; what is done stands above them."""

    def __init__(self, console: Console, keys: Keyboard | None) -> None:
        self._console, self._keys = console, keys
        self._prompt = ""
        self._progress: Progress | None = None

    def prompt(self, text: str) -> None:
        """In the place of the one before."""
        self._prompt = text

    def count(self, text: str) -> None:
        """In the place of the prompt, and to be heard."""
        self._prompt = text
        self._console.bell()

    def done(self, text: str) -> None:
        """A line that stays."""
        self._prompt = ""
        self._console.print(Text(f"✓ {text}", "green"))

    def tell(self, text: str) -> None:
        """A line that stays."""
        self._console.print(Text(f"• {text}", "yellow"))

    def show(self, progress: Progress) -> None:
        """Drawn with the next refresh."""
        self._progress = progress

    def pressed(self) -> Key | None:
        """What the keyboard says."""
        return self._keys.pressed() if self._keys else None

    def draw(self) -> Group:
        """Prompt, one line for each board, and the keys."""
        progress = self._progress
        prompt = self._prompt or (progress.doing if progress else "waiting for the board")
        lines = [Text(f"\n  {prompt}\n", "bold")]
        if progress is not None:
            several = len(progress.boards) > 1
            lines += [board_line(view, named=several) for view in progress.boards]
            lines.append(Text(f"  {progress.doing} · {time_line(progress)}", "dim"))
        if self._keys is not None:
            lines.append(Text("  r take it again   p pause   q end", "dim"))
        for line in lines:
            line.no_wrap, line.overflow = True, "ellipsis"
        return Group(*lines)


@contextmanager
def desk_for(as_json: bool, keys: Keyboard | None) -> Iterator[Desk]:
    """The desk that suits the error stream."""
    console = Console(stderr=True, highlight=False)
    if as_json or not console.is_terminal:
        yield PlainDesk(
            lambda text: click.echo(text, err=as_json),
            None if as_json else lambda text: click.echo(text, err=True),
            keys,
        )
        return
    desk = TerminalDesk(console, keys)
    with Live(
        get_renderable=desk.draw,
        console=console,
        refresh_per_second=_REFRESHES_PER_S,
        transient=True,
    ):
        yield desk
