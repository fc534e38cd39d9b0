"""A board that watches its sensors, with a model in which each byte matters."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.deploy.verify.board_rungs import as_counts
from imu_gesture.deploy.verify.self_test_rung import SelfTest, read_self_test
from imu_gesture.samples import Samples
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from tests.core import independent_wire as independent

Int8Array = NDArray[np.int8]
MODEL, GOLDEN, RATE, GRAVITY, OFFSET, AXES = (1 << part for part in range(6))
WEIGHTS = bytes(range(192))
INPUTS = np.random.default_rng(0).integers(-128, 128, (4, 32, 6), np.int8)


def scores_of(model: bytes, window: Int8Array) -> Int8Array:
    """A model in which each byte of its weights matters."""
    products = np.frombuffer(model, np.uint8) * window.ravel().astype(np.int64)
    scores: Int8Array = (products.reshape(-1, 2).sum(axis=0) % 256 - 128).astype(np.int8)
    return scores


def damaged(at: int) -> bytes:
    return WEIGHTS[:at] + bytes([WEIGHTS[at] ^ 1]) + WEIGHTS[at + 1 :]


class Board:
    """A board whose model is `runs`, and in whose flash is `flash`; both should be WEIGHTS."""

    def __init__(self, sensors: Device, flash: bytes = WEIGHTS, runs: bytes = WEIGHTS) -> None:
        self._info = sensors.info
        identity = _core.Hello()
        identity.board_revision = 1 if sensors.chip is LSM9DS1_BOARD else 2
        identity.acc_g_per_lsb = sensors.info.acc_g_per_lsb or 0.0
        identity.gyr_dps_per_lsb = sensors.info.gyr_dps_per_lsb or 0.0
        identity.imu_rate_hz = sensors.chip.rate_hz
        expected = np.array([scores_of(WEIGHTS, window) for window in INPUTS])
        proof = _core.ModelProof(flash, zlib.crc32(WEIGHTS), INPUTS, expected)
        self.device = _core.Device(identity, ["a", "b"], firmware(runs), proof=proof)
        self.device.link_up(244, 100_000, 0)
        self.heard: list[independent.Packet] = []
        self._asked = 0
        self.listen()

    def listen(self) -> Board:
        """Ask who is there, as every host does first."""
        self._asked += 1
        ask = _core.AskHello()
        ask.max_packet = 244
        self.device.receive_datagram(_core.encode(ask, self._asked), 0)
        return self

    def feel(self, samples: Samples) -> Board:
        self.device.take(samples.device_time_us, as_counts(samples, self._info))
        self.device.poll(int(samples.device_time_us[-1]))
        return self

    def ask(self) -> SelfTest:
        self._asked += 1
        self.device.receive_datagram(_core.encode(_core.AskSelfTest(), self._asked), 0)
        self.logs()
        ack = [packet for packet in self.heard if packet.name == "Ack"][-1]
        assert ack.fields["status"] == int(_core.AckStatus.DONE)
        return read_self_test(bytes.fromhex(str(ack.fields["data"])))

    def logs(self) -> list[str]:
        while (packet := self.device.transmit()) is not None:
            self.heard.append(independent.decode_packet(packet))
        found = [packet for packet in self.heard if packet.name == "Log"]
        assert {packet.fields["level"] for packet in found} <= {1}  # an error would end a recording
        return [bytes.fromhex(str(packet.fields["text"])).decode() for packet in found]


def firmware(model: bytes) -> _core.Firmware:
    params = _core.FirmwareParams(
        _core.ConditionerParams(20_000, 6, _core.CalibrationParams()),
        _core.WindowParams(32, 5),
        _core.FeatureParams(np.zeros(6, np.float32), np.ones(6, np.float32)),
        _core.QuantisationParams(0.05, 0),
        _core.DecisionParams([256, 256], 1, 500_000),
    )
    return _core.Firmware(params, lambda window: scores_of(model, window))
