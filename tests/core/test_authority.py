"""`authority.h`: who may change a board over a link that strangers can reach."""

from __future__ import annotations

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.errors import BoardError
from imu_gesture.link.seal import Seal, new_key
from tests.core import independent_wire as independent
from tests.core.test_board_memory import firmware
from tests.core.test_device import LABELS, identity

DONE, FORBIDDEN = int(_core.AckStatus.DONE), int(_core.AckStatus.FORBIDDEN)
DEVICE_ID = identity().device_id
READING = ("Start", "Stop", "TimeProbe", "GetCalibration", "GetLabel")
CHANGING = (
    *("SetKey", "Calibration", "Reset", "BeginUpdate", "WriteUpdate", "EndUpdate", "RollBack"),
    *("WriteVector", "RunVector"),
)


class Visitor:
    """Whoever is at the other end of a board's link."""

    def __init__(self, device: _core.Device, trusted: bool = False) -> None:
        self.device = device
        self._asked = 0
        device.link_up(244, 100_000, 0, trusted)
        self._said()

    def ask(self, command: object) -> independent.Packet:
        """The answer to a command."""
        self._asked += 1
        self.device.receive_datagram(_core.encode(command, self._asked), 0)  # type: ignore[call-overload]
        return [p for p in self._said() if p.name == "Ack"][-1]

    def status(self, command: object) -> int:
        return int(str(self.ask(command).fields["status"]))

    def prove(self, key: bytes) -> Seal:
        seal = Seal(key)
        answer = self.ask(seal.challenge())
        seal.open(bytes.fromhex(str(answer.fields["data"])), DEVICE_ID)
        return seal

    def _said(self) -> list[independent.Packet]:
        found = []
        while (packet := self.device.transmit()) is not None:
            found.append(independent.decode_packet(packet))
        return found


def board() -> _core.Device:
    return _core.Device(identity(), LABELS, firmware())


def paired(flags: int = _core.KEY_IS_SET) -> tuple[_core.Device, bytes]:
    device, key = board(), new_key()
    command = _core.SetKey()
    command.key, command.flags = key, flags
    assert Visitor(device, trusted=True).status(command) == DONE
    return device, key


def command(name: str) -> object:
    made = getattr(_core, name)()
    if name == "Start":
        made.streams = _core.STREAM_IMU
    return made


@pytest.mark.parametrize("name", CHANGING)
@pytest.mark.parametrize("known", [False, True], ids=["unpaired", "paired"])
def test_a_stranger_changes_nothing(name: str, known: bool) -> None:
    device = paired()[0] if known else board()
    assert Visitor(device).status(command(name)) == FORBIDDEN
    assert not device.reset_requested


@pytest.mark.parametrize("name", READING)
@pytest.mark.parametrize("private", [False, True])
def test_reading_is_free_unless_the_board_is_private(name: str, private: bool) -> None:
    device, key = paired(_core.KEY_IS_SET | (_core.KEY_IS_PRIVATE if private else 0))
    assert (Visitor(device).status(command(name)) == FORBIDDEN) == private
    visitor = Visitor(device)
    seal = visitor.prove(key)
    assert visitor.status(seal.wrapped(command(name))) != FORBIDDEN


def test_only_a_board_that_nobody_has_paired_blinks_for_anybody() -> None:
    assert Visitor(board()).status(_core.Identify()) == DONE
    assert Visitor(paired()[0]).status(_core.Identify()) == FORBIDDEN


def test_over_usb_everything_is_allowed() -> None:
    visitor = Visitor(paired()[0], trusted=True)
    assert all(visitor.status(command(name)) != FORBIDDEN for name in (*READING, *CHANGING))


def test_who_has_the_key_changes_the_board_and_it_outlives_the_power() -> None:
    device, key = paired()
    device.reset()
    visitor = Visitor(device)
    assert visitor.status(visitor.prove(key).wrapped(_core.Reset())) == DONE
    assert device.reset_requested


def test_a_wrong_key_is_noticed_on_both_sides() -> None:
    device, _ = paired()
    visitor, seal = Visitor(device), Seal(new_key())
    answer = visitor.ask(seal.challenge())
    with pytest.raises(BoardError, match="paired with another computer"):
        seal.open(bytes.fromhex(str(answer.fields["data"])), DEVICE_ID)
    assert visitor.status(seal.wrapped(_core.Reset())) == FORBIDDEN


def test_what_was_heard_cannot_be_said_again() -> None:
    device, key = paired()
    visitor = Visitor(device)
    seal = visitor.prove(key)
    sealed = [seal.wrapped(command("GetCalibration")) for _ in range(3)]
    assert visitor.status(sealed[1]) == DONE
    assert [visitor.status(old) for old in sealed] == [FORBIDDEN, FORBIDDEN, DONE]
    assert Visitor(device).status(sealed[2]) == FORBIDDEN  # nor on another connection
    again = Visitor(device)
    again.prove(key)
    assert again.status(sealed[2]) == FORBIDDEN  # nor in another session
    device.reset()
    after = Visitor(device)
    after.prove(key)
    assert after.status(sealed[2]) == FORBIDDEN  # nor after a start


def test_a_challenge_is_never_answered_twice_alike() -> None:
    device, key = paired()
    answers = set()
    for _ in range(20):
        device.reset()
        visitor = Visitor(device)
        asked = _core.Challenge()
        answers |= {str(visitor.ask(asked).fields["data"]) for _ in range(5)}
    assert len(answers) == 100
    assert key


@pytest.mark.parametrize("part", ["counter", "command", "tag", "bytes"])
def test_a_changed_seal_is_refused(part: str) -> None:
    device, key = paired()
    visitor = Visitor(device)
    seal = visitor.prove(key)
    identify = _core.Identify()
    sealed = seal.wrapped(identify)
    value = getattr(sealed, part)
    changed = value + 1 if isinstance(value, int) else bytes([value[0] ^ 1]) + value[1:]
    setattr(sealed, part, changed)
    assert visitor.status(sealed) == FORBIDDEN
    assert not device.identifying
    assert visitor.status(seal.wrapped(identify)) == DONE


def test_after_many_wrong_tags_the_session_is_over() -> None:
    device, key = paired()
    visitor = Visitor(device)
    seal = visitor.prove(key)
    good = seal.wrapped(_core.Reset())
    good.counter = 1000
    for _ in range(16):
        assert visitor.status(good) == FORBIDDEN
    assert visitor.status(seal.wrapped(_core.Reset())) == FORBIDDEN
    assert visitor.status(visitor.prove(key).wrapped(_core.Reset())) == DONE


@pytest.mark.parametrize("seed", range(3))
def test_random_and_forged_commands_are_not_obeyed(seed: int) -> None:
    """Short here; `benchmarks/update.py` does a million."""
    device, key = paired()
    visitor = Visitor(device)
    seal = visitor.prove(key)
    before = device.flash.content
    rng = np.random.default_rng(seed)
    kinds = [getattr(_core, name) for name in CHANGING]
    for i in range(2000):
        sealed = seal.wrapped(kinds[i % len(kinds)]())
        sealed.tag = rng.bytes(8)
        sealed.counter = int(rng.integers(1, 2**32))
        assert visitor.status(sealed) == FORBIDDEN
        if i % 10 == 0:
            visitor = Visitor(device)
            seal = visitor.prove(key)
    assert device.flash.content == before
    assert not device.reset_requested


def test_forgetting_the_key_closes_the_air() -> None:
    device, key = paired()
    assert Visitor(device, trusted=True).status(_core.SetKey()) == DONE
    visitor = Visitor(device)
    asked = Seal(key).challenge()
    assert visitor.status(asked) == FORBIDDEN
