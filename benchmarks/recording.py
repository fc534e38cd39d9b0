"""Recording: are repeats found without prompts, and do several boards agree on the time?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from form import Options, Row, run_benchmark, say
from together import apart_ms

from imu_gesture.labels import Label
from imu_gesture.recording.onset import OnsetDetector, Stretch
from imu_gesture.simulation.chips import BMI270_BOARD, LSM9DS1_BOARD, Chip
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import GESTURES, REST, Action, Performer
from imu_gesture.simulation.signals import ideal_signals

_REPEATS = 10
_PAUSES_S = (0.7, 2.0)
_FIRST_SEED = 200  # those the detector was tuned on are 1000 and above


def measure(options: Options) -> Iterator[Row]:
    """All rows."""
    yield from hands_free(options.quick)
    yield from several(options.quick)


def hands_free(quick: bool) -> Iterator[Row]:
    """Repeats of every gesture by many people, each with another board."""
    people = 5 if quick else 40
    say(f"{people} people, {len(GESTURES)} gestures, {_REPEATS} repeats each")
    right = recordings = found = 0
    overlaps: list[float] = []
    started_s = time.process_time()
    for chip in (LSM9DS1_BOARD, BMI270_BOARD):
        for seed in range(_FIRST_SEED, _FIRST_SEED + people):
            for gesture in GESTURES:
                stretches, labels = _perform(gesture, seed, chip)
                recordings += 1
                right += len(stretches) == len(labels)
                found += len(stretches)
                overlaps += [
                    max((_overlap(label, s) for s in stretches), default=0.0) for label in labels
                ]
    note = (
        f"{recordings} recordings of {_REPEATS} repeats, pauses of {_PAUSES_S[0]} to "
        f"{_PAUSES_S[1]} s, both chips, seeds {_FIRST_SEED} to {_FIRST_SEED + people - 1}; "
        f"{found} found of {recordings * _REPEATS}; "
        f"{time.process_time() - started_s:.0f} s of one core"
    )
    yield Row("hands_free.counted_right", 100 * right / recordings, "%", note=note)
    quantiles = {"5th percentile": float(np.percentile(overlaps, 5)), "least": min(overlaps)}
    yield Row(
        "hands_free.overlap",
        float(np.median(overlaps)),
        "of 1",
        quantiles,
        "median over repeats; shared time of label and truth, as a share of the time of either",
    )


def several(quick: bool) -> Iterator[Row]:
    """Two virtual boards on pseudo-terminals, with clocks of their own, shaken together."""
    rounds = 1 if quick else 5
    say(f"{rounds} rounds of two boards shaken together")
    with TemporaryDirectory() as folder:
        apart = [abs(ms) for seed in range(rounds) for ms in apart_ms(Path(folder), seed)]
    yield Row(
        "several.apart",
        max(apart),
        "ms",
        note=f"largest of {len(apart)} shakes by log time; clocks 100 ppm apart, one recording "
        "after the start of both boards",
    )


def _perform(gesture: str, seed: int, chip: Chip) -> tuple[list[Stretch], tuple[Label, ...]]:
    rng = np.random.default_rng((seed, 9))
    plan = [Action(REST, 2.0)]
    for _ in range(_REPEATS):
        plan += [Action(gesture), Action(REST, float(rng.uniform(*_PAUSES_S)))]
    motion = Performer(seed).perform([*plan, Action(REST, 1.0)])
    return OnsetDetector().update(Device(chip, seed).measure(ideal_signals(motion))), motion.labels


def _overlap(label: Label, stretch: Stretch) -> float:
    start_s, end_s = stretch.start_us * 1e-6, stretch.end_us * 1e-6
    shared_s = min(label.end_s, end_s) - max(label.start_s, start_s)
    return max(0.0, shared_s / (max(label.end_s, end_s) - min(label.start_s, start_s)))


if __name__ == "__main__":
    run_benchmark("recording", measure)
