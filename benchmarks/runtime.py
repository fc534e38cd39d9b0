"""The sketch's runtime: a month of use in simulated time, RAM on the board, share of time asleep.

`--quick` lives an hour instead of a month (which takes about a quarter of an hour).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from form import Options, Row, run_benchmark, say

from imu_gesture import _core
from imu_gesture.deploy import demonstration
from imu_gesture.deploy.cost.decision import (
    CLOCK_HZ,
    CYCLES_PER_INSTRUCTION,
    model_instructions,
    operator_costs,
)
from imu_gesture.deploy.manifest import read_run

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.core.trajectories import Course, record
from tests.firmware import sketch_bench
from tests.firmware.compilers import TARGETS
from tests.firmware.front_end_replay import replay_front_end
from tests.firmware.ram import measure_ram

_HOUR_S = 3600.0
_MONTH_S = 30 * 24 * _HOUR_S
_SWITCH_INSTRUCTIONS = 500  # assumed of Mbed OS, for each time a thread is woken
_BOARD = next(target for target in TARGETS if target.runner)
_REVISIONS = {1: "lsm9ds1", 2: "bmi270"}


def measure(options: Options) -> Iterator[Row]:
    """Rows; without the board's compiler and QEMU the first one only."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        scenarios = sketch_bench.build_scenarios(folder)
        yield from _use(scenarios, _HOUR_S if options.quick else _MONTH_S)
        if _BOARD.missing:
            say(f"{_BOARD.missing} is not installed: neither RAM nor time asleep")
            return
        yield from _ram(folder)
        yield from _asleep(scenarios, folder)


def _use(scenarios: Path, seconds: float) -> Iterator[Row]:
    say(f"{seconds / 86400:g} days of use, simulated")
    seen = sketch_bench.play(scenarios, "soak", seconds)
    note = (
        f"{seen['lived_s'] / 86400:.3f} days, {seen['numbered']:.0f} samples, of which "
        f"{seen['lost']:.0f} lost and {seen['dropped']:.0f} dropped; {seen['erases']:.0f} pages "
        f"erased; hosts of either link for 20 s in every ten minutes, reset: {seen.reset}"
    )
    yield Row("heap.allocations_after_setup", seen["allocations"], "allocs", note=note)


def _ram(folder: Path) -> Iterator[Row]:
    say("RAM of the sketch's own objects")
    ram = measure_ram(folder)
    own = ram.objects_bytes + ram.arena_bytes
    note = f"rings and the arena's {ram.arena_bytes} included, stacks not; arm-none-eabi-size"
    yield Row("ram.bytes", own, "bytes", note=note)
    yield Row("ram.stacks", ram.stacks_bytes, "bytes", note="of the two threads of its own")


def _asleep(scenarios: Path, folder: Path) -> Iterator[Row]:
    say("time asleep")
    trajectory = record(Course(seed=13, before_s=2.0, moving_s=10.0, after_s=2.0))
    cost = replay_front_end(_BOARD, _core.FrontEnd.SENSOR, trajectory, folder)
    _, tflite = read_run(demonstration.FOLDER)
    window = cost.window_instructions + model_instructions(operator_costs(tflite))
    for revision, chip in _REVISIONS.items():
        for scenario in ("moving", "still"):
            seen = sketch_bench.play(scenarios, scenario, sensors=revision)
            instructions = (
                seen["measured_samples"] * cost.sample_instructions
                + seen["measured_windows"] * window
                + seen["measured_switches"] * _SWITCH_INSTRUCTIONS
            )
            best, worst = (
                _share_asleep(seen, instructions, cycles) for cycles in CYCLES_PER_INSTRUCTION
            )
            note = (
                f"{worst:.1f} at 1.5 cycles an instruction; "
                f"bus {100 * seen['measured_bus_s'] / seen['measured_s']:.1f} % of the time; "
                f"a sample {cost.sample_instructions:.0f}, a window {window:.0f} instructions; "
                "libraries left out"
            )
            yield Row(f"asleep.{chip}.{scenario}", best, "%", note=note)


def _share_asleep(seen: sketch_bench.Played, instructions: float, cycles: float) -> float:
    """Share of the time, in percent, in which neither the bus nor the processor has work."""
    awake_s = seen["measured_bus_s"] + instructions * cycles / CLOCK_HZ
    return 100 * (1 - awake_s / seen["measured_s"])


if __name__ == "__main__":
    run_benchmark("runtime", measure)
