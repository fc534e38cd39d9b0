"""What the sketch pins in its `sketch.yaml`: the core and the libraries, with their versions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from imu_gesture.deploy.sketch import sketch_sources

TENSOR_LIBRARY = "Chirale_TensorFLowLite"
_CORE = re.compile(r"^\s+- platform: arduino:mbed_nano \((?P<version>[\d.]+)\)$", re.MULTILINE)
_LIBRARY = re.compile(r"^\s+- (?P<name>[\w-]+) \((?P<version>[\d.]+)\)$", re.MULTILINE)


@dataclass(frozen=True)
class Pins:
    """Version of the core `arduino:mbed_nano`, and of each library by its name."""

    core: str
    libraries: dict[str, str]

    @property
    def tensor_library(self) -> str:
        """The library that runs the model, with its version: what an arena's size depends on."""
        return f"{TENSOR_LIBRARY} {self.libraries[TENSOR_LIBRARY]}"


def read_pins(sketch_yaml: str) -> Pins:
    """What is written in a `sketch.yaml` of ours."""
    (core,) = _CORE.findall(sketch_yaml)
    return Pins(core, dict(_LIBRARY.findall(sketch_yaml)))


def sketch_pins() -> Pins:
    """What the sketch of this installation pins."""
    return read_pins((sketch_sources() / "sketch.yaml").read_text(encoding="utf-8"))
