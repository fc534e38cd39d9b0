"""Run a model in one arena after the other, from small to large, until one is enough.

Prints each size before it is tried, and the allocations in the last one to the error stream. A size
may also end the process: then the sizes after it want a process of their own.

Usage: python -m imu_gesture.inference.arena_probe MODEL.tflite FIRST_BYTES STEP_BYTES LAST_BYTES
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from tflite_micro.python.tflite_micro import runtime


def main() -> None:
    """Try sizes until one works; the error of the last size is not caught."""
    model = Path(sys.argv[1]).read_bytes()
    first, step, last = (int(text) for text in sys.argv[2:])
    for arena_bytes in range(first, last, step):
        try:
            return _run(model, arena_bytes)
        except RuntimeError:
            continue
    return _run(model, last)


def _run(model: bytes, arena_bytes: int) -> None:
    """Allocate, run, report."""
    print(arena_bytes, flush=True)  # noqa: T201 - for the parent
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=arena_bytes)
    details = interpreter.get_input_details(0)
    interpreter.set_input(np.zeros(details["shape"], details["dtype"]), 0)
    interpreter.invoke()
    interpreter.print_allocations()


if __name__ == "__main__":
    main()
