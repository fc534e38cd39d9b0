"""What decides a training's result, next to the data. Loads no TensorFlow."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Literal

from imu_gesture.dataset.augmentation import AugmentationParams
from imu_gesture.errors import TrainingError


@dataclass(frozen=True)
class Architecture:
    """Convolutions with batch normalisation and ReLU, then pooling over time, then one dense layer.

    Attributes:
        filters, kernels, strides: one entry for each convolution.
        time_bins: the most steps of time that the dense layer sees.
        dropout: share of dense inputs dropped in training.
    """

    filters: tuple[int, ...] = (16, 24, 32)
    kernels: tuple[int, ...] = (7, 5, 5)
    strides: tuple[int, ...] = (2, 2, 2)
    time_bins: int = 8
    dropout: float = 0.2


ARCHITECTURES = {
    "small": Architecture(filters=(8, 12, 16)),
    "default": Architecture(),
    "large": Architecture(filters=(24, 32, 48)),
}


def architecture(name: str) -> Architecture:
    """A member of the family by name."""
    if name not in ARCHITECTURES:
        raise TrainingError(f"no architecture {name!r}; there are {', '.join(ARCHITECTURES)}")
    return ARCHITECTURES[name]


Quantisation = Literal["post-training", "quantisation-aware"]


@dataclass(frozen=True)
class TrainingConfig:
    """How to train.

    Attributes:
        epochs: passes over the windows.
        fewest_windows: a pass over fewer windows than this repeats them, augmented anew.
        most_background: windows of background in one pass for each window of a gesture.
        seed: of weights, order and augmentation.
        quantisation: whether the network is trained on with the roundings of int8 before them.
    """

    architecture: Architecture = field(default_factory=Architecture)
    augmentation: AugmentationParams = field(default_factory=AugmentationParams)
    epochs: int = 300
    batch_size: int = 32
    fewest_windows: int = 256
    most_background: float = 1.0
    learning_rate: float = 4e-3
    weight_decay: float = 1e-2
    label_smoothing: float = 0.1
    seed: int = 0
    quantisation: Quantisation = "post-training"

    def as_text(self) -> dict[str, str]:
        """Every setting by name, for the manifest."""
        nested = asdict(self)
        flat = {name: value for name, value in nested.items() if not isinstance(value, dict)}
        for group in ("architecture", "augmentation"):
            flat |= {f"{group}.{name}": value for name, value in nested[group].items()}
        return {name: str(value) for name, value in flat.items()}
