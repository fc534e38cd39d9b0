"""A complete sketch folder: the firmware's sources with one model in them."""

from __future__ import annotations

from pathlib import Path

import imu_gesture
from imu_gesture.deploy.codegen import generate
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.model_check import check_model
from imu_gesture.errors import DeploymentError
from imu_gesture.inference.flatbuffer import read_facts

SKETCH_NAME = "firmware_sketch"
_MODEL_FOLDER = Path("src") / "model"
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


def write_sketch(target: Path, manifest: ModelManifest, tflite: bytes, force: bool = False) -> None:
    """Write the sketch into the folder `target`, whose name becomes the sketch's name.

    Raises:
        ModelError: the board would not compute what the host computes.
        DeploymentError: the folder holds something else, or sources changed by hand and `force`
            is not given, or it cannot be written.
    """
    check_model(read_facts(tflite))
    files = sketch_files(target.resolve().name, manifest, tflite)
    if target.exists() and any(target.iterdir()):
        _check_replaceable(target, files, force)
    try:
        for name, content in files.items():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(content)
    except OSError as error:
        raise DeploymentError(f"{error.filename}: cannot be written ({error.strerror})") from error


def sketch_files(name: str, manifest: ModelManifest, tflite: bytes) -> dict[Path, bytes]:
    """Every file of a sketch called `name`, by path: the same input gives the same bytes."""
    sources = sketch_sources()
    files = {
        path.relative_to(sources): path.read_bytes()
        for path in sorted(sources.rglob("*"))
        if path.is_file() and path.relative_to(sources).parent != _MODEL_FOLDER
    }
    files[Path(f"{name}.ino")] = files.pop(Path(f"{SKETCH_NAME}.ino"))
    for file, text in generate(manifest, tflite).items():
        files[_MODEL_FOLDER / file] = text.encode("ascii")
    return files


def _check_replaceable(target: Path, files: dict[Path, bytes], force: bool) -> None:
    """Generated files may be replaced at any time; hand-written ones only if unchanged."""
    if not (target / _MARK).is_file():
        raise DeploymentError(
            f"{target}: exists and is not a sketch of imu-gesture; choose another folder"
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
