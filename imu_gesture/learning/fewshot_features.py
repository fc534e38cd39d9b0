"""How windows are scaled for an embedding: by the very gestures that are taught."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_gesture import _core
from imu_gesture.samples import Float32Array

# Of its sensor's variance: a channel that hardly moves is not blown up to noise.
_LEAST_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class Scaling:
    """feature = (value - offset) * gain, for each of (channels,) float32."""

    offset: Float32Array
    gain: Float32Array

    def __call__(self, windows: Float32Array) -> Float32Array:
        """Windows (n, samples, channels) in g and deg/s -> the same shape, by the core's code."""
        return _core.features(_core.FeatureParams(self.offset, self.gain), windows)


def standard_scaling(windows: Float32Array) -> Scaling:
    """What brings windows (n, samples, 6) in g and deg/s to unit variance, channel by channel.

    The mean acceleration is taken out, most of it gravity; the mean rate is left: a gesture that
    turns one way tells by it.
    """
    values = windows.reshape(-1, windows.shape[2]).astype(np.float64)
    offset = values.mean(axis=0)
    offset[_core.AXES :] = 0.0
    variance = np.mean(np.square(values - offset), axis=0)
    of_sensor = np.repeat(variance.reshape(-1, _core.AXES).mean(axis=1), _core.AXES)
    spread = np.sqrt(np.maximum(variance, _LEAST_SHARE * of_sensor))
    gain = 1.0 / np.maximum(spread, 1e-6)
    return Scaling(offset.astype(np.float32), gain.astype(np.float32))
