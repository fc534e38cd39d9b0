"""Run a model once in an arena of a given size and print its allocations to the error stream.

Usage: python -m imu_gesture.inference.arena_probe MODEL.tflite ARENA_BYTES
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from tflite_micro.python.tflite_micro import runtime


def main() -> None:
    """Allocate, run, report."""
    model = Path(sys.argv[1]).read_bytes()
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=int(sys.argv[2]))
    details = interpreter.get_input_details(0)
    interpreter.set_input(np.zeros(details["shape"], details["dtype"]), 0)
    interpreter.invoke()
    interpreter.print_allocations()


if __name__ == "__main__":
    main()
