"""Numbers of single events, such as gestures: which of them never arrived."""

from __future__ import annotations

_WRAP = 2**16


class Numbering:
    """Counts missing events by the 16-bit numbers of those that come."""

    def __init__(self) -> None:
        self.lost = 0
        self._next: int | None = None

    def open_at(self, number: int) -> int:
        """The board will give this number next; returns how many went missing since the last."""
        return self._advance_to(number)

    def take(self, number: int) -> int:
        """An event has come; returns how many before it did not."""
        missing = self._advance_to(number)
        if self._next == number:
            self._next = (number + 1) % _WRAP
        return missing

    def restart(self) -> None:
        """The board was reset and counts from zero again."""
        self._next = 0

    def _advance_to(self, number: int) -> int:
        if self._next is None:
            self._next = number
        ahead = (number - self._next) % _WRAP
        if ahead >= _WRAP // 2:  # it was overtaken, and counted as lost then
            return 0
        self._next = number
        self.lost += ahead
        return ahead
