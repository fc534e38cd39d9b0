"""`board_calibration.h`: what a board remembers without power, and when it writes it down."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture import _core
from tests.core import independent_wire as independent
from tests.core.test_device import LABELS, identity

SAMPLES = 16
STEP_US = 8403
OFFSET_DPS = 21.0  # of 0.07 deg/s a count, 300 counts
Int8Array = NDArray[np.int8]


def firmware() -> _core.Firmware:
    params = _core.FirmwareParams(
        _core.ConditionerParams(20_000, learning=_core.LearningParams()),
        _core.WindowParams(SAMPLES, 8),
        _core.FeatureParams(np.zeros(6, np.float32), np.ones(6, np.float32)),
        _core.QuantisationParams(0.05, 0),
        _core.DecisionParams([_core.NEVER] * len(LABELS), 1, 500_000),
    )
    return _core.Firmware(params, lambda _: np.zeros(len(LABELS), np.int8))


class Board:
    """Lies on a table, and is asked with commands now and then."""

    def __init__(self, model_id: bytes = b"model..1") -> None:
        self.identity = identity()
        self.identity.model_id = model_id
        self.device = _core.Device(self.identity, LABELS, firmware())
        self.now_us = 0
        self._asked = 0

    def start(self) -> independent.Packet:
        """Power-up and a host; returns how the board introduces itself."""
        self.device.link_up(244, 100_000, self.now_us)
        hello = independent.decode_packet(self._said()[0])
        command = _core.Start()
        command.streams = _core.STREAM_DRIFT
        self.tell(command)
        return hello

    def rest(self, seconds: float) -> list[independent.Packet]:
        """So long, in pieces of a tenth of a second; returns what it says in the meantime."""
        said: list[bytes] = []
        for _ in range(round(seconds * 10)):
            times_us = self.now_us + STEP_US * np.arange(1, 12 + 1)
            counts = np.tile(np.array([0, 0, 8197, 300, 0, -300], np.int16), (12, 1))
            counts[::2, 3] += 1
            self.device.take(times_us % 2**32, counts)
            self.now_us = int(times_us[-1])
            self.device.poll(self.now_us % 2**32)
            self.tell(_core.Heartbeat())
            said += self._said()
        return [independent.decode_packet(packet) for packet in said]

    def tell(self, command: object) -> None:
        self._asked += 1
        packet = _core.encode(command, self._asked)  # type: ignore[call-overload]
        self.device.receive_datagram(packet, self.now_us % 2**32)

    def calibrate(self, name: bytes = b"profile1", offset_g: float = 0.05) -> None:
        wanted = _core.Calibration()
        wanted.calibration_id = name
        acc = [*np.eye(3).ravel(), offset_g, 0, 0]
        wanted.values = np.array([*acc, *np.eye(3).ravel(), 0, 0, 0], np.float32)
        self.tell(wanted)

    def _said(self) -> list[bytes]:
        found = []
        while (packet := self.device.transmit()) is not None:
            found.append(packet)
        return found


def drifts(packets: list[independent.Packet]) -> list[independent.Fields]:
    return [packet.fields for packet in packets if packet.name == "Drift"]


def bias_of(fields: independent.Fields) -> list[float]:
    bias = fields["bias_dps"]
    assert isinstance(bias, list)
    return bias


def test_a_calibration_outlives_the_power() -> None:
    board = Board()
    assert board.start().fields["calibration_id"] == bytes(8).hex()
    board.calibrate()
    board.rest(0.1)
    board.device.reset()
    assert board.start().fields["calibration_id"] == b"profile1".hex()


def test_the_last_offset_is_known_after_a_start() -> None:
    board = Board()
    board.start()
    found = drifts(board.rest(65))
    assert found[-1]["flags"] == _core.DRIFT_AT_REST
    assert np.allclose(bias_of(found[-1]), [OFFSET_DPS, 0, -OFFSET_DPS], atol=0.1)
    board.device.reset()
    board.start()
    (first,) = drifts(board.rest(1.1))
    assert first["flags"] == _core.DRIFT_RECALLED
    assert first["rest_age_s"] == _core.NEVER_RESTED
    assert np.allclose(bias_of(first), [OFFSET_DPS, 0, -OFFSET_DPS], atol=0.1)
    assert first["bias_sigma_dps"] == pytest.approx(1.0, abs=0.01)  # as sensors are after a start
    settled = drifts(board.rest(3.0))[-1]
    assert settled["flags"] == _core.DRIFT_RECALLED | _core.DRIFT_AT_REST
    assert float(str(settled["bias_sigma_dps"])) < 0.1


def test_without_a_rest_nothing_is_remembered_of_the_offset() -> None:
    board = Board()
    board.start()
    board.calibrate()
    board.rest(0.1)
    board.device.reset()
    board.start()
    (first,) = drifts(board.rest(1.1))
    assert first["flags"] == 0 or first["flags"] == _core.DRIFT_AT_REST


def test_flash_is_spared() -> None:
    """Two hours on a table: the first minute, then every half hour."""
    board = Board()
    board.start()
    content, writes = board.device.flash.content, 0
    for _ in range(120):
        board.rest(60)
        writes += board.device.flash.content != content
        content = board.device.flash.content
    assert writes in (4, 5)


def test_a_calibration_for_another_model_is_left_alone() -> None:
    board = Board()
    board.start()
    board.calibrate()
    board.rest(0.1)
    other = Board(b"model..2")
    other.device.flash.content = board.device.flash.content
    other.device.reset()
    assert other.start().fields["calibration_id"] == bytes(8).hex()


@pytest.mark.parametrize("at", [0, 5, 8, 200, 400])
def test_a_damaged_memory_is_none(at: int) -> None:
    board = Board()
    board.start()
    board.calibrate()
    board.rest(0.1)
    content = bytearray(board.device.flash.content)
    content[at] ^= 4
    board.device.flash.content = bytes(content)
    board.device.reset()
    assert board.start().fields["calibration_id"] == bytes(8).hex()


def test_what_comes_after_a_start_has_the_same_bits_as_if_it_was_told_then() -> None:
    """A board that recalls a calibration corrects as one that is told the same."""
    recalls, told = Board(), Board()
    recalls.start()
    recalls.calibrate()
    recalls.rest(0.1)
    recalls.device.reset()
    recalls.start()
    told.start()
    told.calibrate()
    assert drifts(recalls.rest(5))[-1]["acc_offset_g"] == drifts(told.rest(5))[-1]["acc_offset_g"]
