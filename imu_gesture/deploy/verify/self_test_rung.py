"""What the board finds out about itself, when it is asked."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from imu_gesture import _core
from imu_gesture.deploy.verify.rung import Rung, failed, passed, skipped
from imu_gesture.link.answers import status_of
from imu_gesture.link.board_link import BoardLink

_ANSWER = struct.Struct("<BBBBIffff")  # docs/protocol.md
PARTS = (
    "self-test: model's checksum",
    "self-test: golden windows",
    "self-test: rate",
    "self-test: gravity",
    "self-test: gyroscope's offset",
    "self-test: axes",
)
_CURES = (
    "no model, or a sketch without a checksum",
    "deploy where tflite-micro is installed (Linux), so that scores are known",
    "wait a second",
    "let the board lie still for two seconds",
    "let the board lie still for two seconds",
    "turn it about each axis by a quarter, and let it lie for two seconds after each turn",
)


@dataclass(frozen=True)
class SelfTest:
    """A board's answer; `failed` and `untested` are bits, in the order of `PARTS`.

    turn_error: how far gravity was from where a turn should have taken it; 0 right, 2 opposite.
    """

    failed: int
    untested: int
    right_windows: int
    windows: int
    model_crc: int
    rate_hz: float
    gravity_g: float
    offset_dps: float
    turn_error: float


def read_self_test(data: bytes) -> SelfTest:
    """Of an answer's data."""
    return SelfTest(*_ANSWER.unpack_from(data))


def self_test_rungs(link: BoardLink, tflite: bytes) -> list[Rung]:
    """One for each part; the checksum is also held against `tflite`."""
    ack = link.order(_core.AskSelfTest())
    if ack.status == _core.AckStatus.UNKNOWN_COMMAND.value:
        return [skipped("self-test", "the board's sketch has none; deploy the sketch anew")]
    if ack.status != _core.AckStatus.DONE.value:
        return [skipped("self-test", f"the board does not take it ({status_of(ack)})")]
    found = read_self_test(bytes(ack.data))
    details = _details(found, link.info.stated_rate_hz or 0.0)
    rungs = [_rung(number, found, details[number]) for number in range(len(PARTS))]
    if rungs[0].state == "passed" and found.model_crc != zlib.crc32(tflite):
        rungs[0] = failed(PARTS[0], f"{details[0]}, {zlib.crc32(tflite):08x} here: another model")
    return rungs


def _rung(number: int, found: SelfTest, detail: str) -> Rung:
    if found.failed >> number & 1:
        return failed(PARTS[number], detail)
    if found.untested >> number & 1:
        return skipped(PARTS[number], _CURES[number])
    return passed(PARTS[number], detail)


def _details(found: SelfTest, stated_hz: float) -> tuple[str, ...]:
    return (
        f"{found.model_crc:08x} in flash",
        f"{found.right_windows} of {found.windows} have their scores",
        f"{found.rate_hz:.1f} samples a second, {stated_hz:.1f} stated",
        f"{found.gravity_g:.2f} g at rest",
        f"{found.offset_dps:.1f} deg/s at rest",
        f"a turn's end is {found.turn_error:.2f} g from where it should be, at worst",
    )
