"""What is brought together before a foreign model is converted: windows, labels, features."""

from __future__ import annotations

from dataclasses import dataclass

from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.front_end import FrontEndName
from imu_gesture.dataset.trust import load_trusted
from imu_gesture.deploy import manifest as m
from imu_gesture.errors import InputError, ModelError
from imu_gesture.learning.foreign.axes import InputAxes, Layout, find_axes
from imu_gesture.learning.foreign.conversion import ForeignFacts
from imu_gesture.samples import Float32Array
from imu_gesture.workflow.correcting import readings_of
from imu_gesture.workflow.foreign_frame import Frame, Said, frame_of_labels, frame_of_run
from imu_gesture.workspace import Workspace


@dataclass(frozen=True)
class ImportModelOptions:
    """What `imu-gesture import-model` is asked; see its help."""

    like: str | None = None
    labels: tuple[str, ...] | None = None
    rate_hz: float | None = None
    front_end: FrontEndName | None = None
    offset: tuple[float, ...] | None = None
    gain: tuple[float, ...] | None = None
    layout: Layout | None = None
    accept_bad: bool = False
    raw: bool = False


@dataclass(frozen=True, eq=False)
class Prepared:
    """What is known before the conversion.

    Attributes:
        like: id of the model of the run that it shares the frame of; empty where there is none.
        features: (n, samples, channels) as the model sees them.
    """

    like: str
    axes: InputAxes
    frame: Frame
    dataset: Dataset
    features: Float32Array
    warnings: tuple[str, ...]


def like_of(workspace: Workspace, options: ImportModelOptions) -> m.ModelManifest | None:
    """The run whose windows and labels the model shares; None where the user describes them.

    Raises:
        InputError: there is no such run, or what is said contradicts it.
    """
    if options.labels is not None:
        if options.like is not None:
            raise InputError("--like takes the labels of a run; leave out --labels, or --like")
        return None
    if options.rate_hz is not None or options.front_end is not None:
        raise InputError(
            "--rate and --front-end describe the model beside --labels; a run has both"
        )
    if options.like is None and not workspace.runs():
        raise InputError(
            f"{workspace.models}: no run that tells which windows and classes the model knows; "
            "name its classes, in its order, with --labels circle,wave,background"
        )
    return m.read_run(workspace.run(options.like))[0]


def prepare(
    facts: ForeignFacts,
    workspace: Workspace,
    options: ImportModelOptions,
    like: m.ModelManifest | None,
) -> Prepared:
    """Windows of the workspace's recordings as the model is to see them.

    Args:
        facts: what the model's file tells.
        workspace: with labelled recordings.
        options: what the user says.
        like: the run whose frame the model shares; None where the user describes it.

    Raises:
        InputError, ModelError, DatasetError: model, recordings and what is said do not fit.
    """
    window = (like.window.samples, like.window.channels) if like else None
    axes = find_axes(facts.shape, window, options.layout)
    names = like.label_names if like else options.labels or ()
    if facts.classes != len(names):
        raise ModelError(
            f"the model knows {facts.classes} classes, and there are {len(names)} labels: "
            f"{', '.join(names)}; name one for each with --labels, in the model's order"
        )
    trusted = load_trusted(workspace.recording_files(), options.accept_bad)
    raw = options.raw or (like is not None and not like.calibrated)
    readings = readings_of(trusted.recordings, workspace, raw)
    said = Said(names, options.rate_hz, options.front_end or "sensor", options.offset, options.gain)
    frame = frame_of_run(like, said) if like else frame_of_labels(axes.window, said, readings)
    dataset = build_dataset(readings.recordings, frame.spec, streaming=True)
    frame = frame if like else frame.held_as(dataset.windows)
    return Prepared(
        like=like.model_id if like else "",
        axes=axes,
        frame=frame,
        dataset=dataset,
        features=frame.features_of(dataset.windows),
        warnings=(*trusted.warnings, *readings.warnings, *dataset.skipped),
    )
