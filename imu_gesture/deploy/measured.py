"""What a flatbuffer itself decides of its manifest."""

from __future__ import annotations

from typing import NamedTuple

from imu_gesture.deploy.manifest import ArenaEntry, InputEntry, ModelManifest, model_id
from imu_gesture.deploy.model_check import check_model
from imu_gesture.errors import ModelError
from imu_gesture.inference.arena import measure_arena
from imu_gesture.inference.flatbuffer import read_facts


class ModelEntries(NamedTuple):
    """The manifest's fields that come from the flatbuffer alone."""

    model_id: str
    model_bytes: int
    input: InputEntry
    operators: tuple[str, ...]
    arena: ArenaEntry


def measure_model(tflite: bytes) -> ModelEntries:
    """Check a model, run it in ever smaller arenas, and write down what was found.

    Raises:
        ModelError: the board would run it wrongly, or not at all.
    """
    facts = read_facts(tflite)
    check_model(facts)
    arena = measure_arena(tflite)
    tensor = facts.inputs[0]
    return ModelEntries(
        model_id=model_id(tflite),
        model_bytes=len(tflite),
        input=InputEntry(scale=tensor.scales[0], zero_point=tensor.zero_points[0]),
        operators=facts.operator_names,
        arena=ArenaEntry(
            arena_bytes=arena.arena_bytes, used_bytes=arena.used_bytes, runtime=arena.runtime
        ),
    )


def with_model(manifest: ModelManifest, tflite: bytes, origin: str) -> ModelManifest:
    """The manifest for another model of the same windows, features and labels.

    Its scores are unknown; `origin` says where it comes from.

    Raises:
        ModelError: the board would run it wrongly, or it has another input or other classes.
    """
    facts = read_facts(tflite)
    check_model(facts)
    if len(facts.outputs) > 1:
        raise ModelError(
            f"{origin}: gives logits beside its scores, and how even they have to be stands in the "
            "manifest of its own run; name that run instead"
        )
    found = [size for size in facts.inputs[0].shape if size != 1]
    wanted = [manifest.window.samples, manifest.window.channels]
    classes = facts.outputs[0].shape[-1]
    if found != wanted or classes != len(manifest.labels):
        raise ModelError(
            f"{origin}: takes {found} and knows {classes} classes; the run it is to replace takes "
            f"{wanted} (samples, channels) and knows {len(manifest.labels)}: "
            f"{', '.join(manifest.label_names)}"
        )
    provenance = manifest.provenance.model_copy(update={"configuration": {"model": origin}})
    decision = manifest.decision.model_copy(update={"most_spread": 0})
    update = measure_model(tflite)._asdict() | {
        "scores": None,
        "provenance": provenance,
        "decision": decision,
    }
    return manifest.model_copy(update=update)
