"""What drift correction costs on the board: instructions in QEMU, bytes of flash and RAM."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from broad import Trial
from estimators import single
from form import Row, say
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.firmware.compilers import TARGETS
from tests.firmware.drift_replay import RECORD, Replay, replay, states_of_the_binding

_SAMPLES = 3000
_BOARD = next(target for target in TARGETS if target.runner)
_ALONE = """
#include "drift_correction.h"
using imu_gesture::DriftCorrection;
void take(DriftCorrection& drift, const imu_gesture::ImuSample& s) { drift.update(s); }
void take(DriftCorrection& drift, const imu_gesture::MagSample& s) { drift.update(s); }
"""


def board_cost(trial: Trial) -> Iterator[Row]:
    """Rows for a trial's first samples, on an emulated Cortex-M4F."""
    if _BOARD.missing:
        say(f"{_BOARD.missing} is not installed: no instructions counted")
        return
    say("instructions on the emulated board")
    samples = _records(trial)
    with TemporaryDirectory() as folder:
        found = replay(_BOARD, samples, Path(folder))
        flash = _flash_bytes(Path(folder))
    yield from _rows(found, flash, states_of_the_binding(samples))


def _rows(found: Replay, flash: int, expected: bytes) -> Iterator[Row]:
    note = (
        f"mean of {_SAMPLES} samples, most {found.imu_most_instructions:.0f}; mps2-an386, -Os; "
        f"flash {flash} bytes, RAM {found.estimator_bytes} bytes"
    )
    yield Row("correction.instructions", found.imu_instructions, "instr", note=note)
    note = f"mean of a reading; most {found.mag_most_instructions:.0f}, with a new fit"
    yield Row("correction.mag_instructions", found.mag_instructions, "instr", note=note)
    differing = sum(a != b for a, b in zip(found.states, expected, strict=True))
    note = f"{len(expected)} bytes of states compared with the host's"
    yield Row("correction.differing_bytes", differing, "bytes", note=note)


def _records(trial: Trial) -> NDArray[np.void]:
    records = np.zeros(_SAMPLES, RECORD)
    records["time"] = trial.device_time_us[:_SAMPLES]
    records["imu"] = single(np.hstack([trial.acc_g, trial.gyr_dps]))[:_SAMPLES]
    records["celsius"] = 25.0
    records["has_mag"] = 1
    records["mag"] = single(trial.mag_ut)[:_SAMPLES]
    return records


def _flash_bytes(folder: Path) -> int:
    source = folder / "alone.cpp"
    source.write_text(_ALONE)
    complaint = _BOARD.compile(source, folder / "alone.o")
    assert complaint == "", complaint
    command = ["arm-none-eabi-size", str(folder / "alone.o")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout.splitlines()[1].split()[0])
