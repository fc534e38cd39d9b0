"""A virtual board in a virtual hand: the firmware's own protocol machine, fed by the simulation.

It has no thread and no link. Whoever serves it (in process, on a pseudo-terminal, over Bluetooth)
says what time it is, hands it what the host has sent and carries away what it has to say.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.device import BOARDS, DeviceInfo
from imu_gesture.samples import Float32Array, Samples
from imu_gesture.simulation.performer import REST, Action, Hand
from imu_gesture.simulation.sensors import SensorModel
from imu_gesture.simulation.signals import ideal_signals

_REACTION_S = 0.25
_CUED_S = 2.0
_TEMPERATURE_S = 1.0
IDLE = (Action(REST, 0.5),)


Classify = Callable[[NDArray[np.int8]], NDArray[np.int8]]


@dataclass(frozen=True, eq=False)
class OnBoardModel:
    """What a board recognises gestures with."""

    labels: Sequence[str]
    firmware: _core.Firmware
    model_id: str  # 16 hexadecimal digits
    open_model: Callable[[bytes], Classify | None] | None = None  # of an update
    proof: _core.ModelProof | None = None  # that it tests itself with
    arena_bytes: int = 4096  # that its sketch has for tensors


@dataclass(frozen=True)
class DeviceFaults:
    """What is wrong with a board for good.

    Attributes:
        skew_ppm: how much faster its clock goes than the true time.
        range_error: how many times too large its inertial readings are, as when a chip measures
            up to 2 g and its sketch believes 4 g.
    """

    skew_ppm: float = 0.0
    range_error: float = 1.0


class VirtualDevice:
    """One board and the person who holds it.

    Args:
        sensors, performer: who moves what.
        plans: what is performed, one after the other and again, while nothing is cued.
        model: where the board recognises gestures itself.
        errors: what is wrong with it.

    Attributes:
        sent: samples numbered from the first Start to the last Stop, lost ones included.
    """

    def __init__(
        self,
        sensors: SensorModel,
        performer: Hand,
        plans: Sequence[Sequence[Action]] = (IDLE,),
        model: OnBoardModel | None = None,
        errors: DeviceFaults | None = None,
    ) -> None:
        labels, firmware, model_id = (
            (list(model.labels), model.firmware, model.model_id) if model else ([], None, "")
        )
        self.identity = _identity(sensors, model_id)
        self.core = _core.Device(
            self.identity,
            labels,
            firmware,
            open_model=model.open_model if model else None,
            proof=model.proof if model else None,
            arena_bytes=model.arena_bytes if model else 0,
        )
        self.info = sensors.info
        self.sent = 0
        self._sensors, self._performer = sensors, performer
        self._plans = cycle(plans)
        self._cues: deque[str] = deque()
        errors = errors or DeviceFaults()
        self._rate = 1 + errors.skew_ppm * 1e-6
        self._range_error = errors.range_error
        self._ahead = self._perform(list(next(self._plans)))
        self._time_us = 0
        self._booted_us = 0
        self._temperature_us = 0
        self._asked_at: int | None = None
        self._before_resets = 0

    def cue(self, label: str) -> None:
        """Have the person perform `label` as soon as what they are at is done."""
        self._cues.append(label)

    def link_up(
        self, max_packet: int = _core.MAX_PACKET, block_age_us: int = 10_000, trusted: bool = True
    ) -> None:
        """A host has connected."""
        self.core.link_up(max_packet, block_age_us, self._now_us, trusted)

    def link_down(self) -> None:
        """The host is gone."""
        self.core.link_down()

    def reset(self) -> None:
        """Press the reset button: the clock begins anew, and so do the numbers."""
        self._before_resets += self.core.health.imu_numbered
        self._booted_us = self._time_us
        self.core.reset()

    def advance(self, time_s: float) -> None:
        """Live until `time_s` after power-on."""
        self._time_us = round(time_s * self._rate * 1e6)
        while self._ahead.hand_over(self.core, self._time_us, self._booted_us):
            self._ahead = self._perform(self._next_actions())
        if self._time_us >= self._temperature_us:
            self._temperature_us = self._time_us + round(_TEMPERATURE_S * 1e6)
            self.core.take_temperature(
                self._now_us, round(100 * self._sensors.temperature_c(time_s))
            )
        self.core.poll(self._now_us)

    def hear(self, data: bytes, stream: bool) -> None:
        """What the host has sent: a piece of a byte stream, or one datagram."""
        was_streaming = self.core.streaming
        receive = self.core.receive_stream if stream else self.core.receive_datagram
        receive(data, self._now_us)
        numbered = self._before_resets + self.core.health.imu_numbered
        if self.core.streaming and self._asked_at is None:
            self._asked_at = numbered
        if was_streaming and not self.core.streaming and self._asked_at is not None:
            self.sent = numbered - self._asked_at

    def say(self) -> bytes | None:
        """The oldest packet for the host, taken out; None when there is none."""
        return self.core.transmit()

    @property
    def _now_us(self) -> int:
        return self._time_us - self._booted_us

    def _perform(self, actions: list[Action]) -> _Readings:
        samples = self._sensors.measure(ideal_signals(self._performer.perform(actions)))
        return _Readings(samples, self.info, self._range_error)

    def _next_actions(self) -> list[Action]:
        if self._cues:
            label = self._cues.popleft()
            return [Action(REST, _REACTION_S), Action(label, _CUED_S), Action(REST, _REACTION_S)]
        return list(next(self._plans))


class _Readings:
    """What the sensors read during one stretch of motion, handed over as time goes on."""

    def __init__(self, samples: Samples, info: DeviceInfo, range_error: float) -> None:
        acc = _counts(samples.acc_g * range_error, info.acc_g_per_lsb)
        gyr = _counts(samples.gyr_or_zero_dps * range_error, info.gyr_dps_per_lsb)
        self._imu = (samples.device_time_us, np.hstack([acc, gyr]))
        self._mag = (samples.mag_time_us, _counts(samples.mag_ut, info.mag_ut_per_lsb))
        self._imu_at = self._mag_at = 0

    def hand_over(self, core: _core.Device, until_us: int, booted_us: int) -> bool:
        """Give the firmware what was read by now; True when that was all there is."""
        times_us, counts = self._imu
        end = int(np.searchsorted(times_us, until_us, side="right"))
        if end > self._imu_at:
            part = slice(self._imu_at, end)
            core.take(times_us[part] - booted_us, counts[part])
            self._imu_at = end
        mag_times_us, mag_counts = self._mag
        mag_end = int(np.searchsorted(mag_times_us, until_us, side="right"))
        if mag_end > self._mag_at:
            part = slice(self._mag_at, mag_end)
            core.take_mag(mag_times_us[part] - booted_us, mag_counts[part])
            self._mag_at = mag_end
        return end == len(times_us) and mag_end == len(mag_times_us)


def _counts(values: Float32Array, per_lsb: float | None) -> NDArray[np.int16]:
    exact = np.rint(values.astype(np.float64) / (per_lsb or 1.0))
    counts: NDArray[np.int16] = exact.clip(-32768, 32767).astype(np.int16)
    return counts


def _identity(sensors: SensorModel, model_id: str) -> _core.Hello:
    info = sensors.info
    hello = _core.Hello()
    hello.board_revision = next((n for n, name in BOARDS.items() if name == info.board), 0)
    hello.device_id = hashlib.sha256(info.device_id.encode()).digest()[:8]
    hello.acc_g_per_lsb = info.acc_g_per_lsb or 0.0
    hello.gyr_dps_per_lsb = info.gyr_dps_per_lsb or 0.0
    hello.mag_ut_per_lsb = info.mag_ut_per_lsb or 0.0
    hello.imu_rate_hz = info.stated_rate_hz or 0.0
    hello.mag_rate_hz = sensors.mag_rate_hz
    hello.model_id = bytes.fromhex(model_id).rjust(8, b"\0")
    has_mag = _core.STREAM_MAG if sensors.mag_rate_hz else 0
    hello.sensors = _core.STREAM_IMU | _core.STREAM_TEMPERATURE | has_mag
    return hello
