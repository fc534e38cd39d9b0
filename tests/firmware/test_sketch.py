"""The sketch itself, compiled here and talked to: wiring, sensor counts, identity, complaints."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import read_run
from imu_gesture.errors import LinkError
from imu_gesture.link.conversation import Conversation
from imu_gesture.link.link import GestureReported, HealthReported, LinkEvent, SamplesReceived
from imu_gesture.samples import concatenate
from tests.firmware.compilers import BOARD_FLAGS, HERE, STRICT_FLAGS

SKETCH = HERE.parents[1] / "firmware_sketch"
SOURCES = [HERE / "arduino" / "main.cpp", *sorted((SKETCH / "src" / "board").glob("*.cpp"))]
pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")


def build(folder: Path, answers: int) -> Path:
    program = folder / f"sketch{answers}"
    include = [f"-I{HERE / 'arduino'}", f"-I{SKETCH}", f"-DLSM9DS1_ANSWERS={answers}"]
    flags = [*BOARD_FLAGS, *STRICT_FLAGS, *include]
    subprocess.run(["g++", *flags, *map(str, SOURCES), "-o", str(program)], check=True)
    return program


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sketch")


class Board:
    """A running sketch and the host's side of a conversation with it."""

    def __init__(self, program: Path) -> None:
        self._process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.conversation = Conversation(stream=True)
        self.conversation.connect()
        self.events: list[LinkEvent] = []

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

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


@pytest.fixture
def board(folder: Path) -> Iterator[Board]:
    running = Board(build(folder, answers=1))
    yield running
    running.close()


def test_it_introduces_itself_with_its_model(board: Board) -> None:
    board.talk(0.5)
    manifest, _ = read_run(demonstration.FOLDER)
    info = board.conversation.info
    assert info is not None
    assert (info.board, info.device_id) == ("nano33ble-rev1", "1122334455667788")
    assert info.gyr_dps_per_lsb == pytest.approx(0.070)
    assert tuple(board.conversation.labels) == manifest.label_names


def test_every_count_of_the_sensor_arrives_and_gestures_are_reported(board: Board) -> None:
    board.talk(0.5)
    board.conversation.start()
    board.talk(2.5)
    parts = [e.samples for e in board.events if isinstance(e, SamplesReceived)]
    samples = concatenate(parts)
    assert len(samples) == pytest.approx(2.5 * 119, rel=0.1)
    assert np.all(np.diff(samples.sequence) == 1)
    scales = np.array([0.000122] * 3 + [0.070] * 3, np.float32)
    counts = np.rint(np.hstack([samples.acc_g, samples.gyr_or_zero_dps]) / scales)
    first = int(round(pow(7919, -1, 2**16) * int(counts[0, 0])) % 2**16)
    ramp = (first + np.arange(len(samples))[:, None] + np.arange(6)) * 7919
    assert np.array_equal(counts, ramp.astype(np.uint16).view(np.int16))
    gestures = [e for e in board.events if isinstance(e, GestureReported)]
    assert [gesture.label for gesture in gestures] == ["circle"]
    health = [e.health for e in board.events if isinstance(e, HealthReported)][-1]
    assert health.arena_used_bytes == 1234
    assert health.imu_dropped == 0


def test_a_board_without_sensor_says_so(folder: Path) -> None:
    running = Board(build(folder, answers=0))
    try:
        with pytest.raises(LinkError, match="the board reports: no IMU answers"):
            running.talk(3.0)
    finally:
        running.close()
