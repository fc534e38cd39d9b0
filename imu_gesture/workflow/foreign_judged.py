"""How an imported int8 model answers to the user's own windows, beside the float network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from imu_gesture import _core
from imu_gesture.dataset.dataset import Dataset
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.inference.classifier import Int8Array, open_classifier
from imu_gesture.labels import BACKGROUND
from imu_gesture.learning.foreign.conversion import Converted
from imu_gesture.samples import Float32Array

_INT8_COST = 0.02  # of accuracy, from which on it is worth a warning
_OTHER_ORDER_GAINS, _OTHER_ORDER_WORKS = 0.2, 0.5
_MORE_THAN_CHANCE = 0.1


@dataclass(frozen=True)
class Comparison:
    """Counts and differences; those of the float network are None for a model that came as int8.

    Attributes:
        windows: the user's windows that both were given, those beside a gesture too.
        differing: windows for which int8 decides otherwise than float.
        largest_difference: of a probability between the two.
        rebuilt_difference: the same between the model as it came and the network rebuilt from it,
            on `rebuilt_windows` windows.
        judged: windows of gestures and of background whose label the model knows.
        accuracy, accuracy_float: share of these that are recognised; nothing here was held out.
    """

    windows: int
    differing: int | None
    largest_difference: float | None
    rebuilt_windows: int
    rebuilt_difference: float | None
    judged: int
    accuracy: float | None
    accuracy_float: float | None
    warnings: tuple[str, ...] = field(default=())


def compare(
    manifest: ModelManifest,
    tflite: bytes,
    features: Float32Array,
    dataset: Dataset,
    converted: Converted | None,
) -> Comparison:
    """Run the int8 model on features (n, samples, channels) of the dataset's windows."""
    inputs = _core.quantise(
        _core.QuantisationParams(manifest.input.scale, manifest.input.zero_point), features
    )
    scores = open_classifier(tflite).scores(inputs)
    decided = scores.argmax(axis=1)
    names = manifest.label_names
    known = np.array([names.index(n) if n in names else -1 for n in dataset.label_names], np.intp)
    label = known[dataset.label]
    judged = (label >= 0) & ~dataset.near
    accuracy = _share(decided, label, judged)
    differing = largest = accuracy_float = None
    if converted is not None:
        differing, largest = _beside_float(scores, converted.probabilities)
        accuracy_float = _share(converted.probabilities.argmax(axis=1), label, judged)
    warnings = [
        *_about_labels(names, dataset),
        *_about_chance(accuracy, label[judged]),
        *_about_int8(accuracy, accuracy_float),
        *_about_order(names, label[judged], decided[judged]),
    ]
    return Comparison(
        windows=len(dataset),
        differing=differing,
        largest_difference=largest,
        rebuilt_windows=converted.compared if converted else 0,
        rebuilt_difference=converted.difference if converted else None,
        judged=int(judged.sum()),
        accuracy=accuracy,
        accuracy_float=accuracy_float,
        warnings=tuple(warnings),
    )


def _beside_float(scores: Int8Array, theirs: Float32Array) -> tuple[int, float]:
    """Decisions of int8 scores (n, classes) that differ, and by how much a probability does."""
    probabilities = (scores.astype(np.float32) - _core.SCORE_ZERO_POINT) / _core.SCORE_LEVELS
    differing = np.sum(theirs.argmax(axis=1) != scores.argmax(axis=1))
    return int(differing), float(np.abs(probabilities - theirs).max())


def _share(
    decided: NDArray[np.intp], label: NDArray[np.intp], judged: NDArray[np.bool_]
) -> float | None:
    return float(np.mean(decided[judged] == label[judged])) if judged.any() else None


def _about_labels(names: tuple[str, ...], dataset: Dataset) -> Iterator[str]:
    shown = {dataset.label_names[place] for place in dataset.label[~dataset.near]}
    strange = [name for name in dataset.label_names if name in shown and name not in names]
    if strange:
        yield (
            f"the model does not know {', '.join(strange)}, which your recordings show; their "
            "windows helped to quantise, and were not judged"
        )
    unseen = [name for name in names if name not in shown]
    if unseen:
        yield (
            f"no recording shows {', '.join(unseen)}: how these classes do as int8 is unknown; "
            "record some with `imu-gesture record`"
        )
    if BACKGROUND not in names:
        yield (
            f"the model has no class {BACKGROUND!r}: the board must call every movement one of the "
            "gestures"
        )


def _about_chance(accuracy: float | None, label: NDArray[np.intp]) -> Iterator[str]:
    if (
        accuracy is not None
        and accuracy < np.bincount(label).max() / len(label) + _MORE_THAN_CHANCE
    ):
        yield (
            "the model recognises your windows hardly more often than a guess: does it want other "
            "units (--gain, --offset), another rate or front end, or has it learned other gestures?"
        )


def _about_int8(accuracy: float | None, accuracy_float: float | None) -> Iterator[str]:
    if accuracy is not None and accuracy_float is not None:
        cost = accuracy_float - accuracy
        if cost > _INT8_COST:
            yield (
                f"int8 costs {100 * cost:.1f} points on your windows; record more that are like "
                "what the model was trained on, and import it again"
            )


def _about_order(
    names: tuple[str, ...], label: NDArray[np.intp], decided: NDArray[np.intp]
) -> Iterator[str]:
    """Labels in another order than the model's look like a model that does not work."""
    if len(np.unique(label)) < 2:  # one class alone fits into some order whatever it is called
        return
    table = np.zeros((len(names), len(names)), np.int64)
    np.add.at(table, (decided, label), 1)
    rows, columns = linear_sum_assignment(table, maximize=True)
    best = table[rows, columns].sum() / len(label)
    if best > max(_OTHER_ORDER_WORKS, np.trace(table) / len(label) + _OTHER_ORDER_GAINS):
        order = ",".join(names[column] for column in columns)
        yield (
            f"with its classes in the order {order} the model would recognise {best:.0%} of your "
            "windows: is that its order? then import it again with --labels"
        )
