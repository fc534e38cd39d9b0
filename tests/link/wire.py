"""A board and a host with an unreliable link between them, in simulated time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from imu_gesture import _core
from imu_gesture.link.conversation import Conversation
from imu_gesture.link.link import LinkEvent, SamplesLost, SamplesReceived
from imu_gesture.link.virtual.faults import FaultParams, FaultyPath

STEP_S = 0.004
PERIOD_US = 8403


def identity() -> _core.Hello:
    hello = _core.Hello()
    hello.board_revision = 1
    hello.device_id = b"board-01"
    hello.acc_g_per_lsb, hello.gyr_dps_per_lsb, hello.mag_ut_per_lsb = 0.000122, 0.07, 0.014
    hello.imu_rate_hz = 119.0
    return hello


@dataclass
class Wire:
    """`stream`: frames on a byte stream, as USB has it; else datagrams, as BLE has them."""

    stream: bool
    faults: FaultParams = field(default_factory=FaultParams)
    seed: int = 0
    labels: tuple[str, ...] = ("circle", "größe")
    plugged: bool = True
    events: list[LinkEvent] = field(default_factory=list)
    now_s: float = 0.0
    counts: list[tuple[int, ...]] = field(default_factory=list)
    started_at: int | None = None  # numbered by the board when it first obeyed a Start
    stopped_at: int = 0  # and when it last stopped

    def __post_init__(self) -> None:
        self.device = _core.Device(identity(), list(self.labels), None)
        self.conversation = Conversation(self.stream)
        self._up = FaultyPath(self.faults, self.seed)
        self._down = FaultyPath(self.faults, self.seed + 1)
        self._rng = np.random.default_rng(self.seed)
        self._boot_us = 0
        self._next_us = PERIOD_US
        self.connect()

    @property
    def device_us(self) -> int:
        return round(self.now_s * 1e6) - self._boot_us

    def connect(self) -> None:
        self.plugged = True
        self.device.link_up(182, 20_000, self.device_us)
        self.conversation.connect()

    def unplug(self) -> None:
        self.plugged = False
        self.device.link_down()

    def reset(self) -> None:
        self.device.reset()
        self._boot_us = round(self.now_s * 1e6)
        self._next_us = PERIOD_US
        self.device.link_up(182, 20_000, 0)

    def introduce(self) -> None:
        """Until every question is answered."""
        while not self.conversation.idle:
            self.step()

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            self.step()

    def step(self) -> None:
        self.now_s += STEP_S
        while self._next_us <= self.device_us:
            sample = self._rng.integers(-32768, 32768, (1, 6), np.int16)
            self.device.take(np.array([self._next_us]), sample)
            self.counts.append(tuple(sample[0].tolist()))
            self._next_us += PERIOD_US
        self.device.poll(self.device_us)
        if not self.plugged:
            return
        message = self.conversation.due(self.now_s)
        if message is not None:
            for part in self._down.carry(message):
                self._deliver(part)
        while (packet := self.device.transmit()) is not None:
            frame = _core.frame(packet) if self.stream else packet
            for part in self._up.carry(frame):
                self.events += self.conversation.receive(part, self.now_s)

    def _deliver(self, part: bytes) -> None:
        was_streaming = self.device.streaming
        receive = self.device.receive_stream if self.stream else self.device.receive_datagram
        receive(part, self.device_us)
        numbered = self.device.health.imu_numbered
        if self.device.streaming and self.started_at is None:
            self.started_at = numbered
        if was_streaming and not self.device.streaming:
            self.stopped_at = numbered

    @property
    def received(self) -> int:
        return sum(len(e.samples) for e in self.events if isinstance(e, SamplesReceived))

    @property
    def lost(self) -> int:
        return sum(e.count or 0 for e in self.events if isinstance(e, SamplesLost))
