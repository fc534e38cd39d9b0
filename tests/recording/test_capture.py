"""Guided recording: prompts, labels, and nothing that was recorded is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Self

import numpy as np
import pytest

from imu_gesture.device import DeviceInfo
from imu_gesture.errors import InputError, LinkError, RecordingError
from imu_gesture.labels import BACKGROUND, format_labels, parse_labels
from imu_gesture.link.link import LineDamaged, LinkEvent, LinkStatus, SamplesReceived
from imu_gesture.recording.capture import CapturePlan, Source, capture
from imu_gesture.recording.mcap_file import labels_path, read_recording
from imu_gesture.samples import Samples
from imu_gesture.simulation.performer import GESTURES
from tests import make
from tests.recording.capture.board import PlayedLink, packets
from tests.recording.virtual import capture_virtual, virtual_info

CHUNK = 50


class Replay:
    """A link that plays samples, with a damaged line between chunks, and then loses its board."""

    def __init__(self, samples: Samples) -> None:
        self.info = DeviceInfo(source="replay")
        self.status = LinkStatus()
        self._samples = samples

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None: ...

    def cue(self, label: str) -> None: ...

    def events(self) -> Iterator[LinkEvent]:
        for start in range(0, len(self._samples), CHUNK):
            yield SamplesReceived(self._samples.rows(slice(start, start + CHUNK)))
            self.status = LinkStatus(damaged=self.status.damaged + 1)
            yield LineDamaged("?")
        raise LinkError("the board is gone")


def quiet(_: str) -> None: ...


@pytest.mark.parametrize("gesture", GESTURES)
def test_each_repeat_is_labelled_where_the_hand_moved(gesture: str, tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    report = capture_virtual(0, path, CapturePlan(gesture, repeats=5), quiet)
    samples = read_recording(path).samples
    labels = make.labels_of(path)
    assert [label.name for label in labels] == [gesture] * 5
    assert parse_labels(format_labels(list(report.labels)), "") == labels
    seconds = (samples.device_time_us - samples.device_time_us[0]) * 1e-6
    rate_dps = samples.gyr_or_zero_dps - np.median(samples.gyr_or_zero_dps, axis=0)
    moving = np.linalg.norm(rate_dps, axis=1)
    labelled = np.zeros(len(samples), np.bool_)
    for label in labels:
        assert 0.4 < label.end_s - label.start_s < 1.8
        inside = (seconds >= label.start_s) & (seconds < label.end_s)
        assert moving[inside].max() > 40
        labelled |= inside
    assert np.percentile(moving[~labelled], 99) < 25


@pytest.mark.parametrize("name", [BACKGROUND, "background/tea"])
def test_background_is_one_label_of_the_whole_time(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    capture_virtual(0, path, CapturePlan(name, repeats=7, seconds=6.0), quiet)
    (label,) = make.labels_of(path)
    assert label.name == name
    assert label.end_s - label.start_s == pytest.approx(6.0, abs=0.02)


def test_the_person_is_counted_in_for_every_repeat(tmp_path: Path) -> None:
    prompts: list[str] = []
    capture_virtual(0, tmp_path / "a.mcap", CapturePlan("push", repeats=2), prompts.append)
    assert prompts == ["3", "2", "1", "go: push (1 of 2)", "3", "2", "1", "go: push (2 of 2)"]


def test_the_file_says_who_where_and_with_what(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    capture_virtual(3, path, CapturePlan("push", 1, participant="Zoë", session="2"), quiet)
    info = read_recording(path).info
    assert (info.participant, info.session) == ("Zoë", "2")
    assert info.model_dump(include=set(DeviceInfo.model_fields)) == virtual_info(3).model_dump()


def test_every_sample_is_in_the_file_once(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    report = capture_virtual(0, path, CapturePlan("circle", repeats=3), quiet)
    samples = read_recording(path).samples
    assert len(samples) == report.samples
    assert np.array_equal(samples.sequence, np.arange(len(samples)))
    assert report.damaged == 0


@pytest.mark.parametrize(
    ("label", "expected"), [("wave", ["wave", "wave"]), (BACKGROUND, [BACKGROUND])]
)
def test_a_lost_link_is_told_and_keeps_what_was_recorded(
    label: str, expected: list[str], tmp_path: Path
) -> None:
    path, samples = tmp_path / "a.mcap", make.noise(round(12.0 * 119))
    samples.device_time_us[:] += 5_000_000_000
    with pytest.raises(LinkError, match="the board is gone"):
        capture(
            Source(Replay(samples)),
            path,
            CapturePlan(label, repeats=9, seconds=60 if label == BACKGROUND else 2),
        )
    again = read_recording(path).samples
    assert np.array_equal(again.device_time_us, samples.device_time_us)
    assert np.array_equal(again.acc_g, samples.acc_g)
    labels = make.labels_of(path)
    assert [label.name for label in labels] == expected
    assert all(3 < label.start_s < label.end_s <= 12 for label in labels)


def test_where_a_replay_ends_the_recording_ends(tmp_path: Path) -> None:
    link = PlayedLink(packets(make.noise(1200)))
    report = capture(Source(link), tmp_path / "a.mcap", CapturePlan("wave", repeats=9))
    assert report.ended_early
    assert report.warnings == ("what is played back has ended before everything was recorded",)
    assert len(read_recording(tmp_path / "a.mcap").samples) == report.samples == 1200
    assert len(make.labels_of(tmp_path / "a.mcap")) == 2


def test_damaged_lines_are_counted(tmp_path: Path) -> None:
    report = capture(
        Source(Replay(make.noise(2000))), tmp_path / "a.mcap", CapturePlan("wave", repeats=2)
    )
    assert report.damaged == report.samples // CHUNK - 1


def test_a_gap_between_repeats_harms_no_label(tmp_path: Path) -> None:
    samples, path = make.noise(3000), tmp_path / "a.mcap"
    samples.device_time_us[600:] += 60_000_000
    capture(Source(Replay(samples)), path, CapturePlan("wave", repeats=3))
    assert all(label.start_s < label.end_s for label in make.labels_of(path))
    assert np.diff(read_recording(path).samples.device_time_us).max() > 60_000_000


@pytest.mark.parametrize("label", ["", " ", "wave ", "two\tfields", "two\nlines", "\x07"])
def test_a_name_that_no_label_track_can_hold_is_refused(label: str, tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    with pytest.raises(InputError, match="name of a gesture"):
        capture_virtual(0, path, CapturePlan(label), quiet)
    assert not path.exists()


def test_an_existing_recording_and_its_labels_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    capture_virtual(0, path, CapturePlan("wave", repeats=1), quiet)
    before = path.read_bytes(), labels_path(path).read_bytes()
    with pytest.raises(RecordingError, match="exists already"):
        capture_virtual(1, path, CapturePlan("push", repeats=1), quiet)
    assert (path.read_bytes(), labels_path(path).read_bytes()) == before
