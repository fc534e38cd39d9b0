"""Size and speed of one build, as `deploy` and `train` print them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from imu_gesture.deploy.cost.decision import MODEL, DecisionCost, Part, decision_cost, estimate_ms
from imu_gesture.deploy.cost.memory import OwnMemory, own_memory
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.sensor_settings import USUAL, SensorSettings
from imu_gesture.deploy.toolchain.size import FLASH_BYTES, RAM_BYTES, BuildSize


@dataclass(frozen=True)
class BuildReport:
    """What a program takes; `size` is None where it was not compiled."""

    cost: DecisionCost
    memory: OwnMemory
    size: BuildSize | None

    def as_json(self) -> dict[str, object]:
        """Every figure by name, with its unit."""
        low_ms, high_ms = estimate_ms(self.cost.instructions)
        return {
            "flash_bytes": self.size.flash_bytes if self.size else None,
            "ram_bytes": self.size.ram_bytes if self.size else None,
            "own_ram": asdict(self.memory),
            "instructions": round(self.cost.instructions),
            "stages": _rounded(self.cost.stages),
            "operators": _rounded(self.cost.operators),
            "estimate_ms": [low_ms, high_ms],
        }

    def as_text(self) -> str:
        """A table: stages, operators under the model, then bytes."""
        return "\n".join([*_cost_lines(self.cost), *_memory_lines(self)])


def build_report(
    manifest: ModelManifest,
    tflite: bytes,
    size: BuildSize | None = None,
    settings: SensorSettings = USUAL,
) -> BuildReport:
    """For a model that passed `check_model`."""
    return BuildReport(decision_cost(manifest, tflite, settings), own_memory(manifest), size)


def _rounded(parts: tuple[Part, ...]) -> list[dict[str, object]]:
    return [{"name": part.name, "instructions": round(part.instructions)} for part in parts]


def _cost_lines(cost: DecisionCost) -> Iterator[str]:
    yield f"{'a decision on the board':28}{'instructions':>12}   estimated ms"
    for stage in cost.stages:
        yield _line("  " + stage.name.replace("_", " "), stage.instructions)
        if stage.name == MODEL:
            for operator in cost.operators:
                yield _line("    " + operator.name, operator.instructions)
    yield _line("  all", cost.instructions)
    yield "  (counted on an emulated Cortex-M4F, never timed on a board; at 64 MHz)"


def _line(name: str, instructions: float) -> str:
    low_ms, high_ms = estimate_ms(instructions)
    return f"{name:28}{instructions:12.0f}   {low_ms:.2f} to {high_ms:.2f}"


def _memory_lines(report: BuildReport) -> Iterator[str]:
    size, own = report.size, report.memory
    if size and size.flash_bytes is not None and size.ram_bytes is not None:
        yield (
            f"compiled: {size.flash_bytes} bytes of flash ({size.flash_bytes / FLASH_BYTES:.0%}), "
            f"{size.ram_bytes} of memory ({size.ram_bytes / RAM_BYTES:.0%})"
        )
    yield (
        f"of the sketch itself: {own.objects_bytes} bytes of objects, {own.arena_bytes} of tensor "
        f"arena, {own.stacks_bytes} of stacks"
    )
