"""`model_updates.h`: a model that comes over a link runs, or the one before goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture import _core
from tests.core.test_authority import Visitor
from tests.core.test_device import LABELS, identity

Int8Array = NDArray[np.int8]
Classify = Callable[[Int8Array], Int8Array]
SAMPLES, CHANNELS = 16, 6
DONE = int(_core.AckStatus.DONE)
FAILED, BAD = int(_core.AckStatus.FAILED), int(_core.AckStatus.BAD_ARGUMENT)
BUILT_IN_ID = b"builtin1"


def params(classes: int, samples: int = SAMPLES) -> _core.FirmwareParams:
    return _core.FirmwareParams(
        _core.ConditionerParams(20_000, learning=_core.LearningParams()),
        _core.WindowParams(samples, 4),
        _core.FeatureParams(np.zeros(6, np.float32), np.ones(6, np.float32)),
        _core.QuantisationParams(0.05, -3),
        _core.DecisionParams([200] * classes, 2, 300_000),
    )


def answer_of(model: bytes, window: Int8Array) -> Int8Array:
    """A model that answers by its bytes and its input, so that none is taken for another."""
    digest = hashlib.sha256(model + window.tobytes()).digest()
    return np.frombuffer(digest[: model[0]], np.int8).copy()


def runner(model: bytes) -> Classify | None:
    """Models are bytes whose first tells the classes; a first zero cannot be run."""
    return (lambda window: answer_of(model, window)) if model[0] else None


def model(number: int, classes: int = 4, size: int = 6000) -> bytes:
    return bytes([classes]) + np.random.default_rng(number).bytes(size)


def package(content: bytes, wrong_scores: bool = False, **changes: object) -> bytes:
    classes = content[0] or 4
    golden = np.random.default_rng(0).integers(-128, 128, (3, SAMPLES, CHANNELS), np.int8)
    scores = np.array([answer_of(bytes([classes]) + content[1:], w) for w in golden], np.int8)
    if wrong_scores:
        scores[2, 0] ^= 1
    entries = {
        "params": params(classes),
        "labels": [f"größe {i}" for i in range(classes)],
        "model_id": hashlib.sha256(content).digest()[:8],
        "arena_bytes": 4096,
        "golden": golden,
        "scores": scores,
        "model": content,
    }
    return _core.model_package(**(entries | changes))  # type: ignore[arg-type]


def board(flash: bytes | None = None, built_in_id: bytes = BUILT_IN_ID) -> _core.Device:
    built_in = model(0, len(LABELS))
    who = identity()
    who.model_id = built_in_id
    firmware = _core.Firmware(params(len(LABELS)), lambda window: answer_of(built_in, window))
    device = _core.Device(who, LABELS, firmware, open_model=runner, arena_bytes=8192)
    if flash is not None:
        device.flash.content = flash
        device.reset()
    return device


def begin(visitor: Visitor, content: bytes, size: int | None = None) -> int:
    command = _core.BeginUpdate()
    command.size = len(content) if size is None else size
    command.sha256 = hashlib.sha256(content).digest()
    return visitor.status(command)


def write(visitor: Visitor, content: bytes, start: int = 0, piece: int = 224) -> int:
    """The first status that is not DONE, else DONE."""
    for at in range(start, len(content), piece):
        part = _core.WriteUpdate()
        part.offset, part.bytes = at, content[at : at + piece]
        status = visitor.status(part)
        if status != DONE:
            return status
    return DONE


def send(visitor: Visitor, content: bytes) -> tuple[int, int]:
    """Status and result of the whole update."""
    assert begin(visitor, content) == DONE
    assert write(visitor, content) == DONE
    ack = visitor.ask(_core.EndUpdate())
    return int(str(ack.fields["status"])), bytes.fromhex(str(ack.fields["data"]))[0]


def runs(device: _core.Device) -> bytes:
    """The id of the model that runs, checked against what it answers."""
    Visitor(device, trusted=True)  # a connection
    ask = _core.AskHello()
    device.receive_datagram(_core.encode(ask, 999), 0)
    packets = []
    while (packet := device.transmit()) is not None:
        packets.append(packet)
    (hello,) = [p for p in map(visitor_packet, packets) if p is not None]
    return bytes(hello.model_id)


def visitor_packet(packet: bytes) -> _core.Hello | None:
    (found,) = _core.PacketDecoder().feed_datagram(packet)
    return found if isinstance(found, _core.Hello) else None


def scores_of(visitor: Visitor, window: Int8Array) -> Int8Array:
    part = _core.WriteVector()
    part.offset, part.bytes = 0, window.tobytes()
    assert visitor.status(part) == DONE
    data = bytes.fromhex(str(visitor.ask(_core.RunVector()).fields["data"]))
    return np.frombuffer(data, np.int8)


def test_a_new_model_runs_at_once_and_after_the_next_start() -> None:
    device, content = board(), model(1)
    assert runs(device) == BUILT_IN_ID
    assert send(Visitor(device, trusted=True), package(content)) == (DONE, 0)
    window = np.random.default_rng(5).integers(-128, 128, (SAMPLES, CHANNELS), np.int8)
    for _ in range(2):
        visitor = Visitor(device, trusted=True)
        assert np.array_equal(scores_of(visitor, window), answer_of(content, window))
        ask = _core.GetLabel()
        ask.index = 3
        label = bytes.fromhex(str(visitor.ask(ask).fields["data"])).decode()
        assert label == "größe 3"
        assert runs(device) == hashlib.sha256(content).digest()[:8]
        device.reset()


def test_updates_alternate_between_two_places_and_roll_back() -> None:
    device = board()
    visitor = Visitor(device, trusted=True)
    for number in range(1, 5):
        assert send(visitor, package(model(number))) == (DONE, 0)
    ids = {n: hashlib.sha256(model(n)).digest()[:8] for n in range(1, 5)}
    assert runs(device) == ids[4]
    visitor = Visitor(device, trusted=True)
    assert visitor.status(_core.RollBack()) == DONE
    assert runs(device) == ids[3]
    device.reset()
    assert runs(device) == ids[3]
    assert Visitor(device, trusted=True).status(_core.RollBack()) == DONE
    assert runs(device) == BUILT_IN_ID
    assert Visitor(device, trusted=True).status(_core.RollBack()) == FAILED


REFUSED = {
    "no package": (bytes(2000), 1),
    "of another version": (package(model(1))[:4] + b"\x09\0" + package(model(1))[6:], 2),
    "a window that is too long": (
        package(
            model(1),
            params=params(4, 256),
            golden=np.zeros((0, 256, 6), np.int8),
            scores=np.zeros((0, 4), np.int8),
        ),
        0,
    ),
    "an arena that is too large": (package(model(1), arena_bytes=8193), 5),
    "an operator that is missing": (package(bytes([0]) + model(1)[1:]), 17),
    "other scores than promised": (package(model(1), wrong_scores=True), 18),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("after", ["built-in", "update"])
def test_what_cannot_be_run_is_refused_and_the_model_before_goes_on(name: str, after: str) -> None:
    content, result = REFUSED[name]
    device = board()
    if after == "update":
        send(Visitor(device, trusted=True), package(model(7)))
    before = runs(device)
    status, found = send(Visitor(device, trusted=True), content)
    assert (status, found) == (DONE if result == 0 else FAILED, result)
    if result:
        assert runs(device) == before
        device.reset()
        assert runs(device) == before


def test_what_is_not_what_was_announced_is_refused() -> None:
    device = board()
    visitor = Visitor(device, trusted=True)
    content = package(model(1))
    assert begin(visitor, content, size=_core.MODEL_ROOM + 1) == BAD
    assert begin(visitor, content, size=0) == BAD
    assert write(visitor, content) == BAD  # nothing was begun
    assert begin(visitor, content) == DONE
    assert write(visitor, content, start=224) == BAD  # out of turn
    assert write(visitor, content[: len(content) // 4 * 4 - 4]) == DONE
    assert visitor.status(_core.EndUpdate()) == FAILED  # incomplete
    assert begin(visitor, content) == DONE
    assert write(visitor, content[:-1] + bytes([content[-1] ^ 1])) == DONE
    assert visitor.status(_core.EndUpdate()) == FAILED  # another
    assert runs(device) == BUILT_IN_ID


def test_a_model_that_crashed_the_board_is_not_tried_again() -> None:
    device = board()
    send(Visitor(device, trusted=True), package(model(1)))
    flash = bytearray(device.flash.content)
    slot = flash.index(b"ISLT")
    flash[slot + 68 : slot + 72] = b"\xff" * 4  # tried, and never kept
    again = board(bytes(flash))
    assert runs(again) == BUILT_IN_ID


def test_a_new_sketch_runs_its_own_model_and_not_one_of_before() -> None:
    device = board()
    send(Visitor(device, trusted=True), package(model(1)))
    assert runs(board(device.flash.content)) != BUILT_IN_ID
    assert runs(board(device.flash.content, b"builtin2")) == b"builtin2"


def test_a_bit_that_flips_in_flash_is_noticed_at_the_next_start() -> None:
    device = board()
    send(Visitor(device, trusted=True), package(model(1)))
    flash = bytearray(device.flash.content)
    at = flash.index(model(1)[:64]) + 3000
    flash[at] ^= 2
    assert runs(board(bytes(flash))) == BUILT_IN_ID


@pytest.mark.parametrize("seed", range(40))
def test_power_may_fail_anywhere_in_an_update(seed: int) -> None:
    """Short here; `benchmarks/update.py` cuts a thousand times."""
    rng = np.random.default_rng(seed)
    device = board()
    old, new = model(1), package(model(2))
    send(Visitor(device, trusted=True), package(old))
    device.flash.cut_after(int(rng.integers(0, 2 * len(new))))
    visitor = Visitor(device, trusted=True)
    finished = False
    if begin(visitor, new) == DONE and write(visitor, new) == DONE:
        finished = visitor.status(_core.EndUpdate()) == DONE
    device.flash.cut_after(-1)
    known = {hashlib.sha256(m).digest()[:8] for m in (old, model(2))}
    after = runs(board(device.flash.content))
    assert after in known
    assert not finished or after == hashlib.sha256(model(2)).digest()[:8]


@pytest.mark.parametrize("seed", range(200))
def test_a_package_of_anything_is_read_without_harm(seed: int) -> None:
    rng = np.random.default_rng(seed)
    whole = bytearray(package(model(1, size=600)))
    for _ in range(int(rng.integers(1, 6))):
        whole[int(rng.integers(0, min(len(whole), 700)))] = int(rng.integers(0, 256))
    cut = bytes(whole[: int(rng.integers(0, len(whole) + 1))])
    assert _core.package_problem(cut) in range(6)
