"""An embedding as files: a flatbuffer whose last layer is still to be taught, and what it is."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from imu_gesture.deploy.manifest import ProvenanceEntry, model_id
from imu_gesture.errors import ModelError

EMBEDDING_VERSION = 1
EMBEDDING_NAME = "embedding.json"
MODEL_NAME = "embedding.tflite"


class EmbeddingManifest(BaseModel):
    """What must be known of an embedding.

    Attributes:
        embedding_id: the start of the flatbuffer's SHA-256.
        filters, pooled: of its last convolution; so many are pooled over time.
        sets: names of what it was learnt from.
        episode_accuracy: on the last episodes that it was learnt with.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = EMBEDDING_VERSION
    embedding_id: str
    filters: int
    pooled: int
    sets: tuple[str, ...]
    episode_accuracy: float
    provenance: ProvenanceEntry


def write_embedding(folder: Path, manifest: EmbeddingManifest, tflite: bytes) -> None:
    """Write both into a folder, the manifest last."""
    (folder / MODEL_NAME).write_bytes(tflite)
    text = manifest.model_dump_json(indent=2) + "\n"
    (folder / EMBEDDING_NAME).write_text(text, encoding="utf-8")


def read_embedding(folder: Path) -> tuple[EmbeddingManifest, bytes]:
    """Read what `write_embedding` wrote, and check that the two belong together.

    Raises:
        ModelError: a file is missing, damaged, too new, or of another embedding.
    """
    path = folder / EMBEDDING_NAME
    try:
        manifest = EmbeddingManifest.model_validate_json(path.read_bytes())
        tflite = (folder / MODEL_NAME).read_bytes()
    except OSError as error:
        raise ModelError(
            f"{error.filename}: cannot be read ({error.strerror}); an embedding is a folder that "
            "`imu-gesture pretrain` made"
        ) from error
    except ValidationError as error:
        raise ModelError(
            f"{path}: {error.errors()[0]['msg']}; make it anew with `imu-gesture pretrain`"
        ) from error
    if manifest.version > EMBEDDING_VERSION:
        raise ModelError(
            f"{path}: version {manifest.version} is newer than this program knows "
            f"({EMBEDDING_VERSION}); update imu-gesture"
        )
    if manifest.embedding_id != model_id(tflite):
        raise ModelError(
            f"{path}: describes {manifest.embedding_id}, but {MODEL_NAME} beside it is "
            f"{model_id(tflite)}; make it anew with `imu-gesture pretrain`"
        )
    return manifest, tflite
