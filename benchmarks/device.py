"""The board's part, as far as it can be settled without a board: every figure of it."""

from __future__ import annotations

from collections.abc import Iterator

import board
import decision
import runtime
import self_test
import update
from form import Options, Row, run_benchmark


def measure(options: Options) -> Iterator[Row]:
    """All rows; in full it takes half an hour, most of it for a month in simulated time."""
    yield from board.measure(options)
    yield from decision.measure(options)
    yield from update.measure(options)
    yield from self_test.measure(options)
    yield from runtime.measure(options)


if __name__ == "__main__":
    run_benchmark("device", measure)
