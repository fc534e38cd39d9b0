"""The model: float against int8 on held-out data, and the host's runtime against TFLM."""

from __future__ import annotations

from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.verify.rung import Rung, failed, first_difference, passed, skipped
from imu_gesture.errors import ModelError
from imu_gesture.inference.classifier import Classifier, Int8Array

MOST_LOST = 0.01  # of accuracy, by quantisation
_QUANTISED, _REFERENCE = "float and int8", "host and TensorFlow Lite Micro"


def quantisation_rung(manifest: ModelManifest) -> Rung:
    """What int8 costs, as the evaluation has found it."""
    scores = manifest.scores
    if scores is None:
        why = "nothing was held out (`train --no-evaluate`, or a model from elsewhere)"
        return skipped(_QUANTISED, f"{why}; `imu-gesture evaluate` judges it by recordings")
    lost = scores.accuracy_float - scores.accuracy
    said = f"{scores.accuracy_float:.1%} and {scores.accuracy:.1%} on held-out data"
    if lost > MOST_LOST:
        return failed(_QUANTISED, f"{said}: int8 loses more than {MOST_LOST:.1%}; train again")
    return passed(_QUANTISED, said)


def reference_rung(tflite: bytes, classifier: Classifier, windows: Int8Array) -> Rung:
    """Every window (n, samples, channels) once more, in a fresh TFLM interpreter, byte for byte."""
    try:
        from imu_gesture.inference.tflm import TflmClassifier
    except ImportError:
        cure = "install tflite-micro (Linux) to compare with the code that runs on the board"
        return skipped(_REFERENCE, f"scores are from {classifier.name}; {cure}")
    try:
        reference = TflmClassifier(tflite)
    except ModelError as error:
        return failed(_REFERENCE, str(error))
    difference = first_difference(reference.scores(windows), classifier.scores(windows), "window")
    if difference:
        return failed(_REFERENCE, f"{classifier.name}: {difference}")
    return passed(_REFERENCE, f"{len(windows)} windows, {classifier.name} and {reference.name}")
