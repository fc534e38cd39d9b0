"""A classifier that needs no training: much movement is a gesture, little is background."""

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core

Int8Array = NDArray[np.int8]

LABELS = ("gesture", "background")
_SAMPLES = 24
_CHANNELS = 6
_DPS_PER_LEVEL = 4.0


def vigour_params() -> _core.FirmwareParams:
    """For 50 Hz; the gyroscope's mean magnitude decides, gravity and offsets are not looked at."""
    return _core.FirmwareParams(
        _core.ConditionerParams(20_000, _CHANNELS),
        _core.WindowParams(_SAMPLES, 5),
        _core.FeatureParams(np.zeros(_CHANNELS, np.float32), np.ones(_CHANNELS, np.float32)),
        _core.QuantisationParams(_DPS_PER_LEVEL, 0),
        _core.DecisionParams([179, _core.NEVER], 3, 500_000),
    )


class VigourClassifier:
    """The variation of the angular rate in a window, against a fixed limit."""

    name = "vigour"
    exact = True

    def scores(self, windows: Int8Array) -> Int8Array:
        rate_dps = windows[:, :, 3:].astype(np.float64) * _DPS_PER_LEVEL
        vigorous = rate_dps.std(axis=1).max(axis=1) > 40
        levels = np.where(vigorous, 250, 5)
        scores: Int8Array = (np.stack([levels, 255 - levels], axis=1) - 128).astype(np.int8)
        return scores
