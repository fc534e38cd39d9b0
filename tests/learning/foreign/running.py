"""ONNX models in files, and what they and the networks rebuilt from them compute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from imu_gesture.learning.foreign.axes import find_axes
from imu_gesture.learning.foreign.onnx_graph import load_onnx, read_graph, run_reference
from tests.learning.foreign.onnx_models import CHANNELS, SAMPLES, Net


def features(n: int = 12) -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(size=(n, SAMPLES, CHANNELS)).astype(np.float32)


@dataclass(frozen=True)
class RebuildJob:
    """An ONNX file, for the fitting process."""

    path: Path

    def run(self, _: Callable[[], None]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """What the rebuilt network and ONNX's reference say to `features()`."""
        from imu_gesture.learning.foreign.rebuild import rebuild

        graph = read_graph(load_onnx(self.path))
        axes = find_axes(graph.shapes[graph.input], None, None)
        ours = np.asarray(rebuild(graph, axes)(features()[:, :, None]))
        theirs = run_reference(graph.model, np.ascontiguousarray(axes.arranged(features())))
        if graph.steps[-1].kind == "LogSoftmax":
            ours = ours - np.log(np.exp(ours).sum(axis=1, keepdims=True))
        return ours, theirs


def written(net: Net | onnx.ModelProto, folder: Path) -> Path:
    path = folder / "model.onnx"
    onnx.save(net.model() if isinstance(net, Net) else net, path)
    return path
