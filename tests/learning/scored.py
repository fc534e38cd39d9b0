"""Streams whose scores are written by hand: one letter for each hop."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from imu_gesture.labels import BACKGROUND, Label
from imu_gesture.learning.streams import ScoredStream, Stream

HOP_S = 0.1
NAMES = ("push", "wave", BACKGROUND)
LETTERS = {"p": 0, "w": 1}
APART = (0.2, 6.0)  # logits of the two other classes: of small letters, and of capital ones


def scored(
    timeline: str,
    labels: Sequence[Label] = (),
    levels: dict[str, float] | None = None,
    start_us: int = 0,
    name: str = "a",
    logit_step: float | None = None,
) -> ScoredStream:
    """A letter is a class that is likely, at 0.95 unless `levels` says otherwise; `|` is a gap.

    The window of letter i ends at i * HOP_S; a capital letter has the level of that letter. With a
    `logit_step` there are logits, uneven for capital letters.
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
    scores = (probability * 256 - 128).round().clip(-128, 127).astype(np.int8)
    if logit_step is None:
        return ScoredStream(stream, scores)
    logits = np.stack([_logits(letter, logit_step) for _, letter in kept])
    return ScoredStream(stream, np.hstack([scores, logits]), logit_step)


def _logits(letter: str, step: float) -> NDArray[np.int8]:
    """The letter's class highest; the two others apart, more where the letter is a capital one."""
    best = LETTERS.get(letter.lower(), len(NAMES) - 1)
    logits = np.full(len(NAMES), -1.0)
    logits[best] = 8.0
    logits[best - 1] += APART[letter.isupper()]
    return np.rint(logits / step).astype(np.int8)
