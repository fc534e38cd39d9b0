"""The model's manifest: everything the board and the host must know next to the .tflite."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from imu_gesture import _core
from imu_gesture.dataset.front_end import Z_UP, FrontEnd, FrontEndName, Vector
from imu_gesture.dataset.windows import WindowSpec
from imu_gesture.deploy.learning_entry import LearningEntry
from imu_gesture.deploy.regime_entry import RegimeEntry
from imu_gesture.deploy.window_entry import WindowEntry
from imu_gesture.errors import ModelError
from imu_gesture.recording.durable import write_whole

MANIFEST_VERSION = 4
_OLDEST_VERSION = 2  # without what boards have measured; 3: always continuous, nothing rejected
MANIFEST_NAME = "manifest.json"
MODEL_NAME = "model.tflite"
# What a model's tensor arena is larger by on a 64-bit computer, at least: 620 to 1148 bytes in the
# five models that were built for both.
_POINTERS_BYTES = 512


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Version(BaseModel):
    version: int


class LabelEntry(_Entry):
    """A class: its name, and the score level (probability * 256) at which it is reported."""

    name: str = Field(min_length=1)
    threshold: int = Field(ge=1, le=_core.NEVER)


class FeatureEntry(_Entry):
    """feature = (value - offset) * gain, for each channel, as `front_end` shows the window.

    `up` is the unit vector upwards in the board's frame, as the board is usually held.
    """

    front_end: FrontEndName = "sensor"
    up: Vector = Z_UP
    offset: tuple[float, ...]
    gain: tuple[float, ...]


class InputEntry(_Entry):
    """Quantisation of the features: real = scale * (q - zero_point)."""

    scale: float
    zero_point: int


class DecisionEntry(_Entry):
    """How scores over time become one event per gesture.

    `most_spread`: of a known movement's logits, the highest left out, in sixteenths of their int8
    step; what has more is rejected. 0: nothing is, and the model gives no logits.
    """

    smoothing: int = 3
    refractory_us: int = 500_000
    most_spread: int = Field(default=0, ge=0, le=_core.MOST_SPREAD)


class MeasuredArena(_Entry):
    """What boards of one revision need, as one of them has reported on that day.

    `library`: that ran the model there, with its version.
    """

    board: str
    library: str
    used_bytes: int
    arena_bytes: int
    date: str


class ArenaEntry(_Entry):
    """Tensor arena: the first size, which holds on every board, and what boards have measured.

    `runtime`, on the host, measured the first size; empty where it was only estimated.
    """

    arena_bytes: int
    used_bytes: int
    runtime: str
    measured: tuple[MeasuredArena, ...] = ()

    def with_measured(self, new: MeasuredArena) -> ArenaEntry:
        """The same with a measurement, which takes the place of an older one of its kind."""
        kind = (new.board, new.library)
        others = tuple(one for one in self.measured if (one.board, one.library) != kind)
        return self.model_copy(update={"measured": (*others, new)})

    def measured_on(self, board: str, library: str) -> MeasuredArena | None:
        """What is known of a board's revision with a library."""
        kind = (board, library)
        return next((one for one in self.measured if (one.board, one.library) == kind), None)


class ScoresEntry(_Entry):
    """What the evaluation found on held-out data; None where it was skipped."""

    protocol: str
    accuracy: float
    accuracy_float: float
    macro_f1: float
    confidence_low: float
    confidence_high: float


class ProvenanceEntry(_Entry):
    """Where the model comes from."""

    dataset_sha256: str
    seed: int
    configuration: dict[str, str]
    versions: dict[str, str]


class ModelManifest(_Entry):
    """Versioned description of one model; `model_id` is the start of its SHA-256.

    `calibrated`: it has learned from readings under the profiles of their boards.
    """

    version: int = MANIFEST_VERSION
    model_id: str
    model_bytes: int
    labels: tuple[LabelEntry, ...]
    window: WindowEntry
    learning: LearningEntry | None = None  # None: what the calibration leaves is left in
    features: FeatureEntry
    input: InputEntry
    decision: DecisionEntry
    regime: RegimeEntry = RegimeEntry()
    operators: tuple[str, ...]
    arena: ArenaEntry
    scores: ScoresEntry | None
    calibrated: bool = False
    provenance: ProvenanceEntry

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.regime.params and self.decision.smoothing > 1:
            raise ValueError("decision.smoothing: each motion is decided by itself, so 1 is wanted")
        return self

    @property
    def label_names(self) -> tuple[str, ...]:
        """Class names, in the order of the scores."""
        return tuple(label.name for label in self.labels)

    def with_measured(self, measured: MeasuredArena) -> ModelManifest:
        """To be kept: with what a board has measured."""
        return self.model_copy(update={"arena": self.arena.with_measured(measured)})

    def for_board(self, board: str, library: str) -> ModelManifest:
        """To be deployed: with the arena that boards of this revision need with that library.

        The first size where none of them has measured it.
        """
        found = self.arena.measured_on(board, library)
        if found is None:
            return self
        sizes = {"arena_bytes": found.arena_bytes, "used_bytes": found.used_bytes}
        return self.model_copy(update={"arena": self.arena.model_copy(update=sizes)})

    def for_update(self, board: str, library: str) -> ModelManifest:
        """To be sent to a board that runs already: it tries the model in the arena that it has.

        So no more is asked for than it needs at least: what such a board has used, or the first
        size without what 64-bit pointers make it larger by.
        """
        found = self.arena.measured_on(board, library)
        first = max(0, self.arena.arena_bytes - _POINTERS_BYTES)
        least = found.used_bytes if found else first
        arena = self.arena.model_copy(update={"arena_bytes": least})
        return self.model_copy(update={"arena": arena})

    @property
    def spec(self) -> WindowSpec:
        """The time base to cut recordings by."""
        return self.window.spec(self.features.front_end, self.regime)

    def firmware_params(
        self, calibration: _core.CalibrationParams | None = None
    ) -> _core.FirmwareParams:
        """What the core firmware is told; the identity where no calibration is given."""
        return _core.FirmwareParams(
            _core.ConditionerParams(
                self.window.period_us,
                self.window.channels,
                calibration or _core.CalibrationParams(),
                self.window.max_gap_us,
                self.learning.params if self.learning else None,
            ),
            _core.WindowParams(self.window.samples, self.window.hop_samples, self.regime.params),
            _core.FeatureParams(
                np.array(self.features.offset, np.float32), np.array(self.features.gain, np.float32)
            ),
            _core.QuantisationParams(self.input.scale, self.input.zero_point),
            _core.DecisionParams(
                [label.threshold for label in self.labels],
                self.decision.smoothing,
                self.decision.refractory_us,
                self.decision.most_spread,
            ),
            FrontEnd(self.features.front_end, self.window.period_us, self.features.up).params,
        )


def model_id(tflite: bytes) -> str:
    """The identity that board and host compare."""
    return hashlib.sha256(tflite).hexdigest()[:16]


def write_run(folder: Path, manifest: ModelManifest, tflite: bytes) -> None:
    """Write model and manifest into a run's folder, whole files, the manifest last."""
    write_whole(folder / MODEL_NAME, tflite)
    write_whole(folder / MANIFEST_NAME, (manifest.model_dump_json(indent=2) + "\n").encode())


def read_run(folder: Path) -> tuple[ModelManifest, bytes]:
    """Read what `write_run` wrote, and check that the two belong together.

    Raises:
        ModelError: a file is missing, damaged, too new, or of another model.
    """
    path = folder / MANIFEST_NAME
    try:
        content = path.read_bytes()
        _check_version(path, content)
        manifest = ModelManifest.model_validate_json(content)
        tflite = (folder / MODEL_NAME).read_bytes()
    except ValidationError as error:
        raise ModelError(_explain(path, error)) from error
    except OSError as error:
        raise ModelError(f"{error.filename}: cannot be read ({error.strerror})") from error
    if manifest.model_id != model_id(tflite):
        raise ModelError(
            f"{path}: describes model {manifest.model_id}, but {MODEL_NAME} beside it is "
            f"{model_id(tflite)}; train again"
        )
    return manifest.model_copy(update={"version": MANIFEST_VERSION}), tflite


def _check_version(path: Path, content: bytes) -> None:
    """Of the version alone, because other manifests have fields that are unknown here."""
    version = _Version.model_validate_json(content).version
    if version > MANIFEST_VERSION:
        raise ModelError(
            f"{path}: manifest version {version} is newer than this program knows "
            f"({MANIFEST_VERSION}); update imu-gesture"
        )
    if version < _OLDEST_VERSION:
        raise ModelError(
            f"{path}: manifest version {version} is of an older imu-gesture, whose boards "
            "corrected their readings otherwise; train again"
        )


def _explain(path: Path, error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or "the file"
    return f"{path}: {place}: {first['msg']}"
