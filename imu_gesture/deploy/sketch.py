"""A complete sketch folder: the firmware's sources with one model in them."""

from __future__ import annotations

import re
from pathlib import Path

import imu_gesture
from imu_gesture.deploy.codegen import generate
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.model_check import check_model
from imu_gesture.deploy.sensor_settings import USUAL, SensorSettings, read_settings
from imu_gesture.errors import DeploymentError
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.recording.durable import write_whole

SKETCH_NAME = "firmware_sketch"
_MODEL_FOLDER = Path("src") / "model"
# https://arduino.github.io/arduino-cli/latest/sketch-specification/
_ARDUINO_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,62}")
_MARK = _MODEL_FOLDER / "model_manifest.h"


def sketch_sources() -> Path:
    """The firmware's sources: inside the installed package, or in the checkout beside it."""
    package = Path(imu_gesture.__file__).parent
    for folder in (package / SKETCH_NAME, package.parent / SKETCH_NAME):
        if (folder / f"{SKETCH_NAME}.ino").is_file():
            return folder
    raise DeploymentError(
        "the firmware's sources are missing from this installation; install again"
    )


def write_sketch(
    target: Path,
    manifest: ModelManifest,
    tflite: bytes,
    force: bool = False,
    settings: SensorSettings | None = None,
) -> None:
    """Write the sketch into the folder `target`, whose name becomes the sketch's name.

    Without `settings` the sensors' stay as they are in a sketch that is there.

    Raises:
        ModelError: the board would not compute what the host computes.
        DeploymentError: the folder holds something else, or sources changed by hand and `force`
            is not given, or it cannot be written.
    """
    facts = read_facts(tflite)
    check_model(facts)
    if manifest.operators != facts.operator_names:
        raise DeploymentError(
            f"the manifest lists the operators {', '.join(manifest.operators)}, the model has "
            f"{', '.join(facts.operator_names)}; train again"
        )
    sketch_name = target.resolve().name
    if not _ARDUINO_NAME.fullmatch(sketch_name):
        raise DeploymentError(
            f"{sketch_name!r}: Arduino wants sketch names of up to 63 letters, digits, '_', '.' "
            "and '-', beginning with a letter, digit or '_'; choose another with --output"
        )
    files = sketch_files(sketch_name, manifest, tflite, settings or read_settings(target))
    try:
        if target.exists() and any(target.iterdir()):
            _check_replaceable(target, files, force)
        for name, content in files.items():
            _write(target / name, content)
    except OSError as error:
        raise DeploymentError(f"{error.filename}: cannot be written ({error.strerror})") from error


def _write(path: Path, content: bytes) -> None:
    """A whole file; one that is the same stays, so that compilers need not look at it again."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)


def sketch_files(
    name: str, manifest: ModelManifest, tflite: bytes, settings: SensorSettings = USUAL
) -> dict[Path, bytes]:
    """Every file of a sketch called `name`, by path: the same input gives the same bytes."""
    sources = sketch_sources()
    files = {
        path.relative_to(sources): path.read_bytes()
        for path in sorted(sources.rglob("*"))
        if path.is_file() and path.relative_to(sources).parent != _MODEL_FOLDER
    }
    files[Path(f"{name}.ino")] = files.pop(Path(f"{SKETCH_NAME}.ino"))
    for file, text in generate(manifest, tflite, settings).items():
        files[_MODEL_FOLDER / file] = text.encode("ascii")
    return files


def _check_replaceable(target: Path, files: dict[Path, bytes], force: bool) -> None:
    """Generated files may be replaced at any time; hand-written ones only if unchanged."""
    if not (target / _MARK).is_file():
        raise DeploymentError(
            f"{target}: exists and is not a sketch of imu-gesture; choose another folder"
        )
    others = [path.name for path in target.glob("*.ino") if Path(path.name) not in files]
    if others:
        raise DeploymentError(
            f"{target}: Arduino would compile {', '.join(others)} along with the sketch; remove it"
        )
    changed = [
        str(name)
        for name, content in files.items()
        if name.parent != _MODEL_FOLDER
        and (target / name).is_file()
        and (target / name).read_bytes() != content
    ]
    if changed and not force:
        raise DeploymentError(
            f"{target}: differs from this version's sources in {', '.join(changed)}; keep a copy "
            "of your changes and use --force, or choose another folder with --output"
        )


def upload_commands(target: Path) -> list[str]:
    """What to type where arduino-cli is installed; `sketch.yaml` pins core and libraries."""
    return [
        f"arduino-cli compile --profile nano33ble {target}",
        f"arduino-cli upload --profile nano33ble --port PORT {target}",
    ]
