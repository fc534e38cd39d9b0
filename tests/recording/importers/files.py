"""Small files as other people leave them: seeded readings with three decimals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imu_gesture.recording.importers.imported import ImportedFile, Source

SIX = ("aX", "aY", "aZ", "gX", "gY", "gZ")


def readings(n: int, seed: int = 0, columns: int = 6) -> NDArray[np.float64]:
    """(n, columns) within +-3."""
    return np.random.default_rng(seed).uniform(-3, 3, (n, columns)).round(3)


def lines(values: Iterable[Sequence[object] | NDArray[np.float64]], mark: str = ",") -> str:
    """One line for each row."""
    return "".join(mark.join(map(str, row)) + "\n" for row in values)


def table(
    values: Iterable[Sequence[object] | NDArray[np.float64]],
    names: Sequence[str] = SIX,
    mark: str = ",",
) -> str:
    """A header and one line for each row."""
    return lines([names, *values], mark)


def timed(values: NDArray[np.float64], times: Iterable[object]) -> str:
    """A table whose first column `t` holds the times."""
    rows = [(time, *row) for time, row in zip(times, values, strict=True)]
    return table(rows, ("t", *SIX))


def source(folder: Path, content: str | bytes, name: str = "wave.csv") -> Source:
    """Write a file below a folder, as a source of that name."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Source(path, name)


def assert_readings(imported: ImportedFile, values: NDArray[np.float64]) -> None:
    """The six columns arrived, to the last bit of a float32."""
    expected = values.astype(np.float32)
    assert np.array_equal(imported.samples.acc_g, expected[:, :3])
    assert np.array_equal(imported.samples.gyr_or_zero_dps, expected[:, 3:])


def ranges(imported: ImportedFile) -> list[tuple[int, int, str | None]]:
    """Rows and label of each segment."""
    return [(segment.start, segment.stop, segment.label) for segment in imported.segments]


def findings(imported: ImportedFile) -> list[tuple[str, str]]:
    """Kind of each finding, and where, as file name and line."""
    return [(finding.kind, Path(finding.where).name) for finding in imported.findings]
