"""What a network will take on the board, before anybody trains it.

Sizes, tensors and operators depend on shapes alone, as long as no two layers happen to have the
same weights: the converter would keep those once. So the weights are random.
"""

from __future__ import annotations

import numpy as np

from imu_gesture.dataset.dataset import Dataset
from imu_gesture.dataset.front_end import usual_front_end
from imu_gesture.learning.config import TrainingConfig
from imu_gesture.learning.fitting import FitJob, FitResult, converted


def convert_untrained(few: Dataset, config: TrainingConfig) -> FitResult:
    """Convert the network with random weights, in this process; it has no answers.

    few: windows enough for the converter to see ranges.
    """
    from imu_gesture.learning.architecture import build_network
    from imu_gesture.learning.training import TrainedNetwork, feature_gain

    spec, windows = few.spec, few.windows
    network = build_network(config.architecture, spec, len(few.label_names))
    rng = np.random.default_rng(config.seed)
    network.set_weights([rng.uniform(0.1, 0.5, w.shape) for w in network.get_weights()])
    front_end = usual_front_end(spec.front_end, spec.period_us, windows)
    gain = feature_gain(front_end(windows))
    untrained = TrainedNetwork(network, front_end, gain, best_epoch=0)
    return converted(untrained, FitJob(few, windows[:0], config))
