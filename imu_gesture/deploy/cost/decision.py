"""What a decision costs on the board: instructions by stage and operator, a range of time."""

from __future__ import annotations

from dataclasses import dataclass

from imu_gesture.deploy.cost.kernel_steps import steps_of
from imu_gesture.deploy.cost.kernel_table import (
    INVOKE_INSTRUCTIONS,
    KERNEL_STEPS,
    OPERATOR_INSTRUCTIONS,
)
from imu_gesture.deploy.cost.stage_table import (
    MOTION_ROW_INSTRUCTIONS,
    SAMPLE_INSTRUCTIONS,
    window_instructions,
)
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.sensor_settings import USUAL, SensorSettings
from imu_gesture.errors import ModelError
from imu_gesture.inference.flatbuffer import Operator, read_facts

CLOCK_HZ = 64e6
CYCLES_PER_INSTRUCTION = (1.0, 1.5)  # of a Cortex-M4 in general; not measured
MODEL = "model"


@dataclass(frozen=True)
class Part:
    """A stage of a decision or an operator of its model."""

    name: str
    instructions: float


@dataclass(frozen=True)
class DecisionCost:
    """All that runs from one decision to the next, in order.

    Attributes:
        stages: one of them is MODEL.
        operators: of the model, in order of execution; what the interpreter adds is left out.
    """

    stages: tuple[Part, ...]
    operators: tuple[Part, ...]

    @property
    def instructions(self) -> float:
        """Of all stages."""
        return sum(stage.instructions for stage in self.stages)

    @property
    def model_instructions(self) -> float:
        """Of the model alone."""
        return next(stage.instructions for stage in self.stages if stage.name == MODEL)


def estimate_ms(instructions: float) -> tuple[float, float]:
    """Least and most time on the board, an estimate."""
    low, high = (1e3 * instructions * cycles / CLOCK_HZ for cycles in CYCLES_PER_INSTRUCTION)
    return low, high


def decision_cost(
    manifest: ModelManifest, tflite: bytes, settings: SensorSettings = USUAL
) -> DecisionCost:
    """Of a board that moves, so that every window is classified.

    It has an LSM9DS1; a BMI270's samples are fewer. Samples and rows are those of one hop; where
    motions trigger, most hops have nothing else.

    Raises:
        ModelError: an operator that `check_model` refuses.
    """
    operators = operator_costs(tflite)
    window = manifest.window
    samples = window.hop_samples * window.period_us * 1e-6 * settings.rate_hz
    of_samples = {name: samples * each for name, each in SAMPLE_INSTRUCTIONS.items()}
    of_window = window_instructions(
        manifest.features.front_end, (window.samples, window.channels), len(manifest.labels)
    )
    decision = of_window.pop("decision")
    if manifest.regime.params:
        of_samples["motion"] = window.hop_samples * MOTION_ROW_INSTRUCTIONS
    ordered = of_samples | of_window
    ordered |= {MODEL: model_instructions(operators), "decision": decision}
    stages = tuple(Part(name, instructions) for name, instructions in ordered.items())
    return DecisionCost(stages, operators)


def operator_costs(tflite: bytes) -> tuple[Part, ...]:
    """Each operator of a model, in order of execution."""
    return tuple(
        Part(operator.name, operator_instructions(operator))
        for operator in read_facts(tflite).operators
    )


def operator_instructions(operator: Operator) -> float:
    """Predicted from the shapes of its tensors.

    Raises:
        ModelError: the board has no such operator.
    """
    steps = steps_of(operator)
    table = KERNEL_STEPS.get(steps.kernel)
    if table is None:
        raise ModelError(f"operator {operator.index} {operator.name}: the board has no such one")
    return table["call"] + sum(table[name] * count for name, count in steps.counts.items())


def model_instructions(operators: tuple[Part, ...]) -> float:
    """Of one `Invoke()`, the interpreter's own included."""
    around = INVOKE_INSTRUCTIONS + OPERATOR_INSTRUCTIONS * len(operators)
    return around + sum(operator.instructions for operator in operators)
