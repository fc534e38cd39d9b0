"""A recording played back as if it were a board."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

import numpy as np

from imu_gesture.device import DeviceInfo
from imu_gesture.link.link import LinkEvent, LinkStatus, SamplesLost, SamplesReceived
from imu_gesture.recording.mcap_file import read_recording
from imu_gesture.recording.recording import Recording, device_times_of
from imu_gesture.recording.timing import timing
from imu_gesture.samples import Samples

BLOCK_US = 20_000  # device time that samples handed over at once span at most


class ReplayLink:
    """Everything in a recording, in the order in which it came; the end of it is the end.

    Args:
        path: the recording.
        real_time: whether it takes as long as it took, or as the computer does.
    """

    def __init__(self, path: Path, real_time: bool = False) -> None:
        self._path = path
        self._real_time = real_time
        self._recording: Recording | None = None
        self.info = DeviceInfo(source=str(path))
        self.status = LinkStatus()

    def __enter__(self) -> Self:
        self._recording = read_recording(self._path)
        self.info = DeviceInfo(**self._recording.info.model_dump())
        return self

    def __exit__(self, *error: object) -> None:
        self._recording = None

    def cue(self, label: str) -> None:
        """Nobody is there to hear it."""

    def events(self) -> Iterator[LinkEvent]:
        """What the board sent; returns where the recording ends."""
        if self._recording is None:
            return
        events = in_blocks(self._recording)
        yield from _at_their_time(events) if self._real_time else events


def in_blocks(recording: Recording) -> Iterator[LinkEvent]:
    """Samples in blocks as a board sends them, and all else, in the order of their arrival.

    Samples that are missing by number are told even where the recording only has the hole.
    """
    missing = np.concatenate([[0], timing(recording.samples, recording.info).lost])
    row, told = 0, 0
    for event in recording.in_order():
        if not isinstance(event, SamplesReceived):
            told += (event.count or 0) if isinstance(event, SamplesLost) else 0
            yield event
            continue
        size = len(event.samples)
        for block in _blocks(event.samples, missing[row : row + size] > 0):
            if len(block):
                if missing[row] > told:
                    yield SamplesLost(int(missing[row]) - told)
                told = 0
                row += len(block)
            yield SamplesReceived(block)


def _blocks(samples: Samples, behind_hole: np.ndarray) -> Iterator[Samples]:
    """Blocks of a span, or up to a hole; those of the magnetometer go with the next ones."""
    times_us, mag_us = samples.device_time_us, samples.mag_time_us
    if len(times_us) == 0:
        yield samples
        return
    span = (times_us - times_us[0]) // BLOCK_US
    starts = np.flatnonzero(np.concatenate([[True], (np.diff(span) != 0) | behind_hole[1:]]))
    stops = np.append(starts[1:], len(times_us))
    mag_stops = np.searchsorted(mag_us, times_us[stops - 1], side="right")
    mag_stops = np.maximum.accumulate(mag_stops)
    mag_stops[-1] = len(mag_us)
    mag_start = 0
    for start, stop, mag_stop in zip(
        starts.tolist(), stops.tolist(), mag_stops.tolist(), strict=True
    ):
        mag = slice(mag_start, mag_stop)
        part = samples.rows(slice(start, stop))
        yield replace(part, mag_time_us=mag_us[mag], mag_ut=samples.mag_ut[mag])
        mag_start = mag_stop


def _at_their_time(events: Iterator[LinkEvent]) -> Iterator[LinkEvent]:
    """Each not before its time has come, counted from the first that has one."""
    started_s: float | None = None
    for event in events:
        times_us = device_times_of(event)
        if times_us:
            at_s = max(times_us) * 1e-6
            if started_s is None:
                started_s = time.monotonic() - at_s
            time.sleep(max(0.0, started_s + at_s - time.monotonic()))
        yield event
