"""What sensor errors cost, and what calibration gives back."""

from __future__ import annotations

from collections.abc import Iterator

import drift_bench
from axis_faults import axis_faults
from form import Options, Row, run_benchmark
from guided import guided_calibrations, magnetometer


def measure(options: Options) -> Iterator[Row]:
    """All rows."""
    yield from axis_faults(options)
    yield from magnetometer(options)
    yield from guided_calibrations(options)
    yield from drift_bench.measure(options)


if __name__ == "__main__":
    run_benchmark("drift", measure)
