"""Windows: how often they draw, and what that costs, with a virtual board at its own pace.

Needs a display; where there is none: xvfb-run python benchmarks/window.py
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from form import Options, Row, run_benchmark, say
from live_window import live_rows

from imu_gesture.live.window import Window
from imu_gesture.workflow.boards import dancing_link
from imu_gesture.workflow.calibrating_window import Leader, Task, calibration_window

_SEED = 3


def measure(options: Options) -> Iterator[Row]:
    """All rows."""
    yield from live_rows(20.0 if options.quick else 60.0)
    yield from calibration(20.0 if options.quick else 165.0)


def calibration(seconds: float) -> Iterator[Row]:
    """The window of the guided calibration, from its first second on; whole, it takes 150."""
    say(f"calibration window, {seconds:.0f} s")
    with dancing_link(_SEED, real_time=True) as link:
        leader = Leader(link, Task("2026-01-01", lambda _: ""))
        window = calibration_window(leader.feed, link)
        with leader:
            cpu_s = _run(window, seconds)
    box = window.figure.bbox
    note = f"{box.width:.0f} x {box.height:.0f}, {seconds:.0f} s, reading and calibrating included"
    between_s = np.diff(window.frame_starts_s)
    costs_ms = 1e3 * np.array(window.frame_costs_s)
    yield Row("calibration_window.fps_median", float(1 / np.median(between_s)), "1/s", note=note)
    yield Row("calibration_window.frame_p95_ms", float(np.percentile(between_s, 95) * 1e3), "ms")
    yield Row("calibration_window.frame_longest_ms", float(between_s.max() * 1e3), "ms")
    yield Row("calibration_window.drawing_median_ms", float(np.median(costs_ms)), "ms")
    yield Row("calibration_window.cpu_fraction", cpu_s / seconds, "cores", note=note)


def _run(window: Window, seconds: float) -> float:
    """Show it for so long; returns seconds of processor time of the whole process."""
    ending = window.canvas.new_timer(interval=round(seconds * 1e3))
    ending.add_callback(window.close)
    ending.start()
    started_s = time.process_time()
    window.run()
    return time.process_time() - started_s


if __name__ == "__main__":
    run_benchmark("window", measure)
