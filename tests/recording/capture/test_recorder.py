"""What goes into the file, and what is told meanwhile, whoever hands events over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imu_gesture.link.link import ClockProbed, LinkEvent, LinkInterrupted, LinkResumed, SamplesLost
from imu_gesture.recording.capture import CapturePlan, Source
from imu_gesture.recording.capture.recorder import Judge, Recorder
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import read_recording
from imu_gesture.recording.problem import Problem
from imu_gesture.samples import Samples
from tests.recording.capture.board import PERIOD_US, PlayedLink, packets, shaken

PLAN = CapturePlan("wave", participant="Zoë", session="2")
PROBE = ClockProbed(0, 1000.0, 1000.0)


def recorded(events: list[LinkEvent], path: Path, **said: object) -> Recorder:
    source = Source(PlayedLink(events))
    recorder = Recorder(source, path, PLAN, said.pop("tell", lambda _: None), **said)  # type: ignore[arg-type]
    for event in source:
        recorder.handle(event)
    recorder.close()
    return recorder


@pytest.mark.parametrize("probes", [0, 1, 5, 9])
@pytest.mark.parametrize("before", [0, 2])
def test_no_sample_is_missing_that_came_before_the_file(
    before: int, probes: int, tmp_path: Path
) -> None:
    samples = shaken(500)
    parts = packets(samples)
    recorded([*parts[:before], *[PROBE] * probes, *parts[before:]], tmp_path / "a.mcap")
    found = read_recording(tmp_path / "a.mcap")
    assert np.array_equal(found.samples.device_time_us, samples.device_time_us)
    assert (found.info.participant, found.info.session) == ("Zoë", "2")


def test_a_recording_that_ends_at_once_is_whole(tmp_path: Path) -> None:
    recorded(packets(shaken(20)), tmp_path / "a.mcap")
    assert len(read_recording(tmp_path / "a.mcap").samples) == 20


def test_without_samples_there_is_no_file(tmp_path: Path) -> None:
    assert not recorded([PROBE], tmp_path / "a.mcap").opened
    assert not (tmp_path / "a.mcap").exists()


def test_a_gap_is_from_the_last_sample_to_the_next(tmp_path: Path) -> None:
    away: list[LinkEvent] = [LinkInterrupted("pulled"), LinkResumed()]
    first, second = packets(shaken(100)), packets(shaken(100, start_us=9_000_000))
    told: list[str] = []
    recorder = recorded([*first, *away, *second], tmp_path / "a.mcap", tell=told.append)
    assert recorder.gaps == [(99 * PERIOD_US, 9_000_000)]
    assert recorder.absences == recorder.gaps
    assert told == ["pulled; waiting for it", "the board is back"]


def test_losses_are_counted(tmp_path: Path) -> None:
    parts = packets(shaken(100))
    events = [*parts[:3], SamplesLost(4), *parts[3:], SamplesLost(3), SamplesLost(None)]
    recorder = recorded(events, tmp_path / "a.mcap")
    assert recorder.lost == recorder.view.status.lost == 7
    assert recorder.warnings == ["an unknown number of samples were lost"]


def test_a_judge_is_told_of_the_recording_and_each_warning_once(tmp_path: Path) -> None:
    seen: list[RecordingInfo] = []

    def new_judge(info: RecordingInfo) -> Judge:
        seen.append(info)
        return lambda samples: [Problem("warning", "stuck", "acc_x does not move")] * len(samples)

    told: list[str] = []
    recorder = recorded(
        packets(shaken(100)), tmp_path / "a.mcap", tell=told.append, new_judge=new_judge
    )
    assert [info.participant for info in seen] == ["Zoë"]
    assert told == recorder.warnings == ["acc_x does not move"]


def test_what_comes_after_the_end_is_not_recorded(tmp_path: Path) -> None:
    recorder = recorded(packets(shaken(100)), tmp_path / "a.mcap")
    for event in packets(shaken(100)):
        recorder.handle(event)
    assert len(read_recording(tmp_path / "a.mcap").samples) == recorder.samples == 100


def test_labels_count_from_the_first_sample(tmp_path: Path) -> None:
    samples: Samples = shaken(100, start_us=7_000_000)
    recorder = recorded(packets(samples), tmp_path / "a.mcap")
    label = recorder.label(7_250_000, 7_500_000, "wave")
    assert (label.start_s, label.end_s) == pytest.approx((0.25, 0.5))
