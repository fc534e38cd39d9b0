"""A run on recordings: counted as the firmware reports, and distrusted where it has learned."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from imu_gesture.dataset.segments import load_labelled
from imu_gesture.deploy.manifest import write_run
from imu_gesture.errors import DatasetError, ImuGestureError, InputError
from imu_gesture.labels import Label
from imu_gesture.learning.events import TimedLabel, match_events
from imu_gesture.live.recogniser import HostRecogniser
from imu_gesture.report.streams import evaluation_lines
from imu_gesture.samples import Samples
from imu_gesture.workflow.evaluating import RunEvaluation, evaluate_run
from imu_gesture.workflow.judgement import JUDGEMENT_NAME
from imu_gesture.workspace import Workspace
from tests import make
from tests.live.small_model import small_model


def place_with(root: Path, learned_from: dict[str, str] | None = None) -> Workspace:
    """A run whose model took no training."""
    place = Workspace(root)
    folder = place.new_run()
    write_run(folder, *small_model())
    if learned_from is not None:
        content = json.dumps({"learned_from": learned_from})
        (folder / JUDGEMENT_NAME).write_text(content, encoding="utf-8")
    return place


def record(root: Path, name: str, labels: list[Label] | None = None, seed: int = 0) -> Samples:
    samples, found = make.gestures(["circle", "wave"] * 4, seed, pause_s=2.0)
    make.write(root / "recordings", name, samples, found if labels is None else labels)
    return samples


def evaluated(root: Path, *files: Path) -> RunEvaluation:
    return evaluate_run(Workspace(root), None, files)


def test_what_is_counted_is_what_the_firmware_reports(tmp_path: Path) -> None:
    place_with(tmp_path)
    samples = record(tmp_path, "a")
    labels = make.labels_of(tmp_path / "recordings" / "a.mcap")
    reports = [
        TimedLabel(r.device_time_us * 1e-6, r.label)
        for r in HostRecogniser(*small_model()).push(samples)
    ]
    match = match_events(labels, reports)
    found = evaluated(tmp_path).streams.overall
    assert (found.performed, found.correct) == (8, match.correct)
    assert found.reported == len(reports) > 0


def test_background_is_watched_by_activity(tmp_path: Path) -> None:
    place_with(tmp_path)
    samples = record(
        tmp_path, "a", [Label(0.0, 8.0, "background/tea"), Label(8.0, 20.0, "background")]
    )
    reports = HostRecogniser(*small_model()).push(samples)
    watched = evaluated(tmp_path).streams.watched
    assert set(watched) == {"tea", "a"}
    assert watched["tea"].hours == pytest.approx(8 / 3600, rel=0.05)
    assert sum(watch.false_activations for watch in watched.values()) == sum(
        r.device_time_us < 20e6 for r in reports
    )


def test_gestures_that_the_model_does_not_know_are_told_apart(tmp_path: Path) -> None:
    place_with(tmp_path)
    record(tmp_path, "a", [Label(2.0, 3.0, "kick"), Label(5.0, 6.0, "wave")])
    found = evaluated(tmp_path)
    assert found.windows == 1
    assert (found.unknown["kick"].performed, found.streams.overall.performed) == (1, 1)
    assert "does not know 'kick': performed 1 times" in "\n".join(evaluation_lines(found))


def test_recordings_that_were_learned_from_are_said_whatever_their_name(tmp_path: Path) -> None:
    record(tmp_path, "known", seed=1)
    record(tmp_path, "new", seed=2)
    digest = load_labelled(tmp_path / "recordings" / "known.mcap").digest()
    place_with(tmp_path, {"named-otherwise": digest})
    found = evaluated(tmp_path)
    assert found.seen == ("known",)
    assert found.warnings[0].startswith("THE MODEL HAS LEARNED FROM 1 of these 2 recordings")
    only_new = evaluated(tmp_path, tmp_path / "recordings" / "new.mcap")
    assert (only_new.seen, only_new.recordings) == ((), ("new",))
    assert not any("LEARNED" in warning for warning in only_new.warnings)


def test_a_run_that_does_not_say_what_it_learned_from_is_distrusted(tmp_path: Path) -> None:
    record(tmp_path, "a")
    place_with(tmp_path)
    assert "not written down what this run has learned from" in evaluated(tmp_path).warnings[0]


def test_a_recording_without_gyroscope_is_refused(tmp_path: Path) -> None:
    place_with(tmp_path)
    samples, labels = make.gestures(["circle", "wave"])
    make.write(tmp_path / "recordings", "deaf", replace(samples, gyr_dps=None), labels)
    with pytest.raises(InputError, match="deaf: recorded without gyroscope"):
        evaluated(tmp_path)


@pytest.mark.parametrize(
    ("labels", "run", "kind", "said"),
    [
        (None, "run-009", InputError, "no run 'run-009'"),
        ([Label(99.0, 100.0, "wave")], None, DatasetError, "the recording ends at"),
    ],
)
def test_what_cannot_be_judged_is_refused(
    labels: list[Label] | None,
    run: str | None,
    kind: type[ImuGestureError],
    said: str,
    tmp_path: Path,
) -> None:
    place = place_with(tmp_path)
    record(tmp_path, "a", labels)
    with pytest.raises(kind, match=said):
        evaluate_run(place, run, ())
