"""PyTorch programs, by PyTorch's own exporter to ONNX. Imported in workers only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch

from imu_gesture.errors import ModelError
from imu_gesture.learning.foreign.onnx_graph import Array

Run = Callable[[Array], Array]

_EXPORT = (
    "save it with `torch.export.save(torch.export.export(model.eval(), (example,)), 'model.pt2')`, "
    "where example is one window"
)


def load_torch(path: Path) -> tuple[onnx.ModelProto, Run]:
    """A program of torch.export as an ONNX model, and what runs the program itself.

    Raises:
        ModelError: it is none, or PyTorch cannot export it.
    """
    try:
        program = torch.export.load(path)
    except Exception as error:  # of whatever class the archive's reader meets
        raise ModelError(
            f"{path.name}: not a program of torch.export ({_first_line(error)}); {_EXPORT}"
        ) from error
    if _trains(program):
        raise ModelError(f"{path.name}: was exported while in training; {_EXPORT}")
    try:
        exported: Any = torch.onnx.export(program, dynamo=True, external_data=False, verbose=False)
    except Exception as error:
        raise ModelError(
            f"{path.name}: PyTorch cannot export it to ONNX ({_first_line(error)})"
        ) from error
    return exported.model_proto, lambda windows: _run(program, windows)


def _run(program: Any, windows: Array) -> Array:
    """(n, ...) windows one at a time -> (n, scores)."""
    module = program.module()
    with torch.no_grad():
        rows = [module(torch.from_numpy(window[None])).reshape(1, -1) for window in windows]
    return np.asarray(torch.cat(rows).numpy())


def _trains(program: Any) -> bool:
    """Whether a batch normalisation or a dropout still behaves as in training."""
    for node in program.graph.nodes:
        target = str(node.target)
        if "batch_norm" in target and "no_training" not in target:
            if "batch_norm.default" in target and node.args[5] is False:
                continue
            return True
        if "dropout" in target and any(argument is True for argument in node.args):
            return True
    return False


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
