"""Python itself, and the packages that some commands need."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from imu_gesture.errors import InputError
from imu_gesture.provenance import is_installed
from imu_gesture.workflow.doctor.finding import Finding, tried

_OLDEST, _TOO_NEW = (3, 11), (3, 14)  # as pyproject.toml has it


@dataclass(frozen=True)
class Extra:
    """Packages that are installed together, by the modules that they bring."""

    name: str
    modules: tuple[str, ...]
    serves: str


EXTRAS = (
    Extra("actions", ("paho", "pynput", "pythonosc"), "keys, MQTT and OSC of `live --actions`"),
    Extra("train", ("tensorflow",), "`train`, `pretrain`"),
    Extra("window", ("matplotlib", "PySide6"), "windows and figures"),
    Extra("parquet", ("pyarrow",), "Parquet files"),
    Extra("onnx", ("onnx",), "`import-model` of ONNX files"),
    Extra("torch", ("onnx", "onnxscript", "torch"), "`import-model` of PyTorch files"),
    Extra("search", ("optuna",), "`search`"),
    Extra("ray", ("optuna", "ray"), "`search` on a cluster"),
    Extra("bumble", ("bumble",), "virtual boards over Bluetooth without BlueZ"),
)


def python(version: tuple[int, ...] = sys.version_info[:3], bits: int = 0) -> Finding:
    """Whether this Python will do; `bits` of its addresses, its own where 0."""
    seen = f"{'.'.join(map(str, version))}, {bits or _bits()} bits, {platform.system()}"
    wanted = f"3.{_OLDEST[1]} to 3.{_TOO_NEW[1] - 1} with 64 bits is needed"
    if _OLDEST <= version[:2] < _TOO_NEW and (bits or _bits()) == 64:
        return Finding("Python", "works", seen)
    return Finding("Python", "broken", f"{seen}; {wanted}: install it from https://www.python.org")


def core() -> Finding:
    """Whether the compiled core, which board and host share, can be loaded."""

    def look() -> str:
        try:
            from imu_gesture import _core
        except ImportError as error:
            raise InputError(
                f"the compiled core cannot be loaded ({error}); install imu-gesture again with "
                "this Python: `pip install --force-reinstall --no-deps imu-gesture`"
            ) from error
        return f"protocol {_core.PROTOCOL_VERSION}"

    return tried("core", look, "broken")


def inference() -> Finding:
    """Whether a model can be run here: the demonstration model scores a window of zeros."""

    def look() -> str:
        import numpy as np

        from imu_gesture.deploy import demonstration
        from imu_gesture.deploy.manifest import read_run
        from imu_gesture.inference.classifier import open_classifier

        manifest, tflite = read_run(demonstration.FOLDER)
        classifier = open_classifier(tflite)
        window = manifest.window
        classifier.scores(np.zeros((1, window.samples, window.channels), np.int8))
        return classifier.name if classifier.exact else f"{classifier.name}, close to the board's"

    return tried("inference", look, "broken")


def extras() -> Iterator[Finding]:
    """What can be installed beside, and what for."""
    for extra in EXTRAS:
        missing = [module for module in extra.modules if not is_installed(module)]
        part = f"extra {extra.name}"
        if missing:
            cure = f"`pip install 'imu-gesture[{extra.name}]'`"
            said = f"{', '.join(missing)} not installed, for {extra.serves}: {cure}"
            yield Finding(part, "limits", said)
        else:
            yield Finding(part, "works", f"for {extra.serves}")


def _bits() -> int:
    return 64 if sys.maxsize > 2**32 else 32
