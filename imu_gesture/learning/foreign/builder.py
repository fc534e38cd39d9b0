"""What is known while a foreign network is built anew. Imported in workers only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from imu_gesture.errors import ModelError
from imu_gesture.learning.foreign.onnx_graph import Array, Graph, Step
from imu_gesture.learning.foreign.values import Value

_NO_NAME = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(eq=False)
class Builder:
    """What is known while a network is built, by the foreign model's names."""

    graph: Graph
    values: dict[str, Value] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def value(self, step: Step, place: int = 0) -> Value:
        """A computed input."""
        if step.inputs[place] not in self.values:
            raise ModelError(f"{step}: its input {step.inputs[place]!r} is not computed before it")
        return self.values[step.inputs[place]]

    def constant(self, step: Step, place: int) -> Array | None:
        """A constant input; None where it is left out or computed."""
        if place >= len(step.inputs):
            return None
        return self.graph.constants.get(step.inputs[place])

    def wanted(self, step: Step, place: int) -> Array:
        """A constant input that must be there."""
        found = self.constant(step, place)
        if found is None:
            raise ModelError(f"{step}: input {place} is computed; the board wants a constant")
        return found

    def name(self, step: Step) -> str:
        """The layer's name as Keras takes it, each once."""
        stem = _NO_NAME.sub("_", step.layer).strip("_.") or step.kind
        name, number = stem, 1
        while name in self.names:
            number += 1
            name = f"{stem}_{number}"
        self.names.add(name)
        return name
