"""A link that is not given up while somebody looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from imu_gesture.errors import BoardError, LinkError
from imu_gesture.link.link import Link, LinkEvent, LinkInterrupted, LinkStatus


class PatientLink:
    """Passes on what another, open link says; a board that stays away is waited for again."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.info = link.info

    @property
    def status(self) -> LinkStatus:
        """How it is doing."""
        return self._link.status

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """The other link is closed by who opened it."""

    def cue(self, label: str) -> None:
        """Have whoever holds the board perform `label`."""
        self._link.cue(label)

    def events(self) -> Iterator[LinkEvent]:
        """What the board sends; returns where what is played back ends.

        Raises:
            BoardError: connecting again would not help.
        """
        while True:
            try:
                yield from self._link.events()
            except BoardError:
                raise
            except LinkError as error:
                yield LinkInterrupted(str(error))
            else:
                return
