"""What is searched over, and what a candidate's parameters mean for training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from imu_gesture.dataset.augmentation import AugmentationParams
from imu_gesture.dataset.front_end import FRONT_ENDS, FrontEndName
from imu_gesture.dataset.windows import WindowSpec
from imu_gesture.errors import InputError
from imu_gesture.learning.config import Architecture
from imu_gesture.workflow.training import TrainingOptions

Value = int | str
Params = Mapping[str, Value]

DEFAULT_MAX_HOP_S = 0.1  # as `train` has it
_HOP_STEP_MS = 50
_TIMING = ("shift", "speed", "warp")
_SIZE = ("magnitude", "acc_noise_g", "gyr_noise_dps", "gyr_bias_dps")


@dataclass(frozen=True)
class Levels:
    """Whole numbers from `low` to `high`, `step` apart."""

    low: int
    high: int
    step: int
    default: int


@dataclass(frozen=True)
class Choices:
    """One of several words."""

    names: tuple[str, ...]
    default: str


Space = Mapping[str, Levels | Choices]

_ARCHITECTURE: Space = {
    "layers": Levels(2, 4, 1, 3),
    "filters": Levels(4, 28, 4, 16),
    "filters_step": Levels(0, 16, 4, 8),
    "first_kernel": Levels(3, 9, 2, 7),
    "kernel": Levels(3, 7, 2, 5),
    "time_bins": Levels(4, 12, 4, 8),
    "dropout_percent": Levels(0, 40, 10, 20),
}
_AUGMENTATION: Space = {
    "timing_percent": Levels(50, 150, 50, 100),
    "size_percent": Levels(50, 150, 50, 100),
    "rotation_deg": Levels(0, 20, 5, 10),
}


def space(gyroscope: bool, max_hop_s: float = DEFAULT_MAX_HOP_S) -> Space:
    """What there is to choose; without a gyroscope there is one front end.

    Raises:
        InputError: the longest hop is shorter than the shortest there is.
    """
    longest_ms = int(max_hop_s * 1e3 + 1e-6) // _HOP_STEP_MS * _HOP_STEP_MS
    if longest_ms < _HOP_STEP_MS:
        raise InputError(f"--max-hop {max_hop_s:g}: the shortest hop is {_HOP_STEP_MS / 1e3:g} s")
    return {
        **_ARCHITECTURE,
        "window_percent": Levels(75, 150, 25, 100),
        "rate_percent": Levels(50, 100, 50, 100),
        "hop_ms": Levels(_HOP_STEP_MS, longest_ms, _HOP_STEP_MS, min(100, longest_ms)),
        "front_end": Choices(FRONT_ENDS if gyroscope else FRONT_ENDS[:1], FRONT_ENDS[0]),
        **_AUGMENTATION,
    }


def default_params(searched: Space) -> dict[str, Value]:
    """What `train` does when it is told nothing."""
    return {name: choice.default for name, choice in searched.items()}


def options_of(params: Params, told: TrainingOptions, usual: WindowSpec) -> TrainingOptions:
    """What to tell `train` for it to make a candidate; `usual` is the window the data suggest."""
    return replace(
        told,
        rate_hz=usual.rate_hz * _share(params, "rate_percent"),
        window_s=usual.duration_s * _share(params, "window_percent"),
        hop_s=_number(params, "hop_ms") / 1e3,
        front_end=_front_end(params),
        architecture=architecture_of(params),
        augmentation=augmentation_of(params),
    )


def architecture_of(params: Params) -> Architecture:
    """Each layer has some filters more than the one before it, and halves the steps of time."""
    layers = _number(params, "layers")
    first, step = _number(params, "filters"), _number(params, "filters_step")
    kernel = _number(params, "kernel")
    return Architecture(
        filters=tuple(first + layer * step for layer in range(layers)),
        kernels=(_number(params, "first_kernel"), *[kernel] * (layers - 1)),
        strides=(2,) * layers,
        time_bins=_number(params, "time_bins"),
        dropout=_share(params, "dropout_percent"),
    )


def augmentation_of(params: Params) -> AugmentationParams:
    """The usual spreads, those of time and those of size changed together."""
    usual = AugmentationParams()
    scales = dict.fromkeys(_TIMING, _share(params, "timing_percent"))
    scales |= dict.fromkeys(_SIZE, _share(params, "size_percent"))
    spreads = {
        each.name: getattr(usual, each.name) * scales[each.name]
        for each in fields(usual)
        if each.name in scales
    }
    return replace(usual, **spreads, rotation_deg=float(_number(params, "rotation_deg")))


def _number(params: Params, name: str) -> int:
    return int(params[name])


def _share(params: Params, name: str) -> float:
    return _number(params, name) / 100


def _front_end(params: Params) -> FrontEndName:
    return next(name for name in FRONT_ENDS if name == params["front_end"])
