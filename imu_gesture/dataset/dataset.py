"""`Dataset`: windows, labels and groups, ready to be split and learned from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from imu_gesture.dataset.front_end import FrontEnd, check_gravity
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import Run, WindowSpec, corrected, runs_of
from imu_gesture.errors import DatasetError
from imu_gesture.labels import BACKGROUND
from imu_gesture.samples import Float32Array, Int64Array


@dataclass(frozen=True, eq=False)
class Dataset:
    """Windows with context, in physical units (g, deg/s), one row of every column each.

    Attributes:
        spec: time base of the windows.
        label_names: gestures in alphabetical order, background last when there is any.
        context: (n, samples + 2 * margin, channels) float32; see `windows`.
        label: (n,) index into label_names.
        participant, session, recording: (n,) names.
        segment: (n,) number of the gesture, or of the tile of background, that the window shows.
        run: (n,) number of the gap-free run within the recording.
        start_row: (n,) first row of the window within the run.
        start_us, end_us: (n,) device time that the window covers, context excluded.
        skipped: one sentence for each labelled stretch that gave no window.
    """

    spec: WindowSpec
    label_names: tuple[str, ...]
    context: Float32Array
    label: NDArray[np.intp]
    participant: NDArray[np.str_]
    session: NDArray[np.str_]
    recording: NDArray[np.str_]
    segment: Int64Array
    run: Int64Array
    start_row: Int64Array
    start_us: Int64Array
    end_us: Int64Array
    skipped: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Number of windows."""
        return len(self.label)

    @property
    def windows(self) -> Float32Array:
        """(n, samples, channels) float32: what the board would see."""
        margin = self.spec.margin
        return np.ascontiguousarray(self.context[:, margin : margin + self.spec.samples])

    @property
    def background(self) -> int | None:
        """Index of the background class, or None."""
        has_background = self.label_names[-1] == BACKGROUND
        return len(self.label_names) - 1 if has_background else None

    def subset(self, index: NDArray[np.intp]) -> Dataset:
        """The windows at `index`, in that order."""
        columns = {
            column.name: getattr(self, column.name)[index]
            for column in fields(self)
            if isinstance(getattr(self, column.name), np.ndarray)
        }
        return replace(self, **columns)

    def digest(self) -> str:
        """SHA-256 of windows, labels and time base: the dataset's identity."""
        digest = hashlib.sha256(repr((self.spec, self.label_names)).encode())
        digest.update(np.ascontiguousarray(self.context).tobytes())
        digest.update(self.label.astype(np.int64).tobytes())
        return digest.hexdigest()


@dataclass(frozen=True, eq=False)
class _Window:
    """One window to cut: `start_row` counts within `run`."""

    label: str
    segment: int
    run_number: int
    run: Run
    start_row: int


def build_dataset(recordings: list[LabelledRecording], spec: WindowSpec) -> Dataset:
    """Cut one window from the middle of every gesture, and as many as fit from background.

    Raises:
        DatasetError: fewer than two classes have windows, or the front end needs gravity and the
            readings show none.
    """
    names = sorted({label.name for r in recordings for label in r.gestures})
    if any(label.is_background for r in recordings for label in r.labels):
        names.append(BACKGROUND)
    cutter = _Cutter(spec)
    parts = [_columns(labelled, cutter.cut(labelled), spec, names) for labelled in recordings]
    merged = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    if len(np.unique(merged["label"])) < 2:
        raise DatasetError(
            "windows of at least two classes are needed; record another gesture or background"
        )
    dataset = Dataset(spec=spec, label_names=tuple(names), skipped=tuple(cutter.skipped), **merged)
    check_gravity(FrontEnd(spec.front_end, spec.period_us), dataset.windows)
    return dataset


class _Cutter:
    """Finds the windows of labels, numbering segments across recordings."""

    def __init__(self, spec: WindowSpec) -> None:
        self._spec = spec
        self._segments = 0
        self.skipped: list[str] = []

    def cut(self, labelled: LabelledRecording) -> list[_Window]:
        """All windows of a recording."""
        runs = runs_of(corrected(labelled), self._spec)
        windows: list[_Window] = []
        for label in labelled.labels:
            start_us = labelled.start_us + round(label.start_s * 1e6)
            end_us = labelled.start_us + round(label.end_s * 1e6)
            places = self._tiles if label.is_background else self._middle
            found = list(places(runs, start_us, end_us))
            if not found:
                where = f"{labelled.name}: {label.name!r} at {label.start_s:.3f} s"
                self.skipped.append(f"{where} has no room for a window")
            for number, start_row in found:
                windows.append(_Window(label.class_name, self._segments, number, runs[number], start_row))
                self._segments += 1
        return windows

    def _middle(self, runs: list[Run], start_us: int, end_us: int) -> Iterator[tuple[int, int]]:
        """The window around the middle of a label."""
        middle_us = (start_us + end_us) // 2
        for number, run in enumerate(runs):
            if run.first_us <= middle_us <= run.last_us:
                yield number, run.row_at(middle_us) - self._spec.samples // 2

    def _tiles(self, runs: list[Run], start_us: int, end_us: int) -> Iterator[tuple[int, int]]:
        """Windows side by side, whole within the label and within what was really taken."""
        for number, run in enumerate(runs):
            first = run.row_at(max(start_us, run.first_us) + self._spec.period_us)
            stop = run.row_at(min(end_us, run.last_us) + 1)
            for start_row in range(first, stop - self._spec.samples + 1, self._spec.samples):
                yield number, start_row


def _columns(
    labelled: LabelledRecording, windows: list[_Window], spec: WindowSpec, names: list[str]
) -> dict[str, NDArray[np.generic]]:
    info = labelled.recording.info
    n = len(windows)
    rows = spec.samples + 2 * spec.margin
    first = [window.start_row - spec.margin for window in windows]
    ends_us = [
        window.run.end_us[[window.start_row, window.start_row + spec.samples - 1]]
        for window in windows
    ]
    covered = np.array(ends_us, np.int64).reshape(n, 2)
    context = [
        window.run.rows[row : row + rows] for window, row in zip(windows, first, strict=True)
    ]
    return {
        "context": np.array(context, np.float32).reshape(n, rows, spec.channels),
        "label": np.array([names.index(window.label) for window in windows], np.intp),
        "participant": np.full(n, info.participant),
        "session": np.full(n, info.session),
        "recording": np.full(n, labelled.name),
        "segment": np.array([window.segment for window in windows], np.int64),
        "run": np.array([window.run_number for window in windows], np.int64),
        "start_row": np.array([window.start_row for window in windows], np.int64),
        "start_us": covered[:, 0] - spec.period_us,
        "end_us": covered[:, 1],
    }
