"""The self-test: a healthy board passes, and each fault fails the part that is meant for it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.deploy.verify.self_test_rung import read_self_test
from imu_gesture.samples import Samples
from imu_gesture.simulation.chips import BMI270_BOARD, LSM9DS1_BOARD
from imu_gesture.simulation.dance import DancePlan, Dancer
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.faults import FAULTS
from imu_gesture.simulation.signals import ideal_signals
from tests.core import independent_wire as independent
from tests.core.self_tested import (
    AXES,
    GOLDEN,
    GRAVITY,
    INPUTS,
    MODEL,
    OFFSET,
    RATE,
    WEIGHTS,
    Board,
    damaged,
    firmware,
)

SENSORS = RATE | GRAVITY | OFFSET | AXES
CHIPS = {"lsm9ds1": LSM9DS1_BOARD, "bmi270": BMI270_BOARD}
FACES = DancePlan(rest_s=3.0, turns=0, eight_s=0.0)


def six_faces(sensors: Device, seed: int) -> Samples:
    return sensors.measure(ideal_signals(Dancer(seed).perform(FACES)))


def lying(seed: int = 300) -> tuple[Device, Samples]:
    sensors = Device(BMI270_BOARD, seed)
    plan = DancePlan(rest_s=4.0, poses=(), turns=0, eight_s=0.0)
    return sensors, sensors.measure(ideal_signals(Dancer(seed).perform(plan)))


@pytest.mark.parametrize("seed", range(100, 106))
@pytest.mark.parametrize("chip", CHIPS)
def test_a_healthy_board_passes_everything(chip: str, seed: int) -> None:
    sensors = Device(CHIPS[chip], seed)
    board = Board(sensors).feel(six_faces(sensors, seed))
    found = board.ask()
    assert (found.failed, found.untested) == (0, 0), found
    assert (found.right_windows, found.windows) == (4, 4)
    assert found.model_crc == zlib.crc32(WEIGHTS)
    assert board.logs() == []


AXIS_FAULTS = [
    name
    for name in FAULTS
    if not name.startswith("magnet") and any(word in name for word in ("flip", "swap", "hand"))
]
SCALE_FAULTS = {"accelerometer in m/s2": GRAVITY, "gyroscope in rad/s": AXES}


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize(
    ("fault", "part"), [*((name, AXES) for name in AXIS_FAULTS), *SCALE_FAULTS.items()]
)
def test_each_fault_of_a_sensor_fails_its_part(fault: str, part: int, chip: str) -> None:
    sensors = Device(CHIPS[chip], 200, faults=[FAULTS[fault]])
    found = Board(sensors).feel(six_faces(sensors, 200)).ask()
    assert found.failed == part, found


def slower(samples: Samples) -> Samples:
    return replace(samples, device_time_us=samples.device_time_us * 108 // 100)


def turning(samples: Samples) -> Samples:
    return replace(samples, gyr_dps=samples.gyr_or_zero_dps + np.float32(20))


def two_g(samples: Samples) -> Samples:
    return replace(samples, acc_g=samples.acc_g * np.float32(2))


@pytest.mark.parametrize(
    ("change", "part"),
    [(slower, RATE), (turning, OFFSET), (two_g, GRAVITY)],
    ids=["slow", "offset", "half the range"],
)
def test_what_a_board_at_rest_cannot_read_is_told(
    change: Callable[[Samples], Samples], part: int
) -> None:
    sensors, samples = lying()
    board = Board(sensors).feel(change(samples))
    assert board.ask().failed == part
    assert len(board.logs()) == 1


def test_nothing_is_judged_before_it_was_seen() -> None:
    sensors, samples = lying()
    assert Board(sensors).ask().untested == SENSORS
    short = samples.rows(samples.device_time_us < samples.device_time_us[0] + 500_000)
    assert Board(sensors).feel(short).ask().untested == SENSORS
    found = Board(sensors).feel(samples).ask()
    assert (found.failed, found.untested) == (0, AXES)


def test_lost_samples_count_for_the_rate() -> None:
    sensors, samples = lying()
    number = np.arange(len(samples))
    board = Board(sensors).feel(samples.rows(number < 40))
    board.device.lose(30)
    board.feel(samples.rows((number >= 70) & (number < 130)))
    found = board.ask()
    assert (found.failed, found.untested) == (0, SENSORS & ~RATE)


@pytest.mark.parametrize("at", range(0, 192, 24))
def test_a_flipped_bit_of_the_model_fails_checksum_and_golden_windows(at: int) -> None:
    sensors, samples = lying()
    board = Board(sensors, damaged(at), damaged(at)).feel(samples)
    found = board.ask()
    assert found.failed == MODEL | GOLDEN
    assert found.right_windows < 4
    assert len(board.logs()) == 2


def test_a_library_that_computes_otherwise_fails_the_golden_windows_alone() -> None:
    sensors, samples = lying()
    assert Board(sensors, runs=damaged(0)).feel(samples).ask().failed == GOLDEN


def test_what_failed_is_told_once_to_each_who_asks() -> None:
    sensors, samples = lying()
    board = Board(sensors, damaged(5)).feel(samples)
    board.device.poll(10_000_000)
    assert board.logs() == ["self-test: the model in flash is damaged"]
    board.device.link_down()
    board.device.link_up(244, 100_000, 10_000_000)
    board.device.poll(10_000_000)
    assert len(board.logs()) == 1  # nobody has asked who is there, and may not listen yet
    board.listen().device.poll(10_000_000)
    assert len(board.logs()) == 2


def answer_of(device: _core.Device, trusted: bool) -> independent.Packet:
    device.link_up(244, 100_000, 0, trusted=trusted)
    device.receive_datagram(_core.encode(_core.AskSelfTest(), 1), 0)
    packets = iter(device.transmit, None)
    return [independent.decode_packet(packet) for packet in packets if packet is not None][-1]


def test_a_board_without_a_proof_says_that_its_model_is_not_tested() -> None:
    answer = answer_of(_core.Device(_core.Hello(), ["a", "b"], firmware(WEIGHTS)), trusted=True)
    found = read_self_test(bytes.fromhex(str(answer.fields["data"])))
    assert (found.failed, found.untested) == (0, MODEL | GOLDEN | SENSORS)


def test_strangers_over_the_air_cannot_ask() -> None:
    answer = answer_of(_core.Device(_core.Hello(), ["a", "b"], firmware(WEIGHTS)), trusted=False)
    assert answer.fields["status"] == int(_core.AckStatus.FORBIDDEN)


def test_a_proof_of_another_models_shape_is_refused() -> None:
    proof = _core.ModelProof(WEIGHTS, 0, INPUTS[:, :8], np.zeros((4, 2), np.int8))
    with pytest.raises(ValueError, match="another model's shape"):
        _core.Device(_core.Hello(), ["a", "b"], firmware(WEIGHTS), proof=proof)
