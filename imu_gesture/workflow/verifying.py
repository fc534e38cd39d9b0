"""All rungs of `imu-gesture verify`, in order, on what the workspace holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from imu_gesture.deploy.golden import golden_inputs
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.sketch import SKETCH_NAME
from imu_gesture.deploy.verify import board_rungs
from imu_gesture.deploy.verify.emulated import emulated_rung
from imu_gesture.deploy.verify.model_rungs import quantisation_rung, reference_rung
from imu_gesture.deploy.verify.parity import batch_inputs
from imu_gesture.deploy.verify.rung import Rung
from imu_gesture.deploy.verify.self_test_rung import self_test_rungs
from imu_gesture.deploy.verify.sensors_rung import LISTEN_S, listen, sensors_rung
from imu_gesture.deploy.verify.sketch_rung import sketch_rung
from imu_gesture.errors import BoardError, ImuGestureError, ModelError
from imu_gesture.inference.classifier import Int8Array, open_classifier
from imu_gesture.link.board_link import BoardLink
from imu_gesture.recording.mcap_file import read_recording
from imu_gesture.samples import Samples
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import GESTURES, REST, Action, Performer
from imu_gesture.simulation.signals import ideal_signals
from imu_gesture.workspace import Workspace

MOST_WINDOWS = 200
STREAM_S = 30.0
ALL_FACES_S = 40.0  # in which a virtual person has laid a board on each of them
_PLEASE = "let it lie still, then lay it on each of its faces, two seconds on each"
_BOARD_WINDOWS = 20
_SHORTEST_S = 5.0


@dataclass(frozen=True)
class Watch:
    """For how long a board's sensors are watched, and who tells the person what to do meanwhile."""

    seconds: float = LISTEN_S
    tell: Callable[[str], None] = lambda _: None


def host_rungs(workspace: Workspace, manifest: ModelManifest, tflite: bytes) -> Iterator[Rung]:
    """Those that need no board."""
    classifier = open_classifier(tflite)
    samples = stream_of(workspace)
    yield quantisation_rung(manifest)
    yield reference_rung(tflite, classifier, windows_of(samples, manifest))
    yield emulated_rung(samples, manifest, tflite, classifier)
    yield sketch_rung(workspace.root / SKETCH_NAME, manifest, tflite)


def board_side(
    link: BoardLink,
    workspace: Workspace,
    model: tuple[ModelManifest, bytes],
    watch: Watch = Watch(),
) -> Iterator[Rung]:
    """Those that need the board of an open link; one with another model is told and left."""
    manifest, tflite = model
    identity = board_rungs.model_rung(link, manifest)
    yield identity
    if identity.state != "passed":
        return
    classifier = open_classifier(tflite)
    samples = stream_of(workspace)
    windows = windows_of(samples, manifest)[:_BOARD_WINDOWS]
    try:
        board_rungs.check_comparable(classifier)
        yield board_rungs.scores_rung(link, classifier, windows)
        yield board_rungs.stream_rung(link, samples, manifest, classifier)
    except (BoardError, ModelError) as error:
        yield from board_rungs.left_open(error)
    watch.tell(f"watching the sensors for {watch.seconds:.0f} s: {_PLEASE}")
    yield sensors_rung(link, watch.seconds)
    yield from self_test_rungs(link, tflite)


def self_test(link: BoardLink, tflite: bytes, watch: Watch = Watch()) -> list[Rung]:
    """What the board of an open link finds out about itself while it is watched."""
    watch.tell(f"the board watches its sensors for {watch.seconds:.0f} s: {_PLEASE}")
    listen(link, watch.seconds)
    return self_test_rungs(link, tflite)


def stream_of(workspace: Workspace) -> Samples:
    """Some seconds of the longest recording; of a virtual hand where there is none."""
    for path in sorted(workspace.recordings.glob("*.mcap"), key=lambda path: -path.stat().st_size):
        try:
            samples = read_recording(path).samples
        except ImuGestureError:
            continue  # `inspect` tells what is wrong with it
        if samples.gyr_dps is not None and samples.duration_s > _SHORTEST_S:
            end_us = samples.device_time_us[0] + round(STREAM_S * 1e6)
            return samples.rows(samples.device_time_us < end_us)
    plan = [*(Action(name) for name in GESTURES), Action(REST, 2.0)]
    return Device(LSM9DS1_BOARD, 0).measure(ideal_signals(Performer(0).perform(plan)))


def windows_of(samples: Samples, manifest: ModelManifest) -> Int8Array:
    """(n, samples, channels) model inputs: the golden ones, and some of these samples."""
    inputs = batch_inputs(samples, manifest)
    chosen = inputs[:: len(inputs) // MOST_WINDOWS + 1]
    return np.concatenate([golden_inputs(manifest), chosen])
