"""`Dataset`: windows, labels and groups, ready to be split and learned from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from imu_gesture.dataset.cutting import Cutter, CutWindow
from imu_gesture.dataset.front_end import FrontEnd, check_gravity
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import WindowSpec
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
        near: (n,) True where the window is cut beside its gesture, as background to learn from; it
            belongs to the gesture's segment, and no model is judged by it.
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
    near: NDArray[np.bool_]
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


def build_dataset(
    recordings: list[LabelledRecording], spec: WindowSpec, streaming: bool = False
) -> Dataset:
    """The windows of recordings to learn from; see `cut_windows`.

    Raises:
        DatasetError: fewer than two classes have windows, or the front end needs gravity and the
            readings show none.
    """
    dataset = cut_windows(recordings, spec, streaming)
    if len(np.unique(dataset.label[~dataset.near])) < 2:
        raise DatasetError(
            "windows of at least two classes are needed; record another gesture or background"
        )
    check_gravity(FrontEnd(spec.front_end, spec.period_us), dataset.windows)
    return dataset


def cut_windows(
    recordings: list[LabelledRecording], spec: WindowSpec, streaming: bool = False
) -> Dataset:
    """Cut one window from the middle of every gesture, and as many as fit from background.

    With `streaming` they are those that a window sliding along would meet: that of a gesture ends
    soon after it, and those beside it are more background to learn from.
    """
    cutter = Cutter(spec, streaming)
    cut = [cutter.cut(labelled) for labelled in recordings]
    names = _class_names(recordings, cut)
    parts = [
        _columns(labelled, windows, spec, names)
        for labelled, windows in zip(recordings, cut, strict=True)
    ]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Dataset(spec=spec, label_names=tuple(names), skipped=tuple(cutter.skipped), **columns)


def _class_names(recordings: list[LabelledRecording], cut: list[list[CutWindow]]) -> list[str]:
    names = sorted({label.name for r in recordings for label in r.gestures})
    labelled = any(label.is_background for r in recordings for label in r.labels)
    if labelled or any(window.near for windows in cut for window in windows):
        names.append(BACKGROUND)
    return names


def _columns(
    labelled: LabelledRecording, windows: list[CutWindow], spec: WindowSpec, names: list[str]
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
        "near": np.array([window.near for window in windows], np.bool_),
        "run": np.array([window.run_number for window in windows], np.int64),
        "start_row": np.array([window.start_row for window in windows], np.int64),
        "start_us": covered[:, 0] - spec.period_us,
        "end_us": covered[:, 1],
    }
