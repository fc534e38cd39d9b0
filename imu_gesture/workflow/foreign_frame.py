"""What stands around a foreign model: windows, features and labels, of a run or as described."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from imu_gesture import _core
from imu_gesture.dataset.front_end import FrontEnd, FrontEndName, usual_front_end
from imu_gesture.dataset.windows import WindowSpec, choose_window
from imu_gesture.deploy import manifest as m
from imu_gesture.deploy.learning_entry import LearningEntry
from imu_gesture.deploy.regime_entry import RegimeEntry
from imu_gesture.deploy.window_entry import WindowEntry
from imu_gesture.errors import DatasetError, InputError
from imu_gesture.learning.tuning import default_setting
from imu_gesture.samples import Float32Array
from imu_gesture.workflow.correcting import Corrected
from imu_gesture.workflow.runs import decision_entry, label_entries

_ANY_ROWS, _ANY_WINDOW_S = 32, 3.0  # the model itself decides how many rows it sees


@dataclass(frozen=True)
class Said:
    """What the user says of a model.

    Attributes:
        offset, gain: one entry for each channel, in g and deg/s; None where it is not said.
    """

    labels: tuple[str, ...]
    rate_hz: float | None = None
    front_end: FrontEndName = "sensor"
    offset: tuple[float, ...] | None = None
    gain: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Frame:
    """A manifest's entries that the model itself does not decide."""

    labels: tuple[m.LabelEntry, ...]
    window: WindowEntry
    learning: LearningEntry | None
    features: m.FeatureEntry
    decision: m.DecisionEntry
    regime: RegimeEntry
    calibrated: bool

    @property
    def spec(self) -> WindowSpec:
        """The time base to cut recordings by."""
        return self.window.spec(self.features.front_end, self.regime)

    def features_of(self, windows: Float32Array) -> Float32Array:
        """(n, samples, channels) in g and deg/s -> the same shape, as the model sees it."""
        entry = self.features
        front_end = FrontEnd(entry.front_end, self.window.period_us, entry.up)
        params = _core.FeatureParams(
            np.array(entry.offset, np.float32), np.array(entry.gain, np.float32)
        )
        return _core.features(params, front_end(windows))

    def held_as(self, windows: Float32Array) -> Frame:
        """The same for a board that is held as in these windows (n, samples, channels)."""
        front_end = usual_front_end(self.features.front_end, self.window.period_us, windows)
        return replace(self, features=self.features.model_copy(update={"up": front_end.up}))


def frame_of_run(run: m.ModelManifest, said: Said) -> Frame:
    """As the run has it; offset and gain as they are said, where they are.

    Thresholds are the default: the run's are tuned to the scores of its own model.
    """
    labels, decision = _decided(run.label_names, run.spec.separate)
    return Frame(
        labels=labels,
        window=run.window,
        learning=run.learning,
        features=_scaled(run.features, said, run.window.channels),
        decision=decision,
        regime=run.regime,
        calibrated=run.calibrated,
    )


def frame_of_labels(window: tuple[int, int], said: Said, readings: Corrected) -> Frame:
    """As the user describes it; the rate is that of the recordings where it is not said.

    Args:
        window: samples and channels that the model takes.
        said: labels in the model's order.
        readings: the workspace's recordings.

    Raises:
        InputError: labels that are there twice, or offsets for other channels.
        DatasetError: the recordings have no gyroscope, and the model wants one.
    """
    window_s = _ANY_ROWS / said.rate_hz if said.rate_hz else _ANY_WINDOW_S
    base = choose_window(readings.recordings, said.rate_hz, window_s, said.front_end)
    samples, channels = window
    _check(said, channels, base.channels)
    plain = m.FeatureEntry(
        front_end=said.front_end, offset=(0.0,) * channels, gain=(1.0,) * channels
    )
    labels, decision = _decided(said.labels, base.separate)
    return Frame(
        labels=labels,
        window=WindowEntry.of(replace(base, samples=samples, channels=channels)),
        learning=LearningEntry.of(_core.LearningParams()) if channels > _core.AXES else None,
        features=_scaled(plain, said, channels),
        decision=decision,
        regime=RegimeEntry.of(base.motion),
        calibrated=bool(readings.boards),
    )


def _decided(
    names: tuple[str, ...], separate: bool
) -> tuple[tuple[m.LabelEntry, ...], m.DecisionEntry]:
    """How the board decides while nothing is known of the model's scores."""
    setting = default_setting(names, separate)
    return label_entries(names, setting), decision_entry(setting, None)


def _check(said: Said, channels: int, recorded: int) -> None:
    """Raises InputError or DatasetError: model, recordings and what is said do not fit."""
    if len(set(said.labels)) != len(said.labels) or "" in said.labels:
        raise InputError(f"--labels {','.join(said.labels)}: each class needs a name of its own")
    if channels > recorded:
        raise DatasetError(
            f"the model takes {channels} channels, and a recording has no gyroscope; take "
            "recordings without one out of the folder"
        )
    if channels == _core.AXES and said.front_end != "sensor":
        raise InputError(
            f"--front-end {said.front_end} needs a model of {_core.MAX_CHANNELS} channels"
        )


def _scaled(entry: m.FeatureEntry, said: Said, channels: int) -> m.FeatureEntry:
    update = {}
    for name, numbers in (("offset", said.offset), ("gain", said.gain)):
        if numbers is not None:
            if len(numbers) != channels:
                raise InputError(
                    f"--{name}: {len(numbers)} numbers, and the model takes {channels} channels"
                )
            update[name] = numbers
    return entry.model_copy(update=update)
