"""What recording costs: CPU time of the real command, and how late samples come.

Started as a program, this is the process that serves a virtual board: `recorded.py PORT`. It goes
on until its standard input ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from form import Row, say

from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import SamplesReceived
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import Performer

_PROGRAM = Path(sys.executable).with_name("imu-gesture")
_STARTED_BYTES = 20_000  # a recording of this size is well under way
_PATIENCE_S = 60.0
_BOARD = "another process serves nine axes at 119 and 20 Hz on a pty"


def recorded(quick: bool) -> Iterator[Row]:
    """CPU and latency."""
    if not Path("/proc").is_dir():
        say("no /proc: CPU time and latency are not measured")
        return
    seconds = 10.0 if quick else 30.0
    say(f"recording for {seconds:g} s, and again")
    with TemporaryDirectory() as name:
        folder = Path(name)
        yield Row(
            "record.cpu_fraction",
            cpu_fraction(folder, seconds),
            "core",
            note=f"`imu-gesture record`, user and system, {seconds:g} s without start-up; {_BOARD}",
        )
        latencies_ms = latency_ms(folder, seconds)
    note = (
        f"from a sample's time to its arrival in `events()`, {len(latencies_ms)} samples; median "
        f"{np.median(latencies_ms):.1f}, worst {latencies_ms.max():.1f} ms, of which up to 10 are "
        f"a block's age on the board; {_BOARD}; load of the machine "
        f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    yield Row("record.latency_p99_ms", float(np.quantile(latencies_ms, 0.99)), "ms", note=note)


@contextmanager
def board(path: Path) -> Iterator[float]:
    """A virtual board at `path`; gives the moment at which its time began."""
    command = [sys.executable, __file__, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield float(process.stdout.readline())
        process.stdin.close()


def cpu_fraction(folder: Path, seconds: float) -> float:
    """Of one core, by the real command."""
    port = folder / "cpu"
    arguments = ["--label", "background", "--seconds", "3600", "-w", str(folder)]
    with (
        board(port),
        subprocess.Popen(
            [str(_PROGRAM), "record", "--port", str(port), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        ) as process,
    ):
        try:
            _wait_for_recording(folder / "recordings")
            before_s, started_s = _cpu_s(process.pid), time.monotonic()
            time.sleep(seconds)
            return (_cpu_s(process.pid) - before_s) / (time.monotonic() - started_s)
        finally:
            process.kill()


def latency_ms(folder: Path, seconds: float) -> np.ndarray:
    """(n,) of each inertial sample, the first second left out."""
    port = folder / "latency"
    late_s: list[np.ndarray] = []
    with board(port) as began_s, BoardLink(SerialPort(str(port))) as link:
        started_s = time.monotonic()
        for event in link.events():
            now_s = time.monotonic()
            if now_s > started_s + 1 + seconds:
                break
            if isinstance(event, SamplesReceived) and now_s > started_s + 1:
                late_s.append(now_s - began_s - event.samples.device_time_us * 1e-6)
    latencies_ms: np.ndarray = np.concatenate(late_s) * 1e3
    return latencies_ms


def _wait_for_recording(folder: Path) -> None:
    end_s = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end_s:
        if any(path.stat().st_size > _STARTED_BYTES for path in folder.glob("*.mcap")):
            return
        time.sleep(0.2)
    raise RuntimeError(f"no recording was begun within {_PATIENCE_S:g} s")


def _cpu_s(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _serve(path: Path) -> None:
    from imu_gesture.link.virtual.port import VirtualPort

    with VirtualPort(VirtualDevice(Device(LSM9DS1_BOARD, 0), Performer(0)), path) as port:
        print(port.started_s, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
