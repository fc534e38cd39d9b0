"""Streams: stored scores and the core's decision stage give what the firmware itself reports."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import WindowSpec
from imu_gesture.inference.classifier import Int8Array
from imu_gesture.labels import Label
from imu_gesture.learning.events import TimedLabel
from imu_gesture.learning.streams import Model, score, stream_of
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.samples import Float32Array, Samples
from tests import make
from tests.dataset import cases
from tests.learning.scored import NAMES, scored

SPEC = WindowSpec(20_000, 16, 5, 6)
FEATURES = _core.FeatureParams(np.zeros(6, np.float32), np.full(6, 0.02, np.float32))
INPUT = _core.QuantisationParams(0.01, 0)
DECISION = _core.DecisionParams([140, 140, _core.NEVER], 2, 400_000)
ALONE = _core.DecisionParams([140, 140, _core.NEVER], 1, 400_000)
TRIGGERED = WindowSpec(20_000, 16, 5, 6, motion=_core.MotionParams(calm_s=0.15))


def says(window: Int8Array) -> Int8Array:
    """(samples, channels) -> scores that swing with the motion, different in each class."""
    level = int(np.abs(window.astype(np.int32)).sum()) % 256
    return np.array([level - 128, 127 - level, -100], np.int8)


def outputs(windows: Float32Array) -> Int8Array:
    inputs = _core.quantise(INPUT, _core.features(FEATURES, windows))
    return np.array([says(window) for window in inputs], np.int8)


MODEL = Model(outputs)


def reported_by_firmware(
    samples: Samples, spec: WindowSpec = SPEC, decision: _core.DecisionParams = DECISION
) -> list[TimedLabel]:
    firmware = _core.Firmware(
        _core.FirmwareParams(
            _core.ConditionerParams(SPEC.period_us, 6, learning=_core.LearningParams()),
            spec.window(),
            FEATURES,
            INPUT,
            decision,
        ),
        says,
    )
    events = firmware.push(samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps)
    start_us = int(samples.device_time_us[0])
    return [TimedLabel((e.device_time_us - start_us) * 1e-6, NAMES[e.label]) for e in events]


def of(samples: Samples, labels: tuple[Label, ...] = ()) -> LabelledRecording:
    return LabelledRecording("a", Recording(samples, RecordingInfo()), labels)


@pytest.mark.parametrize("silence_s", [0.0, 0.15, 5.0])
@pytest.mark.parametrize("seed", [0, 1])
def test_events_are_those_of_the_firmware(silence_s: float, seed: int) -> None:
    samples = make.noise(40 * 119, seed)
    samples = cases.silent(samples, 17.0, silence_s)
    stream = stream_of(of(samples), SPEC)
    found = score(stream, MODEL, SPEC.samples).events(NAMES, DECISION)
    assert found == reported_by_firmware(samples)
    assert len(found) > 10
    assert len(set(stream.run.tolist())) == 1 + (silence_s > 0)


@pytest.mark.parametrize("silence_s", [0.0, 5.0])
@pytest.mark.parametrize("seed", [0, 1])
def test_with_motions_too_and_each_is_decided_by_itself(silence_s: float, seed: int) -> None:
    samples, _ = make.gestures(["circle", "push", "wave"] * 4, seed, pause_s=1.2)
    samples = cases.silent(samples, 10.1, silence_s)
    stream = stream_of(of(samples), TRIGGERED)
    found = score(stream, MODEL, TRIGGERED.samples).events(NAMES, ALONE)
    assert found == reported_by_firmware(samples, TRIGGERED, ALONE)
    assert len(found) > 3
    assert len(stream) == len(set(stream.run.tolist())) <= 12
    assert np.array_equal(stream.hops_us, stream_of(of(samples), SPEC).end_us)


@pytest.mark.parametrize(
    ("start_s", "end_s", "cut_off"), [(1.0, 2.0, 0), (0.2, 0.5, 1), (3.0, 3.9, 1), (0.0, 4.0, 1)]
)
def test_readings_are_held_at_the_ends_for_gestures_that_lie_there(
    start_s: float, end_s: float, cut_off: int
) -> None:
    samples = make.noise(4 * 119)
    stream = stream_of(of(samples, (Label(start_s, end_s, "wave"),)), SPEC)
    assert len(stream.cut_off) == cut_off
    first_s = -SPEC.margin * SPEC.period_us * 1e-6 if cut_off else SPEC.duration_s
    assert stream.end_s[0] == pytest.approx(first_s, abs=0.05)
    assert (stream.end_s[-1] > samples.duration_s) == bool(cut_off)


def test_a_recording_shorter_than_a_window_has_none() -> None:
    stream = stream_of(of(make.noise(20)), SPEC)
    assert len(stream) == 0
    assert score(stream, MODEL, SPEC.samples).events(NAMES, DECISION) == []


def test_what_a_part_leaves_out_is_a_gap() -> None:
    stream = scored("...........").stream
    part = replace(stream, cut_off=(Label(0.5, 0.7, "wave"), Label(0.0, 0.2, "push"))).part(
        np.array([1, 2, 5, 6, 7, 10]), np.arange(11) % 2 == 0, [Label(0.5, 0.7, "wave")]
    )
    assert np.array_equal(part.hops_us, stream.hops_us[::2])
    assert part.run.tolist() == [0, 0, 1, 1, 1, 2]
    assert part.end_s.tolist() == pytest.approx([0.1, 0.2, 0.5, 0.6, 0.7, 1.0])
    assert [label.name for label in part.labels] == ["wave"]
    assert part.cut_off == part.labels


@pytest.mark.parametrize("start_us", [0, 2**32 - 600_000, 5 * 2**32 + 77])
def test_times_hold_across_the_boards_32_bits(start_us: int) -> None:
    stream = scored("..ww......pp....", start_us=start_us)
    found = stream.events(NAMES, DECISION)
    assert [(round(event.time_s, 6), event.name) for event in found] == [
        (0.3, "wave"),
        (1.1, "push"),
    ]
