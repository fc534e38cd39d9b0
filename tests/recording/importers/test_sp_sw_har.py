"""The GeoTec watch files: Unix times in ms, an activity in every row."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from imu_gesture.dataset.segments import load_labelled
from imu_gesture.recording.importers.options import ImportOptions
from imu_gesture.recording.importers.run import find_sources, import_sources
from imu_gesture.recording.importers.sp_sw_har import import_sp_sw_har
from tests.recording.importers import files

NAMES = ("x_acc", "y_acc", "z_acc", "x_gyro", "y_gyro", "z_gyro", "timestamp", "label")
ACTIVITIES = ("SEATED", "STANDING_UP", "WALKING")
ROWS = 300
START_MS = 1_657_533_977_810


def content(values: np.ndarray) -> str:
    step = len(values) // len(ACTIVITIES)
    rows = [
        (*row, START_MS + 10 * i, ACTIVITIES[min(i // step, 2)]) for i, row in enumerate(values)
    ]
    return files.table(rows, NAMES)


def test_every_activity_is_background_of_that_name(tmp_path: Path) -> None:
    values = files.readings(ROWS)
    files.source(tmp_path, content(values), "s05/s05_03_sw.csv")
    files.source(tmp_path, "not this one", "s05/notes.csv")
    (source,) = find_sources(tmp_path, "sp-sw-har")
    found = import_sp_sw_har(source, ImportOptions())
    np.testing.assert_allclose(found.samples.acc_g, values[:, :3] / 9.80665, rtol=1e-6)
    np.testing.assert_allclose(found.samples.gyr_or_zero_dps, np.degrees(values[:, 3:6]), rtol=1e-6)
    assert (found.info.participant, found.info.session) == ("s05", "03")
    assert found.found_rate_hz == 100.0
    labels = [(round(x.start_s, 3), round(x.end_s, 3), x.activity) for x in found.labels()]
    assert labels == [(0.0, 1.0, "seated"), (1.0, 2.0, "standing up"), (2.0, 3.0, "walking")]
    assert all(label.is_background for label in found.labels())


def test_a_row_without_activity_is_plain_background(tmp_path: Path) -> None:
    text = content(files.readings(ROWS)).replace(",SEATED", ",")
    found = import_sp_sw_har(files.source(tmp_path, text, "s01_01_sw.csv"), ImportOptions())
    assert found.labels()[0].name == "background"


def test_the_very_last_row_may_begin_an_activity(tmp_path: Path) -> None:
    first, last = content(files.readings(1300)).rsplit("WALKING", 1)
    files.source(tmp_path, f"{first}TURNING{last}", "s06_05_sw.csv")
    sources = find_sources(tmp_path, "sp-sw-har")
    list(import_sources(sources, "sp-sw-har", ImportOptions(), tmp_path / "out"))
    labelled = load_labelled(tmp_path / "out" / "s06_05_sw.mcap")
    assert labelled.labels[-1].activity == "turning"
