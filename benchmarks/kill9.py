"""Recording processes killed at random moments, and what is left of their files.

Started as a program, this is the process to be killed: `kill9.py FILE SEED`.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.errors import RecordingError
from imu_gesture.link.link import TemperatureMeasured
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording, RecordingWriter, read_recording
from imu_gesture.recording.overview import overview
from imu_gesture.recording.recording import Logged
from imu_gesture.recording.repair import repair_recording
from imu_gesture.samples import Samples

INFO = RecordingInfo(acc_g_per_lsb=0.000122, gyr_dps_per_lsb=0.07, mag_ut_per_lsb=0.014)
PIECE = 10
IMU_HZ, MAG_HZ = 119.0, 20.0
_LOST = 0.01
_LONGEST_S = 60.0
_LATEST_KILL_S = 4.0
_AT_ONCE = 8


@dataclass(frozen=True)
class Outcome:
    """What was left after one kill; `loss_s` in device time, from what had been handed over."""

    problem: str
    loss_s: float
    differing_samples: int
    differing_events: int
    unreported_lost: int


def seeded_samples(seconds: float, seed: int, lost: float = 0.0) -> Samples:
    """Nine axes of a restless hand; the part `lost` of the inertial samples never arrived."""
    rng = np.random.default_rng(seed)
    n, m = round(seconds * IMU_HZ), round(seconds * MAG_HZ)

    def axes(rows: int, spread: float, per_lsb: float | None) -> NDArray[np.float32]:
        counts = rng.normal(0, spread, (rows, 3)).astype(np.int16)
        return _core.counts_to_units(counts, per_lsb or 1.0)

    samples = Samples(
        device_time_us=np.rint(np.arange(n) * 1e6 / IMU_HZ).astype(np.int64),
        acc_g=axes(n, 3000, INFO.acc_g_per_lsb),
        gyr_dps=axes(n, 500, INFO.gyr_dps_per_lsb),
        sequence=np.arange(n, dtype=np.int64),
        mag_time_us=np.rint(np.arange(m) * 1e6 / MAG_HZ).astype(np.int64),
        mag_ut=axes(m, 3000, INFO.mag_ut_per_lsb),
    )
    return samples.rows(rng.random(n) >= lost)


def piece(samples: Samples, start: int, size: int) -> Samples:
    """Some inertial samples, with those of the magnetometer up to the next of them."""
    part = samples.rows(slice(start, start + size))
    times_us = samples.device_time_us
    end_us = times_us[start + size] if start + size < len(samples) else np.iinfo(np.int64).max
    mag = slice(*np.searchsorted(samples.mag_time_us, [part.device_time_us[0], end_us]))
    return replace(part, mag_time_us=samples.mag_time_us[mag], mag_ut=samples.mag_ut[mag])


def kill_many(kills: int) -> list[Outcome]:
    """Outcomes of kills at seeded random moments, several processes at once."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(_AT_ONCE) as threads:
        return list(threads.map(lambda seed: _kill_one(Path(folder), seed), range(kills)))


def _kill_one(folder: Path, seed: int) -> Outcome:
    path = folder / f"{seed}.mcap"
    command = [sys.executable, __file__, str(path), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(random.Random(seed).uniform(0, _LATEST_KILL_S))  # noqa: S311
        process.kill()
        handed_over = int((first + process.stdout.read()).splitlines()[-1])
    return _compare(path, _stream(seed), handed_over)


def _compare(path: Path, samples: Samples, handed_over: int) -> Outcome:
    """What is left of the first `handed_over` samples."""
    times_us = samples.device_time_us[:handed_over]
    try:
        repair_recording(path)
        recording = read_recording(path)
    except RecordingError as error:
        return Outcome(str(error), float(times_us[-1] - times_us[0]) * 1e-6, 0, 0, 0)
    found = recording.samples
    n = len(found)
    saved_until_us = times_us[n - 1] if n else times_us[0]
    wanted = samples.rows(slice(n))
    same = (
        (found.device_time_us == wanted.device_time_us)
        & (found.sequence == wanted.sequence)
        & (found.acc_g == wanted.acc_g).all(axis=1)
        & (found.gyr_or_zero_dps == wanted.gyr_or_zero_dps).all(axis=1)
    )
    lost = int(np.sum(np.diff(wanted.sequence) - 1))
    return Outcome(
        problem="",
        loss_s=float(times_us[-1] - saved_until_us) * 1e-6,
        differing_samples=int(np.sum(~same)),
        differing_events=_differing_events(recording, samples),
        unreported_lost=lost - overview(path).quality.lost_samples,
    )


def _differing_events(recording: Recording, samples: Samples) -> int:
    """Events that are not those of the samples before them, or are missing behind saved samples."""
    log = recording.log
    ends = [min(start + PIECE, len(samples)) for start in range(0, len(samples), PIECE)]
    wrong = sum(
        logged != Logged(_heard(samples, end), end, logged.mag_rows)
        for logged, end in zip(log, ends, strict=False)
    )
    return wrong + max(0, len(recording.samples) // PIECE - 1 - len(log))


def _heard(samples: Samples, end: int) -> TemperatureMeasured:
    """What is heard behind the first `end` samples."""
    return TemperatureMeasured(int(samples.device_time_us[end - 1]), end / 8)


def _stream(seed: int) -> Samples:
    return seeded_samples(_LONGEST_S, seed, _LOST)


def _record(path: Path, seed: int) -> None:
    """Hand samples over as a board would send them, saying how many before it does."""
    samples = _stream(seed)
    with RecordingWriter(path, INFO) as writer:
        started = time.monotonic()
        for start in range(0, len(samples), PIECE):
            part = piece(samples, start, PIECE)
            wait_s = started + part.device_time_us[-1] * 1e-6 - time.monotonic()
            time.sleep(max(wait_s, 0.0))
            print(start + len(part), flush=True)
            writer.append(part)
            writer.note(_heard(samples, start + len(part)))


if __name__ == "__main__":
    _record(Path(sys.argv[1]), int(sys.argv[2]))
