"""The sketch's core on an emulated Cortex-M4F, against the same core on the host."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from imu_gesture import _core
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.sketch import sketch_files
from imu_gesture.deploy.verify.rung import Rung, failed, first_difference, passed, skipped
from imu_gesture.inference.classifier import Classifier, Int8Array
from imu_gesture.samples import Samples

HARNESS = Path(__file__).parent / "harness"
_NAME = "core on host and Cortex-M4F"
_COMPILER, _MACHINE = "arm-none-eabi-g++", "qemu-system-arm"
_CORTEX_M4F = ("-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=softfp")
_BOARD_FLAGS = ("-Os", "-std=gnu++14", "-fno-rtti", "-fno-exceptions", "-funsigned-char", "-Wvla")
_QEMU = (
    *("-M", "mps2-an386", "-display", "none", "-monitor", "none", "-serial", "none"),
    *("-semihosting-config", "enable=on,target=native", "-kernel"),
)
_TIMEOUT_S = 300.0
_EVENT_BYTES = 6


@dataclass(frozen=True, eq=False)
class Computed:
    """What a firmware makes of samples: inputs (n, samples, channels), scores (n, outputs), events.

    Events are rows (m, 6) of bytes: time u32, label, score.
    """

    inputs: Int8Array
    scores: Int8Array
    events: Int8Array


def on_host(samples: Samples, manifest: ModelManifest, classifier: Classifier) -> Computed:
    """By the binding."""
    inputs: list[Int8Array] = []
    scores: list[Int8Array] = []

    def classify(window: Int8Array) -> Int8Array:
        inputs.append(window)
        scores.append(np.asarray(classifier.scores(window[None])[0]))
        return scores[-1]

    firmware = _core.Firmware(manifest.firmware_params(), classify)
    events = firmware.push(samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps)
    shape = (-1, manifest.window.samples, manifest.window.channels)
    return Computed(
        np.array(inputs, np.int8).reshape(shape),
        np.array(scores, np.int8).reshape(-1, manifest.firmware_params().decision.outputs),
        np.frombuffer(b"".join(map(event_bytes, events)), np.int8).reshape(-1, _EVENT_BYTES),
    )


def event_bytes(event: _core.GestureEvent) -> bytes:
    """As the core's `Trace` has them."""
    time_us = int(event.device_time_us) % 2**32
    return time_us.to_bytes(4, "little") + bytes([event.label, event.score])


def emulated_rung(
    samples: Samples, manifest: ModelManifest, tflite: bytes, classifier: Classifier
) -> Rung:
    """Correction, front end, windows, quantisation and decision, byte for byte."""
    missing = [program for program in (_COMPILER, _MACHINE) if shutil.which(program) is None]
    if missing:
        return skipped(
            _NAME,
            f"{' and '.join(missing)} missing; on Debian: apt install gcc-arm-none-eabi "
            "libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib qemu-system-arm",
        )
    expected = on_host(samples, manifest, classifier)
    try:
        found = on_cortex_m4f(samples, manifest, tflite, expected.scores)
    except subprocess.CalledProcessError as error:
        said = (error.stderr or b"").decode("utf-8", "replace").strip().splitlines()
        return failed(_NAME, f"{error.cmd[0]}: {said[0] if said else error.returncode}")
    except subprocess.TimeoutExpired:
        return failed(_NAME, f"the emulated board did not end within {_TIMEOUT_S:g} s")
    for what in ("inputs", "events"):
        kind = "window" if what == "inputs" else "event"
        difference = first_difference(getattr(expected, what), getattr(found, what), kind)
        if difference:
            return failed(_NAME, f"{what}: {difference}")
    return passed(
        _NAME,
        f"{len(samples)} samples, {len(expected.inputs)} windows, {len(expected.events)} events",
    )


def on_cortex_m4f(
    samples: Samples, manifest: ModelManifest, tflite: bytes, scores: Int8Array
) -> Computed:
    """By the generated sketch's core in QEMU, given the model's scores (n, outputs).

    Raises:
        subprocess.CalledProcessError, subprocess.TimeoutExpired: it does not compile or run.
    """
    with TemporaryDirectory() as folder:
        return _emulate(Path(folder), samples, manifest, tflite, scores)


def _emulate(
    folder: Path, samples: Samples, manifest: ModelManifest, tflite: bytes, scores: Int8Array
) -> Computed:
    for name, content in sketch_files("sketch", manifest, tflite).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    sources = [HARNESS / "core_replay.cpp", HARNESS / "cortex_m4_start.cpp"]
    link = ("--specs=rdimon.specs", f"-T{HARNESS / 'cortex_m4.ld'}")
    flags = (*_BOARD_FLAGS, *_CORTEX_M4F, f"-I{folder / 'src'}")
    _run([_COMPILER, *flags, *map(str, sources), *link, "-lm", "-o", "program"], folder)
    (folder / "samples.bin").write_bytes(_records(samples))
    (folder / "scores.bin").write_bytes(scores.tobytes())
    _run([_MACHINE, *_QEMU, "program"], folder)
    shape = (-1, manifest.window.samples, manifest.window.channels)
    inputs = np.fromfile(folder / "inputs.bin", np.int8).reshape(shape)
    events = np.fromfile(folder / "events.bin", np.int8).reshape(-1, _EVENT_BYTES)
    return Computed(inputs, scores, events)


def _records(samples: Samples) -> bytes:
    record = np.dtype([("time_us", "<u4"), ("acc_g", "<f4", 3), ("gyr_dps", "<f4", 3)])
    records = np.zeros(len(samples), record)
    records["time_us"] = samples.device_time_us % 2**32
    records["acc_g"], records["gyr_dps"] = samples.acc_g, samples.gyr_or_zero_dps
    return records.tobytes()


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=_TIMEOUT_S)
