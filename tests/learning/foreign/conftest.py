"""One fitting process for all tests of foreign models: TensorFlow is loaded once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from imu_gesture.learning.fitting import FittingPool


@pytest.fixture(scope="package")
def pool() -> Iterator[FittingPool]:
    with FittingPool(1) as pool:
        yield pool
