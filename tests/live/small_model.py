"""A model that needs no training and recognises something or other as soon as the board moves."""

from imu_gesture.deploy.manifest import FeatureEntry, ModelManifest
from tests.models import handmade, manifests

Model = tuple[ModelManifest, bytes]


def small_model(seed: int = 0) -> Model:
    """Manifest and flatbuffer."""
    tflite = handmade.tflite(seed)
    features = FeatureEntry(offset=(0.0,) * 6, gain=(1.0,) * 3 + (0.01,) * 3)
    return manifests.manifest(tflite).model_copy(update={"features": features}), tflite
