"""Recordings of every kind that an export has to keep: seeded, and away from time zero."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from imu_gesture.labels import Label
from imu_gesture.recording.exporters.piece import ExportOptions
from imu_gesture.recording.exporters.run import FileReport, export_recordings
from imu_gesture.recording.importers.imported import ImportedFile, Source
from imu_gesture.recording.importers.options import ImportOptions
from imu_gesture.recording.importers.run import FORMATS
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.samples import Samples
from tests import make

START_US = 5_000_003
LABELS = [Label(0.1, 0.6, "up"), Label(0.8, 1.0, "down"), Label(1.2, 1.5, "up")]


@dataclass(frozen=True)
class Case:
    """A recording with its labels."""

    name: str
    samples: Samples
    labels: list[Label] = field(default_factory=list)
    info: RecordingInfo = field(default_factory=RecordingInfo)

    def write(self, folder: Path) -> Path:
        return make.write(folder, "rec", self.samples, self.labels, **self.info.model_dump())

    @property
    def label_of_rows(self) -> list[str]:
        """The label of each inertial sample, or nothing."""
        return list(self._label_of_rows())

    def _label_of_rows(self) -> Iterator[str]:
        for time_us in (self.samples.device_time_us - self.samples.device_time_us[:1]).tolist():
            inside = [
                label.name
                for label in self.labels
                if round(label.start_s * 1e6) <= time_us < round(label.end_s * 1e6)
            ]
            yield inside[-1] if inside else ""


def shifted(samples: Samples) -> Samples:
    return replace(samples, device_time_us=samples.device_time_us + START_US)


def with_gap(samples: Samples, first: int, extra_us: int) -> Samples:
    """All samples from `first` on come later."""
    time_us = samples.device_time_us.copy()
    time_us[first:] += extra_us
    return replace(samples, device_time_us=time_us, sequence=samples.sequence * 2)


def with_magnetometer(samples: Samples, offset_us: int) -> Samples:
    """Readings at every sixth sample, or near it."""
    time_us = samples.device_time_us[::6] + offset_us
    field_ut = np.random.default_rng(9).normal(0, 40, (len(time_us), 3)).astype(np.float32)
    return replace(samples, mag_time_us=time_us, mag_ut=field_ut)


def with_jitter(samples: Samples) -> Samples:
    jitter_us = np.random.default_rng(3).integers(-3000, 3000, len(samples))
    return replace(samples, device_time_us=samples.device_time_us + jitter_us)


NOISE = shifted(make.noise(200))
ZOE = RecordingInfo(
    participant='Zoë "Z", 李',
    session="2;3",
    board="nano33ble-rev1",
    device_id="ac:87:a3",
    stated_rate_hz=119.0,
    gravity="removed",
    started_unix_ns=1_700_000_000_123_456_789,
)
SCALED = RecordingInfo(acc_g_per_lsb=make.ACC_G_PER_LSB, gyr_dps_per_lsb=make.GYR_DPS_PER_LSB)
CASES = [
    Case("labelled", NOISE, LABELS, ZOE),
    Case("no labels", NOISE),
    Case("no gyroscope", replace(NOISE, gyr_dps=None), LABELS),
    Case("whole counts", shifted(make.samples_of_counts(make.counts(300))), LABELS, SCALED),
    Case("magnetometer on the samples", with_magnetometer(NOISE, 0), LABELS),
    Case("magnetometer between", with_magnetometer(NOISE, 1234), LABELS),
    Case("magnetometer first", with_magnetometer(replace(NOISE, gyr_dps=None), -77), LABELS),
    Case("a gap", with_gap(NOISE, 40, 100_000), LABELS),
    Case("jitter", with_jitter(NOISE), LABELS),
    Case("names", NOISE, [Label(0.2, 0.4, 'Ärmel, "hoch"'), Label(0.5, 0.6, "円; /\\")], ZOE),
    Case("one sample", NOISE.rows(slice(1)), [Label(0.0, 1.0, "up")]),
]


def exported(
    case: Case,
    folder: Path,
    format_name: str,
    per_label: bool = False,
    options: ExportOptions | None = None,
) -> FileReport:
    """Export into `folder/out`."""
    recording = case.write(folder / "recordings")
    (report,) = export_recordings(
        [recording], format_name, folder / "out", options or ExportOptions(), per_label
    )
    return report


def imported(path: str | Path, format_name: str, options: ImportOptions) -> ImportedFile:
    return FORMATS[format_name].read(Source(Path(path), Path(path).name), options)


def assert_same_readings(found: Samples, expected: Samples) -> None:
    """To the last bit of a float32."""
    assert np.array_equal(found.acc_g, expected.acc_g)
    assert found.acc_g.dtype == np.float32
    assert (found.gyr_dps is None) == (expected.gyr_dps is None)
    assert np.array_equal(found.gyr_or_zero_dps, expected.gyr_or_zero_dps)
    assert np.array_equal(found.mag_ut, expected.mag_ut)
