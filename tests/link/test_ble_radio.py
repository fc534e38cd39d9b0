"""bleak, for real, against virtual boards: who is found, what is refused, what users are told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from imu_gesture import _core
from imu_gesture.errors import BoardError, LinkError
from imu_gesture.link.ble.radio import BleRadio
from imu_gesture.link.ble.scan import scan
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import LinkInterrupted, LinkResumed
from imu_gesture.link.virtual.ble_board import BleBoard, RadioParams
from tests.link.hearing import events_for, inertial, lost_in
from tests.link.places import ON_BLUEZ, ON_BUMBLE, Air, air, device

Room = Callable[..., Air]


@pytest.fixture(params=[ON_BLUEZ, ON_BUMBLE])
def room(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A room with these boards in it, until the test is over."""
    with ExitStack() as stack:

        def enter(*boards: BleBoard) -> Air:
            return stack.enter_context(air(request.param, list(boards), monkeypatch))

        yield enter


def refusal(radio: BleRadio, kind: type[LinkError] = LinkError) -> str:
    """What the user is told who cannot connect."""
    with pytest.raises(kind) as caught:
        radio.open()
    radio.close()
    return str(caught.value)


def test_boards_are_listed_with_how_strong_they_are(room: Room) -> None:
    there = room(BleBoard(device(), "left"), BleBoard(device(1), "right"))
    seen = scan(0.5, there.backends)
    assert {(one.name, one.address) for one in seen} == {
        (board.name, board.address) for board in there.boards
    }
    assert all(-100 < one.rssi_dbm < 0 for one in seen)


@pytest.mark.parametrize("by", ["name", "address", "id"])
def test_one_of_several_boards_is_chosen(room: Room, by: str) -> None:
    boards = [BleBoard(device(seed), f"board{seed}") for seed in range(3)]
    wanted = boards[1]
    board_id = wanted.device.identity.device_id.hex()
    said = {"name": wanted.name, "address": wanted.address, "id": board_id}[by]
    radio = room(*boards).radio(said)
    with BoardLink(radio) as link:
        assert link.info.device_id == board_id
        assert link.info.source == wanted.name
        assert radio.rssi_dbm is not None


def test_several_boards_and_none_named_are_listed(room: Room) -> None:
    said = refusal(
        room(BleBoard(device(), "left"), BleBoard(device(1), "right")).radio(), BoardError
    )
    assert "2 boards could be meant" in said
    assert "left (" in said
    assert "right (" in said


def test_a_board_that_is_not_there_is_told_with_those_that_are(room: Room) -> None:
    said = refusal(room(BleBoard(device(), "left")).radio("right"))
    assert "the board right is not heard" in said
    assert "heard: left (" in said
    assert "is it powered" in said


def test_a_link_that_is_too_narrow_is_refused(room: Room) -> None:
    said = refusal(room(BleBoard(device(), radio=RadioParams(mtu=23))).radio(), BoardError)
    assert "carries 20 bytes" in said


@pytest.mark.parametrize(("mtu", "longest"), [(185, 182), (512, 244)])
def test_packets_are_as_long_as_the_link_carries(room: Room, mtu: int, longest: int) -> None:
    board = BleBoard(device(), radio=RadioParams(mtu=mtu))
    with BoardLink(room(board).radio()) as link:
        assert inertial(events_for(link, 0.3)) > 10
        assert link.conversation.max_packet == longest
        assert link.conversation.damaged == 0


def test_another_protocol_is_told_before_anything_is_sent(room: Room) -> None:
    board = BleBoard(device())
    board.card = b"\x07\x09" + board.card[2:]
    assert "speaks protocol 7 to 9" in refusal(room(board).radio(), BoardError)


def test_a_card_that_makes_no_sense_is_told(room: Room) -> None:
    board = BleBoard(device())
    board.card = b"\x01"
    assert "makes no sense" in refusal(room(board).radio(), BoardError)


def test_an_adapter_that_is_off_is_told_with_how_to_turn_it_on(room: Room) -> None:
    there = room(BleBoard(device()))
    there.power(False)
    assert "turn it on" in refusal(there.radio())
    with pytest.raises(LinkError, match="Bluetooth is off"):
        scan(0.1, there.backends)
    there.power(True)
    time.sleep(0.1)
    with BoardLink(there.radio()) as link:
        assert inertial(events_for(link, 0.3)) > 10


def test_an_adapter_turned_off_and_on_again_leaves_a_gap_of_known_size(room: Room) -> None:
    there = room(BleBoard(device()))
    with BoardLink(there.radio()) as link:
        threading.Timer(0.3, there.power, (False,)).start()
        threading.Timer(0.8, there.power, (True,)).start()
        found = events_for(link, 1.8)
    assert [type(event) for event in found if isinstance(event, LinkInterrupted | LinkResumed)] == [
        LinkInterrupted,
        LinkResumed,
    ]
    assert inertial(found) + lost_in(found) == there.boards[0].device.sent
    assert lost_in(found) > 30


def test_a_refused_write_is_told(room: Room) -> None:
    board = BleBoard(device())
    board.refusing = True
    with pytest.raises(LinkError, match=r"refused a request .*reset"):
        BoardLink(room(board).radio()).__enter__()


def test_a_radio_that_blocks_costs_samples_that_are_counted(room: Room) -> None:
    board = BleBoard(device())
    with BoardLink(room(board).radio()) as link:
        threading.Timer(0.3, board.stall, (2.0,)).start()
        found = events_for(link, 2.7)
    assert inertial(found) + lost_in(found) == board.device.sent
    assert not any(isinstance(event, LinkInterrupted) for event in found)
    assert board.device.core.health.imu_dropped == lost_in(found) > 0


def test_everything_is_read_before_a_loss_is_told(room: Room) -> None:
    board = BleBoard(device())
    radio = room(board).radio()
    radio.open()
    radio.write(_core.encode(_core.AskHello(), 0))
    time.sleep(0.2)
    board.unplug()
    time.sleep(0.3)
    assert _core.PacketDecoder().feed_datagram(radio.read(0.0))
    with pytest.raises(LinkError, match="connection was lost"):
        while True:
            assert radio.read(0.0)
    radio.close()


def test_leaving_is_not_taken_for_a_loss(room: Room) -> None:
    board = BleBoard(device())
    radio = room(board).radio()
    radio.open()
    session: Any = radio._session
    radio.close()
    time.sleep(0.1)
    drained = [session.read(0.0)]
    while drained[-1]:
        drained.append(session.read(0.0))
    with pytest.raises(LinkError, match="not connected"):
        radio.read(0.0)
