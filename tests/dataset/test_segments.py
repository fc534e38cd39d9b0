"""Labelled recordings: what a dataset is made from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imu_gesture.dataset.segments import load_labelled
from imu_gesture.errors import DatasetError, RecordingError
from imu_gesture.labels import BACKGROUND, Label
from imu_gesture.recording.mcap_file import labels_path
from tests import make
from tests.dataset import cases

LABELS = [Label(0.5, 1.0, "up"), Label(1.0, 2.0, BACKGROUND), Label(2.0, 2.5, "down")]


def test_a_recording_and_its_labels_are_read(tmp_path: Path) -> None:
    path = make.write(tmp_path, "monday", cases.ramp(3, start_us=5_000_000), LABELS)
    found = load_labelled(path)
    assert (found.name, found.start_us) == ("monday", 5_000_000)
    assert found.labels == tuple(LABELS)
    assert [label.name for label in found.gestures] == ["up", "down"]


def test_a_recording_without_labels_is_refused(tmp_path: Path) -> None:
    path = make.write(tmp_path, "a", cases.ramp(3), LABELS)
    labels_path(path).unlink()
    with pytest.raises(DatasetError, match=r"a\.mcap: no labels; expected them in a\.txt"):
        load_labelled(path)


@pytest.mark.parametrize("n", [0, 1])
def test_a_recording_without_time_is_refused(n: int, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"a\.mcap: fewer than two samples"):
        load_labelled(make.write(tmp_path, "a", make.noise(n), []))


def test_a_label_outside_the_recording_is_refused(tmp_path: Path) -> None:
    path = make.write(tmp_path, "a", cases.ramp(3), [*LABELS, Label(3.5, 4.0, "late")])
    with pytest.raises(DatasetError, match=r"a\.txt: label 'late' starts at 3\.500 s.*ends at 3\."):
        load_labelled(path)


@pytest.mark.parametrize("duration_us", [13_746_000, 3_000_001, 5_000_003, 8_191_999])
def test_a_label_may_begin_with_the_last_sample(duration_us: int, tmp_path: Path) -> None:
    samples = cases.ramp(1)
    samples.device_time_us[:] = np.linspace(0, duration_us, len(samples)).round()
    last = Label(duration_us * 1e-6, duration_us * 1e-6 + 0.01, "late")
    labels = load_labelled(make.write(tmp_path, "a", samples, [*LABELS, last])).labels
    assert [label.name for label in labels] == ["up", BACKGROUND, "down", "late"]


def test_a_digest_knows_readings_whatever_their_name(tmp_path: Path) -> None:
    one, renamed, other = (
        load_labelled(make.write(tmp_path, name, make.noise(200, seed), LABELS[:1]))
        for name, seed in (("a", 0), ("b", 0), ("c", 1))
    )
    assert one.digest() == renamed.digest() != other.digest()


def test_a_damaged_label_track_is_named_with_its_line(tmp_path: Path) -> None:
    path = make.write(tmp_path, "a", cases.ramp(3), LABELS)
    labels_path(path).write_text("0\t1\tup\n1 2 up\n", encoding="utf-8")
    with pytest.raises(RecordingError, match=r"a\.txt:2"):
        load_labelled(path)
