"""Faults put into good recordings, each at a known place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from imu_gesture.link.link import ClockProbed, LinkEvent
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.recording.recording import Logged
from imu_gesture.samples import Samples
from tests import make

Fault = Callable[[Recording], Recording]

ROWS = 1547  # of `good`: six gestures with rests between them, 13 s at 119 Hz
FIRST = 500  # where faults begin, if nothing else is said
FIRST_S = FIRST / 119


def good(seed: int = 0) -> Recording:
    """Gestures and rests, six axes and a magnetometer, nothing wrong with them."""
    samples, _ = make.gestures(["circle", "wave"] * 3, seed)
    rng = np.random.default_rng(seed)
    mag_time_us = samples.device_time_us[::6]
    mag_ut = rng.normal((20, -5, 40), 1, (len(mag_time_us), 3)).astype(np.float32)
    samples = replace(samples, mag_time_us=mag_time_us, mag_ut=mag_ut)
    return Recording(samples, RecordingInfo(stated_rate_hz=119.0))


def on_samples(change: Callable[[Samples], Samples]) -> Fault:
    return lambda recording: replace(recording, samples=change(recording.samples))


def said(**info: object) -> Fault:
    return lambda recording: replace(recording, info=recording.info.model_copy(update=info))


def both(first: Fault, second: Fault) -> Fault:
    return lambda recording: second(first(recording))


def dropped(index: slice) -> Fault:
    """Samples that never arrived."""

    def drop(samples: Samples) -> Samples:
        keep = np.ones(len(samples), np.bool_)
        keep[index] = False
        return samples.rows(keep)

    return on_samples(drop)


def renumbered() -> Fault:
    """As if the board had never numbered what is missing."""
    return on_samples(lambda s: replace(s, sequence=np.arange(len(s), dtype=np.int64)))


def retimed(change: Callable[[NDArray[np.int64]], NDArray[np.int64]]) -> Fault:
    """Inertial times changed."""
    return on_samples(lambda s: replace(s, device_time_us=change(s.device_time_us.copy())))


def shifted(by_us: int, start: int = FIRST) -> Fault:
    def shift(times_us: NDArray[np.int64]) -> NDArray[np.int64]:
        times_us[start:] += by_us
        return times_us

    return retimed(shift)


def doubled(index: slice) -> Fault:
    """Samples with the time of the one before."""

    def double(times_us: NDArray[np.int64]) -> NDArray[np.int64]:
        rows = np.arange(len(times_us))[index]
        times_us[rows] = times_us[rows - 1]
        return times_us

    return retimed(double)


def in_packets(size: int) -> Fault:
    return retimed(lambda times_us: np.repeat(times_us[::size], size)[: len(times_us)])


def jittered(share: float) -> Fault:
    def jitter(times_us: NDArray[np.int64]) -> NDArray[np.int64]:
        size_us = share * 1e6 / 119
        noise = np.random.default_rng(1).uniform(-size_us, size_us, len(times_us))
        return times_us + np.rint(noise).astype(np.int64)

    return retimed(jitter)


def reread(source: Callable[[int], NDArray[np.intp]]) -> Fault:
    """Readings of other rows in the place of each row's own."""

    def read(samples: Samples) -> Samples:
        rows = source(len(samples))
        gyr_dps = None if samples.gyr_dps is None else samples.gyr_dps[rows]
        return replace(samples, acc_g=samples.acc_g[rows], gyr_dps=gyr_dps)

    return on_samples(read)


def polled(times: int) -> Fault:
    """A sensor read several times for each of its measurements."""
    return reread(lambda n: np.arange(n) // times * times)


def hung(count: int, start: int = FIRST) -> Fault:
    def rows(n: int) -> NDArray[np.intp]:
        source = np.arange(n)
        source[start : start + count] = start
        return source

    return reread(rows)


def readings(name: str, axes: slice, rows: slice, change: Callable[..., object]) -> Fault:
    """Some axes of `acc_g`, `gyr_dps` or `mag_ut` changed in some rows."""

    def put(samples: Samples) -> Samples:
        values = getattr(samples, name).copy()
        values[rows, axes] = change(values[rows, axes])
        return replace(samples, **{name: values})

    return on_samples(put)


ALL = slice(None)


def scaled(name: str, factor: float) -> Fault:
    return readings(name, ALL, ALL, lambda values: values * factor)


def offset(name: str, by: float, axes: slice = ALL) -> Fault:
    return readings(name, axes, ALL, lambda values: values + by)


def constant(name: str, axis: int, rows: slice, value: float = 0.25) -> Fault:
    return readings(name, slice(axis, axis + 1), rows, lambda _: value)


def heard(*events: LinkEvent) -> Fault:
    """What the link told beside the samples."""
    log = tuple(Logged(event, FIRST, FIRST // 6) for event in events)
    return lambda recording: replace(recording, log=log)


def clock_off(ppm: float, probes: int = 14) -> Fault:
    """A probe of the board's clock each second."""
    return heard(
        *(
            ClockProbed(round(second * (1 + ppm * 1e-6) * 1e6), second - 1e-3, second + 1e-3)
            for second in range(probes)
        )
    )
