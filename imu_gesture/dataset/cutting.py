"""Where windows are cut: around a gesture or at its end, beside it, and all over background."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import Run, WindowSpec, corrected, runs_of
from imu_gesture.labels import BACKGROUND, Label

LAG_S = 0.3  # a window ends so long after its gesture, where it has room for it
_HALF = 0.4  # a window that has seen no more than this share of a gesture has not seen it
_OVER_S = 0.9  # so long after its end, a gesture is over
_BEFORE_S, _AFTER_S = 1.0, 1.5  # further away there may be one that nobody has labelled


@dataclass(frozen=True, eq=False)
class CutWindow:
    """One window to cut: `start_row` counts within `run`."""

    label: str
    segment: int
    run_number: int
    run: Run
    start_row: int
    near: bool = False


@dataclass(frozen=True)
class _Stretch:
    """A label in device time."""

    start_us: int
    end_us: int

    @property
    def unseen_until_us(self) -> int:
        return self.start_us + round(_HALF * (self.end_us - self.start_us))

    @property
    def over_from_us(self) -> int:
        return self.end_us + round(_OVER_S * 1e6)


class Cutter:
    """Finds the windows of labels, numbering segments across recordings."""

    def __init__(self, spec: WindowSpec, streaming: bool) -> None:
        self._spec = spec
        self._streaming = streaming
        self._segments = 0
        self.skipped: list[str] = []

    def cut(self, labelled: LabelledRecording) -> list[CutWindow]:
        """All windows of a recording."""
        runs = runs_of(corrected(labelled), self._spec)
        gestures = [_stretch(labelled, label) for label in labelled.gestures]
        windows: list[CutWindow] = []
        for label in labelled.labels:
            stretch = _stretch(labelled, label)
            places = self._tiles if label.is_background else self._gesture
            found = list(places(runs, stretch))
            if not found:
                where = f"{labelled.name}: {label.name!r} at {label.start_s:.3f} s"
                self.skipped.append(f"{where} has no room for a window")
            for number, start_row in found:
                windows.append(
                    CutWindow(label.class_name, self._segments, number, runs[number], start_row)
                )
                if self._streaming and not label.is_background:
                    windows += self._near(runs[number], number, stretch, gestures)
                self._segments += 1
        return windows

    def _gesture(self, runs: list[Run], stretch: _Stretch) -> Iterator[tuple[int, int]]:
        """The window around a gesture's middle; streaming, one with room ends behind it."""
        middle_us = (stretch.start_us + stretch.end_us) // 2
        for number, run in enumerate(runs):
            if run.first_us <= middle_us <= run.last_us:
                around = run.row_at(middle_us) - self._spec.samples // 2
                lag_us = round(LAG_S * 1e6)
                behind = run.row_at(stretch.end_us + lag_us) - self._spec.samples
                yield number, min(around, behind) if self._streaming else around

    def _near(
        self, run: Run, number: int, gesture: _Stretch, gestures: list[_Stretch]
    ) -> Iterator[CutWindow]:
        """Windows that hold a part of a gesture, or one that is over."""
        rows = self._spec.samples + self._spec.margin
        stops = range(
            run.row_at(gesture.start_us - round(_BEFORE_S * 1e6)),
            run.row_at(gesture.end_us + round(_AFTER_S * 1e6)),
            self._spec.hop_samples,
        )
        for stop in stops:
            first, last = stop - rows, stop + self._spec.margin - 1
            if first < 0 or last >= len(run.rows):
                continue
            end_us = int(run.end_us[stop - 1])
            if not any(g.unseen_until_us < end_us < g.over_from_us for g in gestures):
                start_row = stop - self._spec.samples
                yield CutWindow(BACKGROUND, self._segments, number, run, start_row, near=True)

    def _tiles(self, runs: list[Run], stretch: _Stretch) -> Iterator[tuple[int, int]]:
        """Windows side by side, whole within the label and within what was really taken."""
        for number, run in enumerate(runs):
            first = run.row_at(max(stretch.start_us, run.first_us) + self._spec.period_us)
            stop = run.row_at(min(stretch.end_us, run.last_us) + 1)
            for start_row in range(first, stop - self._spec.samples + 1, self._spec.samples):
                yield number, start_row


def _stretch(labelled: LabelledRecording, label: Label) -> _Stretch:
    return _Stretch(
        labelled.start_us + round(label.start_s * 1e6), labelled.start_us + round(label.end_s * 1e6)
    )
