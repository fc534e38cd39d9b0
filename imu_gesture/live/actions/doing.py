"""Sets off what the file says, beside the live view: nothing that is slow or fails holds it up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Self

from imu_gesture.live.actions.deeds import Deed, deeds_of
from imu_gesture.live.actions.file import GestureActions
from imu_gesture.live.recogniser import Recognition

_MOST_AT_ONCE = 4
_MOST_WAITING = 16  # gestures; a hand is never so quick


class Actions:
    """What gestures set off.

    Use as a context manager; leaving it waits for what goes on, and after an error or Ctrl-C drops
    what has not begun.

    Args:
        by_gesture: what the file says.
        tell: gets a line when something did not work.

    Raises:
        InputError: a package is missing, or a key is unknown.
    """

    def __init__(
        self, by_gesture: Mapping[str, GestureActions], tell: Callable[[str], None]
    ) -> None:
        self._by_gesture = by_gesture
        self._deeds = {name: list(deeds_of(actions)) for name, actions in by_gesture.items()}
        self._tell = tell
        self._quiet_until_s: dict[str, float] = {}
        self._places = BoundedSemaphore(_MOST_WAITING)
        self._threads = ThreadPoolExecutor(_MOST_AT_ONCE, thread_name_prefix="action")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._threads.shutdown(cancel_futures=kind is not None)

    def take(self, gesture: Recognition, now_s: float) -> bool:
        """Set off what belongs to a gesture; whether anything does now.

        Only what the board reports counts: the host's own recognition is for comparison.
        """
        actions = self._by_gesture.get(gesture.label)
        if actions is None or gesture.by != "board" or gesture.score < actions.least_score:
            return False
        if now_s < self._quiet_until_s.get(gesture.label, now_s):
            return False
        self._quiet_until_s[gesture.label] = now_s + actions.cooldown_s
        for name, deed in self._deeds[gesture.label]:
            self._submit(name, deed, gesture)
        return True

    def _submit(self, name: str, deed: Deed, gesture: Recognition) -> None:
        if self._places.acquire(blocking=False):
            self._threads.submit(self._do, name, deed, gesture)
        else:
            self._tell(f"{gesture.label}: {name}: left out, {_MOST_WAITING} others wait")

    def _do(self, name: str, deed: Deed, gesture: Recognition) -> None:
        try:
            deed(gesture)
        except Exception as error:  # of any package: the live view goes on
            self._tell(f"{gesture.label}: {name}: {error}")
        finally:
            self._places.release()
