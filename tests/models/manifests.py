"""A manifest for any model, with values that are easy to tell apart."""

from __future__ import annotations

from collections.abc import Sequence

from imu_gesture import _core
from imu_gesture.dataset.front_end import FrontEndName
from imu_gesture.deploy import manifest as m
from imu_gesture.deploy.learning_entry import LearningEntry
from imu_gesture.deploy.regime_entry import RegimeEntry
from imu_gesture.deploy.window_entry import WindowEntry
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.labels import BACKGROUND

NAMES = ("circle", "wave", BACKGROUND)
GAIN = (1 / 3, 0.1, 2.5, 1e-30, 3.4e38, 16777216.0)  # awkward to write in decimal
UP = (0.48, -0.64, 0.6)
LEARNING = _core.LearningParams(
    _core.BiasTrackerParams(
        _core.RestParams(tau_s=1 / 3, surprise_min_s=7.0),
        _core.GyroBiasParams(limit_dps=12.5),
        0.125,
    ),
    _core.RestLearningParams(pose_s=0.875).with_parts(
        _core.AccelerometerRefinerParams(new_pose_g=0.3), _core.TemperatureParams(walk_dps=0.03)
    ),
)
MOTION = _core.MotionParams(calm_s=1 / 3, longest_s=2.5)
OFFSET = (0.0, -0.0, 1e-7, -1.0, 123456.79, 1e-45)


def manifest(
    tflite: bytes,
    names: Sequence[str] = NAMES,
    offset: Sequence[float] = OFFSET,
    front_end: FrontEndName = "sensor",
) -> m.ModelManifest:
    facts = read_facts(tflite)
    samples, channels = (size for size in facts.inputs[0].shape if size != 1)
    thresholds = [_core.NEVER if name == BACKGROUND else 100 + i for i, name in enumerate(names)]
    return m.ModelManifest(
        model_id=m.model_id(tflite),
        model_bytes=len(tflite),
        labels=tuple(
            m.LabelEntry(name=name, threshold=threshold)
            for name, threshold in zip(names, thresholds, strict=True)
        ),
        window=WindowEntry(
            period_us=20_001, samples=samples, hop_samples=3, channels=channels, max_gap_us=99_999
        ),
        learning=LearningEntry.of(LEARNING),
        features=m.FeatureEntry(front_end=front_end, up=UP, offset=tuple(offset), gain=GAIN),
        input=m.InputEntry(
            scale=facts.inputs[0].scales[0], zero_point=facts.inputs[0].zero_points[0]
        ),
        decision=m.DecisionEntry(smoothing=2, refractory_us=400_001),
        operators=facts.operator_names,
        arena=m.ArenaEntry(arena_bytes=4096, used_bytes=4000, runtime="by hand"),
        scores=m.ScoresEntry(
            protocol="held out in turn: session 1",
            accuracy=0.9,
            accuracy_float=0.91,
            macro_f1=0.89,
            confidence_low=0.8,
            confidence_high=1.0,
        ),
        provenance=m.ProvenanceEntry(
            dataset_sha256="0" * 64, seed=7, configuration={"epochs": "3"}, versions={"numpy": "2"}
        ),
    )


def triggered(said: m.ModelManifest, motion: _core.MotionParams = MOTION) -> m.ModelManifest:
    """The same, with an inference after each motion only."""
    decision = said.decision.model_copy(update={"smoothing": 1})
    return said.model_copy(update={"regime": RegimeEntry.of(motion), "decision": decision})
