"""Settings of a training."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from imu_gesture.dataset.augmentation import AugmentationParams
from imu_gesture.errors import TrainingError
from imu_gesture.learning.config import ARCHITECTURES, Architecture, TrainingConfig, architecture


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_an_architecture_has_all_entries_for_each_convolution(name: str) -> None:
    shape = architecture(name)
    assert len(shape.filters) == len(shape.kernels) == len(shape.strides)


def test_an_unknown_architecture_is_refused_with_the_known_ones() -> None:
    with pytest.raises(TrainingError, match="no architecture 'huge'; there are small, default"):
        architecture("huge")


def test_every_setting_is_written_down() -> None:
    said = TrainingConfig().as_text()
    nested = {f"architecture.{field.name}" for field in fields(Architecture)}
    nested |= {f"augmentation.{field.name}" for field in fields(AugmentationParams)}
    flat = {field.name for field in fields(TrainingConfig)} - {"architecture", "augmentation"}
    assert set(said) == nested | flat


def test_different_settings_read_differently() -> None:
    one, other = TrainingConfig(), replace(TrainingConfig(), architecture=architecture("small"))
    differing = {name for name in one.as_text() if one.as_text()[name] != other.as_text()[name]}
    assert differing == {"architecture.filters"}
    assert other.as_text()["architecture.filters"] == "(8, 12, 16)"
