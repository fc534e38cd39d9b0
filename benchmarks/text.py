"""Boards that print text: what a thousand lines a second cost, and how well a rate is measured."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

from form import Options, Row, run_benchmark, say

from imu_gesture.link.link import LineDamaged, SamplesLost, SamplesReceived
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.text.columns import parse_columns
from imu_gesture.link.text.link import TextLink

_RATE_HZ = 1000.0
_COLUMNS = {
    "timed": "time_us,ax,ay,az,gx,gy,gz,mx,my,mz",
    "untimed": "ax,ay,az,gx,gy,gz,mx,my,mz",
}
_PRINT = r"""
import os, sys, time
terminal, period_s, timed = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3] == "timed"
started_s, count = time.monotonic(), 0
while True:
    count += 1
    time.sleep(max(0.0, started_s + count * period_s - time.monotonic()))
    numbers = ",".join(f"{(count * k) % 4000 / 1000 - 2:.6f}" for k in range(1, 10))
    line = f"{round(count * period_s * 1e6)},{numbers}" if timed else numbers
    os.write(terminal, line.encode() + b"\r\n")
"""


def measure(options: Options) -> Iterator[Row]:
    """All rows."""
    for name in _COLUMNS:
        yield from reading(name, 5.0 if options.quick else 30.0)


def reading(name: str, seconds: float) -> Iterator[Row]:
    """Nine axes at 1 kHz over a pseudo-terminal: the processor time of this whole process."""
    say(f"{name} lines for {seconds:g} s")
    board, host = os.openpty()
    command = [sys.executable, "-c", _PRINT, str(board), str(1 / _RATE_HZ), name]
    counts = dict.fromkeys((SamplesReceived, SamplesLost, LineDamaged), 0)
    link = TextLink(SerialPort(os.ttyname(host)), parse_columns(_COLUMNS[name]))
    with link, subprocess.Popen(command, pass_fds=[board]) as printer:
        started_s, busy_s = time.monotonic(), time.process_time()
        for event in link.events():
            kind = type(event)
            counts[kind] += len(event.samples) if isinstance(event, SamplesReceived) else 1
            if time.monotonic() - started_s > seconds:
                break
        share = (time.process_time() - busy_s) / (time.monotonic() - started_s)
        printer.kill()
    os.close(board)
    os.close(host)
    note = f"{counts[SamplesReceived]} samples of nine axes in {seconds:g} s, a line each, on a pty"
    yield Row(f"text.{name}.cpu", 100 * share, "% of a core", note=note)
    yield Row(f"text.{name}.damaged_lines", counts[LineDamaged], "lines", note=note)
    if link.rate_hz is not None:
        off_ppm = abs(link.rate_hz / _RATE_HZ - 1) * 1e6
        yield Row(f"text.{name}.rate_error", off_ppm, "ppm", note=note)
        yield Row(f"text.{name}.gaps", counts[SamplesLost], "gaps", note=note)


if __name__ == "__main__":
    run_benchmark("text", measure)
