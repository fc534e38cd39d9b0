"""Which recordings a model may learn from, by their quality."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from imu_gesture.dataset.segments import LabelledRecording, load_labelled
from imu_gesture.errors import DatasetError
from imu_gesture.recording.problem import Problem
from imu_gesture.recording.quality import Quality, quality


@dataclass(frozen=True, eq=False)
class TrustedRecordings:
    """Recordings to learn from, and what to know of them: one line for each kind of problem."""

    recordings: list[LabelledRecording]
    warnings: tuple[str, ...]


def load_trusted(files: Sequence[Path], accept_bad: bool = False) -> TrustedRecordings:
    """Read labelled recordings and judge them.

    Raises:
        DatasetError: one is bad and `accept_bad` is not given, or cannot be used at all.
    """
    recordings = [load_labelled(path) for path in files]
    judged = {
        path: quality(labelled.recording) for path, labelled in zip(files, recordings, strict=True)
    }
    bad = {path: found for path, found in judged.items() if found.verdict == "bad"}
    if bad and not accept_bad:
        raise DatasetError(_refusal(bad))
    return TrustedRecordings(recordings, tuple(_grouped(judged)))


def _refusal(bad: dict[Path, Quality]) -> str:
    path, found = next(iter(bad.items()))
    worst = next(problem for problem in found.problems if problem.severity == "bad")
    others = f" ({len(bad) - 1} more are bad: `imu-gesture inspect`)" if len(bad) > 1 else ""
    return (
        f"{path}: {worst.message}{others}; take it out of the folder, or learn from it anyway "
        "with --accept-bad"
    )


def _grouped(judged: dict[Path, Quality]) -> Iterator[str]:
    """One line for each kind of problem, with the first recording that has it."""
    groups: dict[str, list[tuple[Path, Problem]]] = defaultdict(list)
    for path, found in judged.items():
        for problem in found.problems:
            groups[f"{problem.severity} {problem.kind}"].append((path, problem))
    for group in groups.values():
        path, problem = group[0]
        count = len({path for path, _ in group})
        accepted = " (bad, accepted)" if problem.severity == "bad" else ""
        yield (
            f"{problem.kind}{accepted} in {count} of {len(judged)} recordings, such as "
            f"{path.name}: {problem.message}"
        )
