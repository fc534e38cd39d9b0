"""Edge Impulse's format: as published, exact, and honest about what it cannot hold."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cbor2
import numpy as np
import pytest

from imu_gesture.errors import InputError, RecordingError
from imu_gesture.labels import Label
from imu_gesture.recording.exporters.piece import ExportOptions
from imu_gesture.recording.importers.options import ImportOptions
from imu_gesture.recording.info import RecordingInfo
from tests import make
from tests.recording.exporters import recordings
from tests.recording.exporters.recordings import CASES, NOISE, ZOE, Case

LOADERS: dict[str, Callable[[bytes], Any]] = {
    "edge-impulse-json": json.loads,
    "edge-impulse-cbor": cbor2.loads,
}
FORMATS = pytest.mark.parametrize("format_name", LOADERS)
ZEROS = "0" * 64
SUFFIXES = {"edge-impulse-json": ".json", "edge-impulse-cbor": ".cbor"}


def documents(case: Case, folder: Path, format_name: str, per_label: bool = False) -> list[Any]:
    report = recordings.exported(case, folder, format_name, per_label)
    return [LOADERS[format_name](Path(file).read_bytes()) for file in report.files]


@FORMATS
def test_a_file_holds_just_what_the_specification_names(format_name: str, tmp_path: Path) -> None:
    samples = replace(
        make.noise(3, rate_hz=100.0),
        acc_g=np.array([[0, 1, -1], [0.5, 2, 4], [0.25, 0, 0]], np.float32),
        gyr_dps=np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]], np.float32),
    )
    (document,) = documents(Case("", samples, info=ZOE), tmp_path, format_name)
    g = 9.80665
    assert document == {
        "protected": {"ver": "v1", "alg": "none", "iat": 1_700_000_000},
        "signature": ZEROS,
        "payload": {
            "device_name": "ac:87:a3",
            "device_type": "nano33ble-rev1",
            "interval_ms": 10.0,
            "sensors": [
                *({"name": f"acc{axis}", "units": "m/s2"} for axis in "XYZ"),
                *({"name": f"gyr{axis}", "units": "deg/s"} for axis in "XYZ"),
            ],
            "values": [
                [0, g, -g, 1, 2, 3],
                [0.5 * g, 2 * g, 4 * g, 4, 5, 6],
                [0.25 * g, 0, 0, 7, 8, 9],
            ],
        },
    }


@FORMATS
def test_what_is_not_known_is_left_out(format_name: str, tmp_path: Path) -> None:
    (document,) = documents(Case("", make.noise(5)), tmp_path, format_name)
    assert "iat" not in document["protected"]
    assert "device_name" not in document["payload"]
    assert document["payload"]["device_type"] == "imu-gesture"


@FORMATS
@pytest.mark.parametrize(
    "name", ["labelled", "no gyroscope", "whole counts", "magnetometer between", "names"]
)
def test_stretches_import_as_the_same(name: str, format_name: str, tmp_path: Path) -> None:
    (case,) = [case for case in CASES if case.name == name]
    report = recordings.exported(case, tmp_path, format_name, per_label=True)
    assert report.findings == ()
    since_us = case.samples.device_time_us - case.samples.device_time_us[0]
    for file, label in zip(report.files, case.labels, strict=True):
        found = recordings.imported(file, "edge-impulse", ImportOptions())
        inside = (since_us >= label.start_s * 1e6) & (since_us < label.end_s * 1e6)
        assert np.array_equal(found.samples.acc_g, case.samples.acc_g[inside])
        gyr_dps = case.samples.gyr_or_zero_dps[inside]
        assert np.array_equal(found.samples.gyr_or_zero_dps, gyr_dps)
        assert (found.samples.gyr_dps is None) == (case.samples.gyr_dps is None)
        stretch_us = since_us[inside] - since_us[inside][0]
        assert np.abs(found.samples.device_time_us - stretch_us).max() <= 2
        assert [segment.label for segment in found.segments] == [label.name]
        assert found.info.participant == case.info.participant
        assert found.info.session == case.info.session


@FORMATS
def test_the_magnetometer_is_repeated_up_to_the_common_rate(
    format_name: str, tmp_path: Path
) -> None:
    samples = recordings.with_magnetometer(NOISE, 1234)
    (document,) = documents(Case("", samples), tmp_path, format_name)
    sensors = document["payload"]["sensors"]
    assert sensors[6:] == [{"name": f"mag{axis}", "units": "uT"} for axis in "XYZ"]
    for time_us, row in zip(NOISE.device_time_us, document["payload"]["values"], strict=True):
        earlier = [i for i, at_us in enumerate(samples.mag_time_us) if at_us <= time_us]
        assert row[6:] == samples.mag_ut[max(earlier, default=0)].tolist()


@FORMATS
def test_a_recording_is_cut_where_samples_are_missing(format_name: str, tmp_path: Path) -> None:
    samples = recordings.with_gap(recordings.with_gap(NOISE, 80, 400_000), 150, 8_403)
    case = Case("", samples, info=RecordingInfo(started_unix_ns=10**18))
    report = recordings.exported(case, tmp_path, format_name)
    suffix = SUFFIXES[format_name]
    assert [Path(file).name for file in report.files] == [
        f"rec.{number}{suffix}" for number in (1, 2, 3)
    ]
    assert [finding.kind for finding in report.findings] == ["gap"]
    assert "cut into 3 files" in report.findings[0].message
    for file, (start, stop) in zip(report.files, [(0, 80), (80, 150), (150, 200)], strict=True):
        found = recordings.imported(file, "edge-impulse", ImportOptions())
        assert np.array_equal(found.samples.acc_g, samples.acc_g[start:stop])
        assert found.info.started_unix_ns == 10**18 + int(samples.device_time_us[start]) // (
            10**6
        ) * (10**9)


def test_a_long_recording_does_not_drift(tmp_path: Path) -> None:
    case = Case("", make.noise(20_000))
    report = recordings.exported(case, tmp_path, "edge-impulse-cbor")
    found = recordings.imported(report.files[0], "edge-impulse", ImportOptions())
    assert np.abs(found.samples.device_time_us - case.samples.device_time_us).max() <= 2
    assert report.findings == ()


def test_uneven_times_are_said(tmp_path: Path) -> None:
    time_us = NOISE.device_time_us + np.where(np.arange(200) < 100, 0, np.arange(200) * 100)
    case = Case("", replace(NOISE, device_time_us=time_us))
    report = recordings.exported(case, tmp_path, "edge-impulse-json")
    assert {finding.kind for finding in report.findings} >= {"uneven"}
    assert "as if they were even" in report.findings[-1].message


def test_labels_of_a_whole_recording_are_said_to_be_lost(tmp_path: Path) -> None:
    report = recordings.exported(CASES[0], tmp_path, "edge-impulse-json")
    (finding,) = report.findings
    assert finding.kind == "label lost"
    assert "3 labels" in finding.message
    assert "--per-label" in finding.message
    found = recordings.imported(report.files[0], "edge-impulse", ImportOptions())
    assert [segment.label for segment in found.segments] == [None]


def test_the_index_tells_label_and_person_of_each_file(tmp_path: Path) -> None:
    case = CASES[[case.name for case in CASES].index("names")]
    report = recordings.exported(case, tmp_path, "edge-impulse-json", per_label=True)
    index = json.loads((tmp_path / "out" / "info.labels").read_bytes())
    assert index["version"] == 1
    assert [file["path"] for file in index["files"]] == [Path(file).name for file in report.files]
    assert [file["path"] for file in index["files"]] == [
        "Ärmel___hoch_.rec.1.json",
        "円____.rec.2.json",
    ]
    assert [file["label"] for file in index["files"]] == [
        {"type": "label", "label": label.name} for label in case.labels
    ]
    assert index["files"][0]["metadata"] == {"participant": ZOE.participant, "session": "2;3"}


@FORMATS
def test_a_key_signs_every_file(format_name: str, tmp_path: Path) -> None:
    options = ExportOptions(b"a key")
    report = recordings.exported(CASES[0], tmp_path, format_name, per_label=True, options=options)
    assert len(report.files) == 3
    for file in report.files:
        content = Path(file).read_bytes()
        document = LOADERS[format_name](content)
        assert document["protected"]["alg"] == "HS256"
        unsigned = content.replace(document["signature"].encode(), ZEROS.encode())
        expected = hmac.new(b"a key", unsigned, hashlib.sha256).hexdigest()
        assert document["signature"] == expected
        recordings.imported(file, "edge-impulse", ImportOptions())


@FORMATS
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused(value: float, format_name: str, tmp_path: Path) -> None:
    acc_g = NOISE.acc_g.copy()
    acc_g[7, 1] = value
    case = Case("", replace(NOISE, acc_g=acc_g))
    with pytest.raises(RecordingError, match=r"rec: .*cannot hold it: payload\.values\.7\.1"):
        recordings.exported(case, tmp_path, format_name)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_single_sample_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="single sample has no interval"):
        recordings.exported(Case("", make.noise(1)), tmp_path, "edge-impulse-json")


@pytest.mark.parametrize(
    ("format_name", "key", "message"),
    [("csv", b"k", "format csv has no signature"), ("edge-impulse-json", b"", "key .* is empty")],
)
def test_a_key_that_cannot_sign_is_refused(
    format_name: str, key: bytes, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message):
        recordings.exported(CASES[0], tmp_path, format_name, options=ExportOptions(key))


def test_an_empty_stretch_is_said(tmp_path: Path) -> None:
    case = Case("", NOISE, [Label(0.1, 0.2, "up"), Label(60.0, 61.0, "late")])
    report = recordings.exported(case, tmp_path, "edge-impulse-json", per_label=True)
    assert [Path(file).name for file in report.files] == ["up.rec.1.json"]
    (finding,) = report.findings
    assert (finding.kind, finding.message) == ("no samples", "not written: late.rec.2")
