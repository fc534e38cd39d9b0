"""A model that needs no training and recognises something or other as soon as the board moves."""

from imu_gesture.deploy.manifest import FeatureEntry, ModelManifest
from imu_gesture.inference.heads import with_logits
from tests.models import handmade, manifests

Model = tuple[ModelManifest, bytes]


def small_model(seed: int = 0, most_spread: int = 0) -> Model:
    """Manifest and flatbuffer; with `most_spread` it gives logits and rejects by them."""
    tflite = handmade.tflite(seed)
    if most_spread:
        tflite = with_logits(tflite)
    features = FeatureEntry(offset=(0.0,) * 6, gain=(1.0,) * 3 + (0.01,) * 3)
    said = manifests.manifest(tflite)
    decision = said.decision.model_copy(update={"most_spread": most_spread})
    return said.model_copy(update={"features": features, "decision": decision}), tflite
