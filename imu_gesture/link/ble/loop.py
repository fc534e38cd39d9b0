"""The one event loop for Bluetooth: in a thread of its own, for as long as the program runs."""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

_Result = TypeVar("_Result")
_making = threading.Lock()


class BleLoop:
    """Runs coroutines for callers in other threads.

    bleak keeps what it knows of the system's Bluetooth for each loop, so there is only one.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        run = self._loop.run_forever
        self._thread = threading.Thread(target=run, daemon=True, name="bluetooth")
        self._thread.start()
        atexit.register(self._end)

    def run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """The result of `work`, or what it raises; an interrupted caller cancels it."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        finally:
            future.cancel()

    def _end(self) -> None:
        """Let what still runs say goodbye to the system."""

        async def cancel_all() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            if others:
                await asyncio.wait(others, timeout=1.0)

        self.run(cancel_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


_loops: list[BleLoop] = []


def ble_loop() -> BleLoop:
    """The program's loop; started when it is first asked for."""
    with _making:
        if not _loops:
            _loops.append(BleLoop())
        return _loops[0]
