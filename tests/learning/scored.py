"""Streams whose scores are written by hand: one letter for each hop."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imu_gesture.labels import BACKGROUND, Label
from imu_gesture.learning.streams import ScoredStream, Stream

HOP_S = 0.1
NAMES = ("push", "wave", BACKGROUND)
LETTERS = {"p": 0, "w": 1}


def scored(
    timeline: str,
    labels: Sequence[Label] = (),
    levels: dict[str, float] | None = None,
    start_us: int = 0,
    name: str = "a",
) -> ScoredStream:
    """A letter is a class that is likely, at 0.95 unless `levels` says otherwise; `|` is a gap.

    The window of letter i ends at i * HOP_S; a capital letter has the level of that letter.
    """
    run, runs, kept = 0, [], []
    for place, letter in enumerate(timeline):
        run += letter == "|"
        if letter != "|":
            runs.append(run)
            kept.append((place, letter))
    probability = np.zeros((len(kept), len(NAMES)))
    for row, (_, letter) in zip(probability, kept, strict=True):
        level = (levels or {}).get(letter, 0.95)
        row[:] = (1 - level) / (len(NAMES) - 1)
        row[LETTERS.get(letter.lower(), len(NAMES) - 1)] = level
    end_us = start_us + np.array([round(place * HOP_S * 1e6) for place, _ in kept], np.int64)
    stream = Stream(
        name=name,
        participant="zoe",
        labels=tuple(labels),
        start_us=start_us,
        rows=np.zeros((len(kept), 6), np.float32),
        first_row=np.arange(len(kept)),
        end_us=end_us,
        run=np.array(runs, np.int32),
        hops_us=end_us,
        cut_off=(),
    )
    return ScoredStream(stream, (probability * 256 - 128).round().clip(-128, 127).astype(np.int8))
