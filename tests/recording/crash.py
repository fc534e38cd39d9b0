"""Recordings in pieces, for tests of crashes: what was written, and where it stands in the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from mcap.reader import make_reader

from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording, RecordingWriter
from imu_gesture.samples import Samples
from tests import make

PIECE = 10
CHUNK = 70  # the fewest pieces of ten that span half a second at 119 Hz
INFO = RecordingInfo(participant="zoe", acc_g_per_lsb=make.ACC_G_PER_LSB)


def nine_axis(n: int) -> Samples:
    samples = make.samples_of_counts(make.counts(n))
    return replace(
        samples,
        mag_time_us=samples.device_time_us[::6].copy(),
        mag_ut=make.noise(len(samples.device_time_us[::6])).acc_g,
    )


def piece(samples: Samples, start: int, size: int = PIECE) -> Samples:
    """Some samples, with those of the magnetometer from the same time."""
    part = samples.rows(slice(start, start + size))
    mag = np.isin(samples.mag_time_us, part.device_time_us)
    return replace(part, mag_time_us=samples.mag_time_us[mag], mag_ut=samples.mag_ut[mag])


def recorded(path: Path, samples: Samples, chunk: int) -> bytes:
    """A whole file of samples, with `chunk` of them in each chunk."""
    with RecordingWriter(path, INFO) as writer:
        for start in range(0, len(samples), chunk):
            writer.append(piece(samples, start, chunk))
            writer.flush()
    return path.read_bytes()


def assert_prefix(found: Recording, samples: Samples) -> None:
    n, m = len(found.samples), len(found.samples.mag_time_us)
    assert found.info == INFO
    assert np.array_equal(found.samples.device_time_us, samples.device_time_us[:n])
    assert np.array_equal(found.samples.sequence, samples.sequence[:n])
    assert np.array_equal(found.samples.acc_g, samples.acc_g[:n])
    if n:
        assert np.array_equal(found.samples.gyr_or_zero_dps, samples.gyr_or_zero_dps[:n])
        assert m == np.sum(samples.mag_time_us <= samples.device_time_us[n - 1])
    assert np.array_equal(found.samples.mag_ut, samples.mag_ut[:m])


@dataclass(frozen=True)
class Places:
    """Where an independent reader finds the parts of a whole file."""

    head_end: int
    chunk_starts: list[int]
    chunk_ends: list[int]
    verdict_start: int
    data_end: int

    @staticmethod
    def of(path: Path) -> Places:
        with path.open("rb") as stream:
            summary = make_reader(stream).get_summary()
        assert summary is not None
        (head, verdict), chunks = summary.metadata_indexes, summary.chunk_indexes
        ends = [chunk.chunk_start_offset + chunk.chunk_length for chunk in chunks]
        return Places(
            head.offset + head.length,
            [chunk.chunk_start_offset for chunk in chunks],
            ends,
            verdict.offset,
            verdict.offset + verdict.length,
        )
