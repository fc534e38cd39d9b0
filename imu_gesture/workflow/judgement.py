"""What a run has learned from, and what it was found to be worth on what it has not seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.learning.evaluation import Evaluation
from imu_gesture.learning.held_out import ContinuousEvaluation
from imu_gesture.learning.robustness import Strain
from imu_gesture.learning.tuning import Setting, default_setting

JUDGEMENT_NAME = "evaluation.json"  # in a run's folder


@dataclass(frozen=True, eq=False)
class Judgement:
    """Kept beside the model.

    Attributes:
        learned_from: a digest for each recording's name.
        evaluation: on held-out windows; None where nothing was held out.
        continuous: on held-out whole streams; None where they were not looked at.
        strains: what errors of the sensors would cost; empty where it was not looked at.
    """

    learned_from: Mapping[str, str]
    evaluation: Evaluation | None = None
    continuous: ContinuousEvaluation | None = None
    strains: tuple[Strain, ...] = ()

    def setting(self, names: Sequence[str], separate: bool = False) -> Setting:
        """How the board decides: as was tuned on streams, or the default for these classes.

        `separate`: each window by itself.
        """
        if self.continuous:
            return self.continuous.tuned.setting
        return default_setting(names, separate)

    def as_json(self) -> dict[str, object]:
        """All of it in plain values."""
        found: dict[str, object] = {"learned_from": dict(self.learned_from)}
        for part in (self.evaluation, self.continuous):
            found |= part.as_json() if part else {}
        if self.strains:
            found["robustness"] = [asdict(strain) for strain in self.strains]
        return found


def digests_of(recordings: Iterable[LabelledRecording]) -> dict[str, str]:
    """A digest for each recording's name, by which `evaluate` knows it again."""
    return {labelled.name: labelled.digest() for labelled in recordings}
