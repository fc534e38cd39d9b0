"""When a recording began, in Unix time, and how boards' clocks are compared."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from imu_gesture.link.link import ClockProbed, LinkEvent
from imu_gesture.recording.capture import CapturePlan, Source, capture
from imu_gesture.recording.capture.clock import BoardClock
from imu_gesture.recording.mcap_file import read_recording
from imu_gesture.workflow.boards import virtual_link
from tests.recording.capture.board import PACKET, PERIOD_US, PlayedLink, packets, shaken

NOW_S = 1_800_000_000.0
BOOTED_S = NOW_S - 50.0
PLAN = CapturePlan("wave", repeats=1)


def probe(device_time_us: int, took_s: float = 0.004, off_s: float = 0.0) -> ClockProbed:
    """A probe of a board that was switched on at `BOOTED_S`; the answer's way took longer."""
    middle_s = BOOTED_S + device_time_us * 1e-6 + off_s
    return ClockProbed(device_time_us, middle_s - took_s / 2, middle_s + took_s / 2)


def started_s(events: list[LinkEvent], path: Path) -> float:
    capture(Source(PlayedLink(events), lambda: NOW_S), path, PLAN)
    return read_recording(path).info.started_unix_ns * 1e-9


@pytest.mark.parametrize(
    ("before", "probes", "expected_s"),
    [
        pytest.param(0, [probe(50_000_000)], BOOTED_S, id="probed before the first sample"),
        pytest.param(3, [probe(50_100_000)], BOOTED_S, id="probed after some samples"),
        pytest.param(
            0,
            [probe(50_000_000, took_s=0.2, off_s=0.1), *[probe(50_010_000 + i) for i in range(4)]],
            BOOTED_S + 0.001,  # the slow one's question cannot have come later than it was sent
            id="the first was slow",
        ),
        pytest.param(
            0,
            [*[probe(50_000_000 + i) for i in range(5)], probe(50_010_000, 0.001, off_s=0.1)],
            BOOTED_S,
            id="enough is enough",
        ),
    ],
)
def test_a_probe_tells_when_the_boards_clock_was_zero(
    before: int, probes: list[LinkEvent], expected_s: float, tmp_path: Path
) -> None:
    samples = packets(shaken(900, start_us=50_000_000))
    events = [*samples[:before], *probes, *samples[before:]]
    assert started_s(events, tmp_path / "a.mcap") == pytest.approx(expected_s, abs=1e-6)
    assert len(read_recording(tmp_path / "a.mcap").samples) > 500


def test_without_probes_the_arrival_of_the_first_samples_does(tmp_path: Path) -> None:
    events = packets(shaken(900, start_us=50_000_000))
    newest_s = 50.0 + (PACKET - 1) * PERIOD_US * 1e-6
    assert started_s(events, tmp_path / "a.mcap") == pytest.approx(NOW_S - newest_s, abs=1e-6)


def test_a_later_recording_of_the_same_link_knows_it_from_the_start(tmp_path: Path) -> None:
    samples = packets(shaken(2000, start_us=50_000_000))
    source = Source(PlayedLink([probe(50_000_000), *samples]), lambda: NOW_S)
    for name in ("a", "b"):
        capture(source, tmp_path / f"{name}.mcap", PLAN)
        info = read_recording(tmp_path / f"{name}.mcap").info
        assert info.started_unix_ns * 1e-9 == pytest.approx(BOOTED_S, abs=1e-6)


@pytest.mark.parametrize("seed", range(2))
def test_a_virtual_board_in_fast_time_begins_at_zero(seed: int, tmp_path: Path) -> None:
    with virtual_link(seed) as link:
        capture(Source(link), tmp_path / "a.mcap", PLAN)
    assert read_recording(tmp_path / "a.mcap").info.started_unix_ns < 100_000_000


def test_a_virtual_board_in_real_time_begins_now() -> None:
    before_s = time.time()
    with virtual_link(0, real_time=True) as link:
        source = Source(link)
        probes = (event for event in source if isinstance(event, ClockProbed))
        assert next(probes).sent_s == pytest.approx(before_s, abs=2.0)
        assert source.clock.host_s(0) == pytest.approx(before_s, abs=0.5)


def test_a_clock_that_jumped_and_answers_late_is_still_known() -> None:
    clock = BoardClock(lambda: NOW_S)
    clock.update(probe(0, took_s=0.002, off_s=5.0))  # before the board was reset
    for second in range(1, 17):
        clock.update(probe(second * 1_000_000, took_s=0.06, off_s=0.02))
    clock.update(probe(18_000_000, took_s=0.004))
    assert clock.host_s(18_000_000) == pytest.approx(BOOTED_S + 18, abs=0.005)


@pytest.mark.parametrize("skew_ppm", [-200.0, 0.0, 200.0])
def test_over_an_hour_the_skew_is_known(skew_ppm: float) -> None:
    clock = BoardClock(lambda: NOW_S)
    for second in range(3600):
        device_us = round(second * 1e6 * (1 + skew_ppm * 1e-6))
        clock.update(ClockProbed(device_us, NOW_S + second - 0.01, NOW_S + second + 0.01))
    later_us = round(3700e6 * (1 + skew_ppm * 1e-6))
    assert clock.host_s(later_us) == pytest.approx(NOW_S + 3700, abs=0.001)
    assert clock.device_time_us(NOW_S + 1800) * 1e-6 == pytest.approx(
        1800 * (1 + skew_ppm * 1e-6), abs=0.001
    )


@pytest.mark.parametrize("device_time_us", [0, 1, 12_345_678, 4_000_000_000])
def test_there_and_back(device_time_us: int) -> None:
    clock = BoardClock(lambda: NOW_S)
    clock.update(probe(7_000_000))
    assert clock.device_time_us(clock.host_s(device_time_us)) == pytest.approx(
        device_time_us, abs=1
    )
