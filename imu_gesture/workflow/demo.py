"""The whole loop on the virtual board: record, train, deploy, recognise someone new."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imu_gesture.deploy.manifest import ModelManifest, read_run
from imu_gesture.deploy.sketch import write_sketch
from imu_gesture.deploy.verify.parity import differing_bytes
from imu_gesture.errors import InputError
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.labels import BACKGROUND
from imu_gesture.learning.events import EventMatch, TimedLabel, match_events
from imu_gesture.recording.capture import CapturePlan, Source, capture
from imu_gesture.simulation.board import VirtualBoard
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import GESTURES, REST, Action, Performer
from imu_gesture.workflow.boards import virtual_link
from imu_gesture.workflow.training import (
    EpochProgress,
    TrainingOptions,
    TrainingRun,
    train_workspace,
)
from imu_gesture.workspace import Workspace

PEOPLE = 3
REPEATS = 12
BACKGROUND_S = 40.0
UNSEEN_REPEATS = 5
_UNSEEN_SEED = 1000
_TOLERANCE_S = 1.0


@dataclass(frozen=True, eq=False)
class DemoResult:
    """What the demonstration showed."""

    run: TrainingRun
    sketch: Path
    match: EventMatch
    unseen_s: float
    parity_differing_bytes: int
    seconds: float


def run_demo(
    workspace: Workspace,
    seed: int = 0,
    tell: Callable[[str], None] = lambda _: None,
    progress: EpochProgress = lambda _done, _total: None,
) -> DemoResult:
    """Run the loop into an empty workspace; the same seed gives the same recordings.

    Raises:
        InputError: the workspace has recordings already.
    """
    started = time.monotonic()
    if workspace.recordings.exists():
        raise InputError(f"{workspace.recordings}: exists; the demo wants a folder of its own")
    tell(f"recording {PEOPLE} people, {len(GESTURES)} gestures and background, virtual boards")
    record_people(workspace, seed)
    tell("training, each person held out in turn")
    run = train_workspace(workspace, TrainingOptions(), progress)
    tell("writing the sketch")
    sketch = workspace.root / "firmware_sketch"
    manifest, tflite = read_run(run.folder)
    write_sketch(sketch, manifest, tflite)
    tell("a new person, a new board, the model inside the firmware")
    match, unseen_s, differing = try_unseen(manifest, tflite, seed + _UNSEEN_SEED)
    return DemoResult(run, sketch, match, unseen_s, differing, time.monotonic() - started)


def record_people(workspace: Workspace, seed: int) -> None:
    """Record every gesture and background of a few simulated people, each with their own board."""
    workspace.recordings.mkdir(parents=True)
    for person in range(PEOPLE):
        with virtual_link(seed + person) as link:
            source = Source(link)
            for label in (*GESTURES, BACKGROUND):
                seconds = BACKGROUND_S if label == BACKGROUND else 2.0
                plan = CapturePlan(label, REPEATS, seconds, participant=f"person-{person + 1}")
                path = workspace.recordings / f"{label}-{plan.participant}.mcap"
                capture(source, path, plan)


def try_unseen(manifest: ModelManifest, tflite: bytes, seed: int) -> tuple[EventMatch, float, int]:
    """Someone the model has never seen, in a stream of gestures and everyday movements.

    Returns:
        What was recognised, the stream's length in seconds, and the bytes in which the host's
        batch path differs from the firmware.
    """
    classifier = open_classifier(tflite)
    board = VirtualBoard(Device(LSM9DS1_BOARD, seed), manifest.firmware_params(), classifier)
    motion = Performer(seed).perform(_unseen_plan(seed))
    samples, events = board.move(motion)
    start_us = int(samples.device_time_us[0])
    reported = [
        TimedLabel((event.device_time_us - start_us) * 1e-6, manifest.label_names[event.label])
        for event in events
    ]
    match = match_events(motion.labels, reported, _TOLERANCE_S)
    differing = differing_bytes(samples, manifest, classifier, board.inferences)
    return match, motion.duration_s, differing


def _unseen_plan(seed: int) -> list[Action]:
    rng = np.random.default_rng((seed, 4))
    plan = [Action(REST, 2.0)]
    for label in rng.permutation(list(GESTURES) * UNSEEN_REPEATS).tolist():
        plan += [Action(label), Action(REST, 1.0), Action(BACKGROUND, rng.uniform(2, 6))]
    return [*plan, Action(REST, 2.0)]
