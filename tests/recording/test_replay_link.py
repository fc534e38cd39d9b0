"""A recording played back is as good as the board it came from."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.errors import RecordingError
from imu_gesture.link.link import LinkEvent, SamplesLost, SamplesReceived
from imu_gesture.live.recogniser import until
from imu_gesture.recording.importers.times import PAUSE_US
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import RecordingWriter, read_recording
from imu_gesture.recording.replay_link import BLOCK_US, ReplayLink, in_blocks
from imu_gesture.samples import Samples, concatenate
from imu_gesture.workflow.boards import virtual_link
from tests.recording import faults as f
from tests.recording import heard
from tests.recording.crash import nine_axis
from tests.recording.test_mcap_file import assert_equal


def replayed(path: Path, real_time: bool = False) -> list[LinkEvent]:
    with ReplayLink(path, real_time) as link:
        return list(link.events())


def samples_of(events: list[LinkEvent]) -> Samples:
    return concatenate([event.samples for event in events if isinstance(event, SamplesReceived)])


def lost_in(events: list[LinkEvent]) -> list[int | None]:
    return [event.count for event in events if isinstance(event, SamplesLost)]


def record(events: list[LinkEvent], path: Path, info: RecordingInfo) -> Path:
    with RecordingWriter(path, info) as writer:
        for event in events:
            writer.note(event)
    return path


def test_everything_comes_in_its_order(tmp_path: Path) -> None:
    path = heard.record(tmp_path / "a.mcap", nine_axis(300), heard.events())
    found = replayed(path)
    others = [event for event in found if not isinstance(event, SamplesReceived)]
    assert list(map(heard.comparable, others)) == list(map(heard.comparable, heard.events()))
    assert_equal(samples_of(found), nine_axis(300))
    before = [
        sum(len(e.samples) for e in found[:i] if isinstance(e, SamplesReceived))
        for i, event in enumerate(found)
        if not isinstance(event, SamplesReceived)
    ]
    assert before == [10 * (i + 1) for i in range(len(others))]


def test_blocks_are_as_short_as_a_boards(tmp_path: Path) -> None:
    path = heard.record(tmp_path / "a.mcap", nine_axis(300), [])
    for event in replayed(path):
        assert isinstance(event, SamplesReceived)
        assert 1 <= len(event.samples) <= 3
        assert np.ptp(event.samples.device_time_us) < BLOCK_US
        assert np.all(event.samples.mag_time_us <= event.samples.device_time_us[-1])


def test_a_recording_of_a_replay_has_the_same_samples_to_the_byte(tmp_path: Path) -> None:
    """From the virtual board with all it says, through two generations of replays."""
    with virtual_link(3) as link:
        info = RecordingInfo(**link.info.model_dump())
        events = list(until(link.events(), 20.0))
    paths = [record(events, tmp_path / "0.mcap", info)]
    for generation in (1, 2):
        with ReplayLink(paths[-1]) as replay:
            assert replay.info == link.info
        paths.append(record(replayed(paths[-1]), tmp_path / f"{generation}.mcap", info))
    first, *others = map(read_recording, paths)
    assert len(first.samples) > 2000
    assert len(first.samples.mag_time_us) > 300
    assert len(first.events) > 30
    for other in others:
        assert_equal(other.samples, first.samples)
        assert list(map(heard.comparable, other.events)) == list(
            map(heard.comparable, first.events)
        )


LOST = f.dropped(slice(f.FIRST, f.FIRST + 30))
HOLES: dict[str, tuple[f.Fault, list[int]]] = {
    "none": (lambda recording: recording, []),
    "one hole": (LOST, [30]),
    "many holes": (f.dropped(slice(50, None, 50)), [1] * 30),
    "a pause that importers put": (f.both(LOST, f.shifted(PAUSE_US)), []),
}


@pytest.mark.parametrize("case", HOLES)
def test_holes_in_the_numbers_are_told(case: str) -> None:
    fault, counts = HOLES[case]
    recording = fault(f.good())
    found = list(in_blocks(recording))
    assert lost_in(found) == counts
    assert_equal(samples_of(found), recording.samples)


@pytest.mark.parametrize("told", [0, 10, 30])
def test_what_was_told_lost_is_not_told_twice(told: int, tmp_path: Path) -> None:
    samples = LOST(f.good()).samples
    events: list[LinkEvent] = [
        SamplesReceived(samples.rows(slice(f.FIRST))),
        *([SamplesLost(told)] if told else []),
        SamplesReceived(
            replace(
                samples, mag_time_us=np.zeros(0, np.int64), mag_ut=np.zeros((0, 3), np.float32)
            ).rows(slice(f.FIRST, None))
        ),
    ]
    found = replayed(record(events, tmp_path / "a.mcap", RecordingInfo()))
    assert sum(count or 0 for count in lost_in(found)) == 30
    assert lost_in(found) == [count for count in (told, 30 - told) if count]


def test_real_time_takes_as_long_as_it_took(tmp_path: Path) -> None:
    path = heard.record(tmp_path / "a.mcap", nine_axis(100), [])
    started_s = time.monotonic()
    for event in replayed(path, real_time=True):
        assert isinstance(event, SamplesReceived)
        passed_us = (time.monotonic() - started_s) * 1e6
        assert passed_us >= event.samples.device_time_us[-1] - event.samples.device_time_us[0]
    assert 0.8 < time.monotonic() - started_s < 2.0


def test_a_damaged_recording_is_no_board(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    path.write_bytes(b"nothing")
    with pytest.raises(RecordingError, match=r"a\.mcap"):
        ReplayLink(path).__enter__()
