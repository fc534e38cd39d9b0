"""The sketch itself, compiled here with modelled sensors and talked to."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import read_run
from imu_gesture.errors import LinkError
from imu_gesture.link.conversation import Conversation
from imu_gesture.link.link import GestureReported, HealthReported, LinkEvent, SamplesReceived
from imu_gesture.samples import Samples, concatenate
from tests.firmware import sketch_bench

NAMES = {1: "nano33ble-rev1", 2: "nano33ble-rev2"}
RATES_HZ = {1: 119, 2: 100}
MAG_RATES_HZ = {1: 20, 2: 10}
TURN_DPS = np.array([60.0, -40.0, 70.0])  # as in host.cpp
GYR_DPS_PER_LSB = {1: 0.070, 2: 1 / 16.384}
pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sketch_bench.build(
        sketch_bench.ARDUINO / "main.cpp", tmp_path_factory.mktemp("sketch") / "sketch"
    )


class Sketch:
    """A running sketch and the host's side of a conversation with it."""

    def __init__(self, program: Path, sensors: int, silent_after_s: float) -> None:
        self._process = subprocess.Popen(
            [program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"SENSORS": str(sensors), "SILENT_AFTER_US": str(silent_after_s * 1e6)},
        )
        self.conversation = Conversation(stream=True)
        self.conversation.connect()
        self.events: list[LinkEvent] = []

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def samples(self) -> Samples:
        return concatenate([e.samples for e in self.events if isinstance(e, SamplesReceived)])

    def talk(self, seconds: float) -> None:
        end_s = time.monotonic() + seconds
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        while time.monotonic() < end_s:
            message = self.conversation.due(time.monotonic())
            if message is not None:
                stdin.write(message)
                stdin.flush()
            if select.select([stdout], [], [], 0.01)[0]:
                data = os.read(stdout.fileno(), 4096)
                self.events += self.conversation.receive(data, time.monotonic())


@contextmanager
def running(program: Path, sensors: int, silent_after_s: float = 1e6) -> Iterator[Sketch]:
    sketch = Sketch(program, sensors, silent_after_s)
    try:
        yield sketch
    finally:
        sketch.close()


def test_it_introduces_itself_and_all_sensors_arrive(program: Path, board: int) -> None:
    with running(program, board) as sketch:
        sketch.talk(0.9)
        manifest, _ = read_run(demonstration.FOLDER)
        info = sketch.conversation.info
        assert info is not None
        assert (info.board, info.device_id) == (NAMES[board], "1122334455667788")
        assert info.gyr_dps_per_lsb == pytest.approx(GYR_DPS_PER_LSB[board])
        assert tuple(sketch.conversation.labels) == manifest.label_names
        sketch.conversation.start()
        sketch.talk(2.5)
    samples = sketch.samples()
    passed_s = (samples.device_time_us[-1] - samples.device_time_us[0]) * 1e-6
    assert passed_s > 1.5
    assert len(samples) == pytest.approx(passed_s * RATES_HZ[board], abs=3)
    assert np.all(np.diff(samples.sequence) == 1)
    assert np.abs(samples.gyr_or_zero_dps - TURN_DPS).max() < 0.1
    assert np.abs(np.linalg.norm(samples.acc_g, axis=1) - np.sqrt(0.9909)).max() < 0.001
    assert len(samples.mag_ut) == pytest.approx(passed_s * MAG_RATES_HZ[board], abs=4)
    assert np.abs(np.linalg.norm(samples.mag_ut, axis=1) - np.sqrt(2285)).max() < 0.5
    gestures = [e for e in sketch.events if isinstance(e, GestureReported)]
    assert [gesture.label for gesture in gestures] == ["circle"]
    health = [e.health for e in sketch.events if isinstance(e, HealthReported)][-1]
    assert health.arena_used_bytes == 1234
    assert (health.imu_dropped, health.imu_fifo_lost) == (0, 0)


def test_a_board_without_sensor_says_so(program: Path) -> None:
    complaint = pytest.raises(LinkError, match="the board reports: no IMU answers")
    with running(program, 0) as sketch, complaint:
        sketch.talk(3.0)


def test_a_sensor_that_loses_its_supply_comes_back(program: Path, board: int) -> None:
    with running(program, board, silent_after_s=1.5) as sketch:
        sketch.talk(0.8)
        sketch.conversation.start()
        sketch.talk(3.5)
    samples = sketch.samples()
    gaps_us = np.diff(samples.device_time_us)
    assert np.count_nonzero(gaps_us > 100_000) == 1
    assert 400_000 < gaps_us.max() < 2_500_000
    assert np.abs(samples.gyr_or_zero_dps - TURN_DPS).max() < 0.1
