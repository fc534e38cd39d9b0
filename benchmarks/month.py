"""Thirty days of a board and its host in simulated time: are counters exact, is memory flat?

The firmware's protocol machine and the host's, a byte stream between them, every sample of the
inertial sensors and the magnetometer, every window through TensorFlow Lite Micro. The cable is out
for some minutes of every hour, and the board is reset once a day.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from form import Row, say

from imu_gesture import _core
from imu_gesture.deploy.demonstration import FOLDER
from imu_gesture.deploy.manifest import ModelManifest, read_run
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.link.conversation import EVERYTHING, Conversation
from imu_gesture.link.link import SamplesLost, SamplesReceived

_HOURS, _QUICK_HOURS = 30 * 24, 6
_STEP_US = 1_000_000
_IMU_STEP_US, _MAG_STEP_US = 8403, 50_000
_HOUR_S, _DAY_S = 3600, 86_400
_SETTLED_S = 3 * _HOUR_S
_LONGEST_OUT_S = 8 * 60  # the newest Health is as old as that
_PAGE = os.sysconf("SC_PAGE_SIZE")


def month(quick: bool) -> Iterator[Row]:
    """All rows."""
    hours = _QUICK_HOURS if quick else _HOURS
    say(f"{hours} simulated hours")
    life = _Life(*read_run(FOLDER))
    settled_bytes = 0
    for second in range(hours * _HOUR_S):
        life.live_through(second)
        if second == _SETTLED_S:
            settled_bytes = _resident_bytes()
    life.end()
    note = (
        f"{hours} hours, {life.sent} samples, {life.wraps} wraps of the clock, "
        f"{life.unplugged} times unplugged, {life.resets} resets, {life.windows} windows"
    )
    off = abs(life.sent - life.received - life.lost)
    yield Row("month.unaccounted_samples", off, "samples", note=f"{note}; {life.lost} lost")
    yield Row("month.wrong_counters", life.wrong, "counters", note=note)
    grown = (_resident_bytes() - settled_bytes) / 1024
    yield Row("month.memory_growth_kb", grown, "KB", note="resident, from the third hour on")


@dataclass
class _Life:
    """A board with a model, and a host that listens to it."""

    manifest: ModelManifest
    tflite: bytes
    sent: int = 0
    received: int = 0
    lost: int = 0
    wrong: int = 0
    windows: int = 0
    resets: int = 0
    unplugged: int = 0
    wraps: int = 0
    _now_us: int = 0
    _booted_us: int = 0
    _plugged: bool = True
    _taken: dict[int, int] = field(default_factory=lambda: {6: 0, 3: 0})  # since the last reset
    _rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    def __post_init__(self) -> None:
        classifier = open_classifier(self.tflite)
        self._firmware = _core.Firmware(
            self.manifest.firmware_params(), lambda window: classifier.scores(window[None])[0]
        )
        identity = _core.Hello()
        identity.acc_g_per_lsb, identity.gyr_dps_per_lsb = 0.000122, 0.07
        identity.mag_ut_per_lsb = 0.014
        self._device = _core.Device(identity, list(self.manifest.label_names), self._firmware)
        self._host = Conversation(stream=True, streams=EVERYTHING)
        self._noise = self._rng.normal(0, 2000, (100_000, 6)).astype(np.int16)
        self._connect()

    def live_through(self, second: int) -> None:
        """One second more."""
        if second % _DAY_S == _DAY_S // 2:
            self._reset()
        minute, out_minutes = second % _HOUR_S // 60, 1 + second // _HOUR_S % 7
        if self._plugged and 20 <= minute < 20 + out_minutes:
            self._plugged = False
            self.unplugged += 1
            self._device.link_down()
        elif not self._plugged and minute >= 20 + out_minutes:
            self._connect()
        self._measure()
        self._now_us += _STEP_US
        self._device.poll(self._device_us)
        if self._plugged:
            self._talk()

    def end(self) -> None:
        """Stop, and close the book."""
        self._host.stop()
        self._until_answered()
        self._end_of_boot()

    @property
    def _device_us(self) -> int:
        return self._now_us - self._booted_us

    def _measure(self) -> None:
        """What the sensors read in this second; the firmware counts from its own start."""
        for step_us, take, columns in (
            (_IMU_STEP_US, self._device.take, 6),
            (_MAG_STEP_US, self._device.take_mag, 3),
        ):
            first = -(-self._device_us // step_us)
            count = -(-(self._device_us + _STEP_US) // step_us) - first
            times_us = (first + np.arange(count)) * step_us
            start = int(self._rng.integers(len(self._noise) - count))
            take(times_us, np.ascontiguousarray(self._noise[start : start + count, :columns]))
            self._taken[columns] += count

    def _connect(self) -> None:
        self._plugged = True
        self._device.link_up(_core.MAX_PACKET, 10_000, self._device_us)
        self._host.connect()
        self._until_answered()
        self._host.start()
        self._until_answered()

    def _reset(self) -> None:
        self._end_of_boot()
        self.resets += 1
        self._device.reset()
        self._booted_us = self._now_us
        if self._plugged:
            self._device.link_up(_core.MAX_PACKET, 10_000, 0)

    def _until_answered(self) -> None:
        while not self._host.idle:
            self._talk()

    def _talk(self) -> None:
        now_s = self._now_us * 1e-6
        while (message := self._host.due(now_s)) is not None:
            self._device.receive_stream(message, self._device_us)
            self._listen(now_s)
        self._listen(now_s)

    def _listen(self, now_s: float) -> None:
        frames = []
        while (packet := self._device.transmit()) is not None:
            frames.append(_core.frame(packet))
        for event in self._host.receive(b"".join(frames), now_s):
            if isinstance(event, SamplesReceived):
                self.received += len(event.samples)
            elif isinstance(event, SamplesLost):
                self.lost += event.count or 0

    def _end_of_boot(self) -> None:
        """Compare what the board counted since its start with what it was given."""
        health = self._device.health
        self.wrong += health.imu_numbered != self._taken[6]
        self.wrong += health.mag_numbered != self._taken[3]
        self.wrong += health.uptime_s > self._device_us // 1_000_000
        self.wrong += health.uptime_s < self._device_us // 1_000_000 - _LONGEST_OUT_S
        self.wrong += health.imu_dropped + health.mag_dropped + health.packets_dropped
        self.wrong += health.classifier_failures
        self.sent += self._taken[6]
        self.windows = health.windows  # the recogniser's own count, which resets leave alone
        self.wraps += self._device_us >> 32
        self._taken = {6: 0, 3: 0}


def _resident_bytes() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
