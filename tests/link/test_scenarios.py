"""What may happen to a board, the same on every link; no sample may be missing unsaid."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.errors import LinkError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import LinkEvent, LinkInterrupted, LinkResumed, SamplesLost
from imu_gesture.link.virtual.faults import FaultParams
from tests.link.hearing import events_for, inertial, lost_in, samples_of
from tests.link.places import ON_BLUEZ, ON_BUMBLE, ON_PTY, Place, place

Serve = Callable[..., Place]


@pytest.fixture(params=[ON_PTY, ON_BLUEZ, ON_BUMBLE])
def serve(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Serve]:
    """Serve a board whose link has these faults, until the test is over."""
    with ExitStack() as stack:

        def enter(faults: FaultParams | None = None) -> Place:
            there: AbstractContextManager[Place] = place(
                request.param, tmp_path, monkeypatch, faults
            )
            return stack.enter_context(there)

        yield enter


def test_samples_come_at_the_boards_own_rate(serve: Serve) -> None:
    there = serve()
    with BoardLink(there.transport()) as link:
        assert link.info.device_id == there.board.device.identity.device_id.hex()
        found = events_for(link, 1.5)
    samples = samples_of(found)
    assert np.all(np.diff(samples.sequence) == 1)
    assert np.linalg.norm(samples.acc_g, axis=1).mean() == pytest.approx(1.0, abs=0.15)
    assert len(samples) == there.board.device.sent == pytest.approx(1.5 * 119, rel=0.15)
    assert len(samples.mag_time_us) == pytest.approx(1.5 * 20, rel=0.25)
    assert lost_in(found) == 0


def test_a_board_that_was_away_leaves_a_gap_of_known_size(serve: Serve) -> None:
    there = serve()
    with BoardLink(there.transport()) as link:
        threading.Timer(0.5, there.board.unplug).start()
        threading.Timer(1.2, there.board.plug).start()
        found = events_for(link, 2.5)
    assert inertial(found) + lost_in(found) == there.board.device.sent
    kinds = [type(event) for event in found if isinstance(event, LinkInterrupted | LinkResumed)]
    assert kinds == [LinkInterrupted, LinkResumed]
    assert lost_in(found) > 0.6 * 119
    samples = samples_of(found)
    assert samples.sequence[-1] + 1 == there.board.device.sent
    gap = int(np.argmax(np.diff(samples.sequence)))
    steps = np.diff(samples.device_time_us) / np.diff(samples.sequence)
    assert steps[gap] == pytest.approx(np.median(steps), rel=1e-3)


def test_a_reset_is_noticed_and_counted(serve: Serve) -> None:
    there = serve()
    with BoardLink(there.transport()) as link:
        threading.Timer(0.5, there.board.reset).start()
        started_s = time.monotonic()
        found = events_for(link, 1.8)
        listened_s = time.monotonic() - started_s
    samples = samples_of(found)
    assert len(samples) + lost_in(found) == there.board.device.sent
    assert len(samples) > 0.5 * 119
    steps_us = np.diff(samples.device_time_us)
    assert np.all(steps_us > 0)
    assert steps_us.sum() * 1e-6 == pytest.approx(
        listened_s, abs=0.35
    )  # though its clock began anew


def test_every_packet_that_a_bad_link_spoils_is_accounted_for(serve: Serve) -> None:
    there = serve(FaultParams(drop=0.05, duplicate=0.1, reorder=0.1, corrupt=0.1))
    with BoardLink(there.transport()) as link:
        found = events_for(link, 2.0)
        damaged = link.conversation.damaged
    assert inertial(found) + lost_in(found) == there.board.device.sent
    assert lost_in(found) > 0
    assert damaged > 0
    assert np.all(np.diff(samples_of(found).sequence) > 0)


def test_who_stops_listening_in_the_middle_gets_the_rest_when_it_is_finished(serve: Serve) -> None:
    there = serve(FaultParams(drop=0.25))
    found: list[LinkEvent] = []
    with BoardLink(there.transport()) as link:
        for event in link.events():
            found.append(event)
            if isinstance(event, SamplesLost):  # what came after the hole is in the same packet
                break
        found += link.finish()
    assert inertial(found) + lost_in(found) == there.board.device.sent


def test_a_board_that_does_not_come_back_is_given_up(serve: Serve) -> None:
    there = serve()
    with BoardLink(there.transport(), patience_s=0.5) as link:
        threading.Timer(0.3, there.board.unplug).start()
        with pytest.raises(LinkError, match=r"waited 0\.5 s"):
            for _ in link.events():
                pass


def test_another_board_in_its_place_is_not_taken_for_it(serve: Serve) -> None:
    there = serve()
    with BoardLink(there.transport(), patience_s=1.5) as link:
        threading.Timer(0.3, there.swap).start()
        with pytest.raises(LinkError, match="another board"):
            for _ in link.events():
                pass


def test_after_a_link_was_left_the_next_one_works(serve: Serve) -> None:
    there = serve()
    for _ in range(2):
        with BoardLink(there.transport()) as link:
            assert inertial(events_for(link, 0.3)) > 10
