"""Where windows are cut: around a gesture or at its end, beside it, and all over background.

They are those that a board meets: at every hop, or where motions trigger one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
            found = list(
                self._tiles(runs, stretch)
                if label.is_background
                else self._gesture(runs, stretch, gestures)
            )
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

    def _gesture(
        self, runs: list[Run], stretch: _Stretch, gestures: list[_Stretch]
    ) -> Iterator[tuple[int, int]]:
        """The window around a gesture's middle; streaming, one with room ends behind it.

        It is the one that the gesture's motion triggers, where there is any; not one in which the
        next gesture is seen as well.
        """
        later_us = (g.unseen_until_us for g in gestures if g.start_us > stretch.start_us)
        until_us = min([stretch.over_from_us, *later_us])
        middle_us = (stretch.start_us + stretch.end_us) // 2
        for number, run in enumerate(runs):
            if run.first_us <= middle_us <= run.last_us:
                around = run.row_at(middle_us) - self._spec.samples // 2
                lag_us = round(LAG_S * 1e6)
                behind = run.row_at(stretch.end_us + lag_us) - self._spec.samples
                place = min(around, behind) if self._streaming else around
                seen = self._triggered(run, stretch.unseen_until_us, until_us)
                yield number, min(seen, key=lambda row: abs(row - behind), default=place)

    def _near(
        self, run: Run, number: int, gesture: _Stretch, gestures: list[_Stretch]
    ) -> Iterator[CutWindow]:
        """Windows that hold a part of a gesture, or one that is over."""
        from_us = gesture.start_us - round(_BEFORE_S * 1e6)
        to_us = gesture.end_us + round(_AFTER_S * 1e6)
        for start_row in self._met(run, from_us, to_us):
            end_us = int(run.end_us[start_row + self._spec.samples - 1])
            if not any(g.unseen_until_us < end_us < g.over_from_us for g in gestures):
                yield CutWindow(BACKGROUND, self._segments, number, run, start_row, near=True)

    def _met(self, run: Run, from_us: int, to_us: int) -> Iterable[int]:
        """First rows of the windows that a board meets between two times."""
        if self._spec.separate:
            return self._triggered(run, from_us, to_us)
        samples = self._spec.samples
        stops = range(run.row_at(from_us), run.row_at(to_us), self._spec.hop_samples)
        return (stop - samples for stop in stops if self._has_context(run, stop - samples))

    def _triggered(self, run: Run, from_us: int, to_us: int) -> list[int]:
        """First rows of the windows that motions trigger between two times; without any, none."""
        if not self._spec.separate:
            return []
        ends_us = run.end_us[run.due + self._spec.samples - 1]
        between = run.due[(from_us < ends_us) & (ends_us < to_us)].tolist()
        return [start_row for start_row in between if self._has_context(run, start_row)]

    def _has_context(self, run: Run, start_row: int) -> bool:
        margin = self._spec.margin
        return margin <= start_row <= len(run.rows) - self._spec.samples - margin

    def _tiles(self, runs: list[Run], stretch: _Stretch) -> Iterator[tuple[int, int]]:
        """Windows side by side, whole within the label and within what was really taken.

        And those that motions trigger there.
        """
        for number, run in enumerate(runs):
            first = run.row_at(max(stretch.start_us, run.first_us) + self._spec.period_us)
            stop = run.row_at(min(stretch.end_us, run.last_us) + 1) - self._spec.samples + 1
            triggered = self._triggered(run, stretch.start_us, stretch.end_us)
            within = (row for row in triggered if first <= row < stop)
            for start_row in sorted({*range(first, stop, self._spec.samples), *within}):
                yield number, start_row


def _stretch(labelled: LabelledRecording, label: Label) -> _Stretch:
    return _Stretch(
        labelled.start_us + round(label.start_s * 1e6), labelled.start_us + round(label.end_s * 1e6)
    )
