"""The overview: what is in a recording, and what it is worth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mcap.reader import make_reader

from imu_gesture.errors import RecordingError
from imu_gesture.labels import Label
from imu_gesture.recording.mcap_file import labels_path, read_recording
from imu_gesture.recording.overview import overview
from imu_gesture.recording.quality import RULES, quality, stored_quality
from imu_gesture.recording.repair import repair_recording
from tests import make
from tests.recording import faults as f


def test_who_what_and_how_much(tmp_path: Path) -> None:
    labels = [Label(0, 1, "up"), Label(1, 2, "down"), Label(2, 3, "up")]
    path = make.write(
        tmp_path, "a", make.noise(596), labels, participant="zoe", session="2", source="virtual"
    )
    found = overview(path)
    assert (found.path, found.source) == (str(path), "virtual")
    assert (found.participant, found.session) == ("zoe", "2")
    assert found.labels == {"up": 2, "down": 1}
    assert found.samples == 596
    assert found.duration_s == pytest.approx(5.0)
    assert found.quality == quality(read_recording(path))


def test_json_has_the_figures_of_the_quality_beside_the_rest(tmp_path: Path) -> None:
    path = make.write(tmp_path, "a", make.noise(1), [], gravity="removed")
    view = json.loads(json.dumps(overview(path).as_json()))
    assert (view["samples"], view["rate_hz"], view["gaps"]) == (1, 0.0, 0)
    assert view["verdict"] == "bad"
    assert [problem["kind"] for problem in view["problems"]] == ["too short"]


def test_the_verdict_is_stored_when_the_recording_is_closed(tmp_path: Path) -> None:
    path = make.write(tmp_path, "a", make.noise(1000), [])
    found = overview(path)
    fresh = json.loads(json.dumps(found.quality.as_json()))
    assert found.stored_quality == {"rules": RULES, **fresh}
    assert found.as_json()["stored_quality"]["verdict"] == "good"


def test_other_readers_find_the_verdict_as_metadata(tmp_path: Path) -> None:
    path = make.write(tmp_path, "a", f.hung(20)(f.good()).samples, [])
    with path.open("rb") as stream:
        reader = make_reader(stream, validate_crcs=True)
        metadata = {record.name: record.metadata for record in reader.iter_metadata()}
        assert sum(1 for _ in reader.iter_messages(["/imu"])) == f.ROWS
    assert metadata.keys() == {"imu_gesture", "quality"}
    assert metadata["quality"]["verdict"] == "usable"
    (problem,) = json.loads(metadata["quality"]["problems"])
    assert problem["kind"] == "stale"


def test_a_repaired_recording_has_a_verdict_too(tmp_path: Path) -> None:
    path = make.write(tmp_path, "a", make.noise(100), [])
    path.write_bytes(path.read_bytes()[:-1500])
    assert repair_recording(path) is not None
    stored = overview(path).stored_quality
    assert stored is not None
    assert stored["verdict"] == "good"


@pytest.mark.parametrize(
    "metadata",
    [None, {}, {"rules": "new"}, {"rules": "1", "verdict": "good", "problems": "", "figures": ""}],
)
def test_a_verdict_that_cannot_be_read_is_none(metadata: dict[str, str] | None) -> None:
    assert stored_quality(metadata) is None


def test_a_recording_without_a_label_track(tmp_path: Path) -> None:
    path = make.write(tmp_path, "a", make.noise(5), [])
    labels_path(path).unlink()
    assert overview(path).labels == {}


def test_a_damaged_label_track_is_named_with_its_line(tmp_path: Path) -> None:
    path = make.write(tmp_path, "a", make.noise(5), [Label(0, 1, "up")])
    with labels_path(path).open("a", encoding="utf-8") as track:
        track.write("oops\n")
    with pytest.raises(RecordingError, match=r"a\.txt:2"):
        overview(path)
