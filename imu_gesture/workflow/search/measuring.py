"""What a candidate takes on the board, as a job: converted, run in ever smaller arenas, counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.deploy.cost.report import build_report
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.untrained import convert_untrained
from imu_gesture.workflow.judgement import Judgement
from imu_gesture.workflow.runs import describe
from imu_gesture.workflow.search.trials import Cost


@dataclass(frozen=True, eq=False)
class MeasureJob:
    """A few windows, and the network to be measured before anybody trains it."""

    few: Dataset
    config: TrainingConfig

    def run(self, _: Callable[[], None]) -> Cost:
        """Convert and measure, in this process.

        Raises:
            ModelError: the board would run it wrongly, or not at all.
        """
        fitted = convert_untrained(self.few, self.config)
        manifest = describe(self.few, self.config, fitted, Judgement({}))
        instructions = build_report(manifest, fitted.tflite).cost.instructions
        hop_s = manifest.window.hop_samples * manifest.window.period_us * 1e-6
        return Cost(
            arena_bytes=manifest.arena.arena_bytes,
            model_bytes=manifest.model_bytes,
            instructions=round(instructions),
            instructions_per_s=round(instructions / hop_s),
        )
