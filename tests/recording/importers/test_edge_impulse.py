"""Edge Impulse files as others make them: units, names, labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cbor2
import numpy as np
import pytest

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.edge_impulse import import_edge_impulse
from imu_gesture.recording.importers.options import CsvLayout, ImportOptions
from imu_gesture.recording.importers.run import find_sources, import_sources
from tests.recording.importers import files
from tests.recording.importers.acquisitions import ACC, GYR, OPTIONS, document, imported


def labels(folder: Path, **entry: Any) -> None:
    index = {"version": 1, "files": [{"path": "other.json", "category": "split"}, entry]}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "info.labels").write_text(json.dumps(index), encoding="utf-8")


@pytest.mark.parametrize("name", ["up.1.json", "up.json", "up.x.cbor", "deep/up.ingestion-7.cbor"])
def test_the_label_is_the_name_up_to_the_first_dot(name: str, tmp_path: Path) -> None:
    assert files.ranges(imported(tmp_path, document(), name)) == [(0, 4, "up")]


@pytest.mark.parametrize(
    "encode", [cbor2.dumps, lambda content: b"\n " + json.dumps(content).encode()]
)
@pytest.mark.parametrize("name", ["up.json", "up.cbor", "up.dat"])
def test_the_content_tells_json_from_cbor(name: str, encode: Any, tmp_path: Path) -> None:
    source = files.source(tmp_path, encode(document()), name)
    assert len(import_edge_impulse(source, OPTIONS).samples) == 4


@pytest.mark.parametrize(
    ("units", "factor"), [("m/s2", 1 / 9.80665), ("g", 1.0), ("mg", 1e-3)], ids=["m/s2", "g", "mg"]
)
def test_accelerations_become_g(units: str, factor: float, tmp_path: Path) -> None:
    found = imported(tmp_path, document([(name, units) for name, _ in ACC]))
    np.testing.assert_allclose(found.samples.acc_g[2], np.arange(2, 5) * factor, rtol=1e-6)


@pytest.mark.parametrize(
    ("units", "factor"), [("dps", 1.0), ("deg/s", 1.0), ("rad/s", 180 / np.pi)]
)
def test_angular_rates_become_degrees_a_second(units: str, factor: float, tmp_path: Path) -> None:
    found = imported(tmp_path, document([*ACC, *((name, units) for name, _ in GYR)]))
    np.testing.assert_allclose(
        found.samples.gyr_or_zero_dps[0], [3 * factor, 4 * factor, 5 * factor]
    )


def test_a_field_has_a_reading_with_each_sample(tmp_path: Path) -> None:
    sensors = [*((f"mag{axis}", "uT") for axis in "XYZ"), *ACC]
    samples = imported(tmp_path, document(sensors)).samples
    assert samples.mag_ut.tolist() == [[j, j + 1, j + 2] for j in range(4)]
    assert samples.mag_time_us.tolist() == samples.device_time_us.tolist()
    np.testing.assert_allclose(samples.acc_g[0] * 9.80665, [3, 4, 5], rtol=1e-6)


@pytest.mark.parametrize(
    "names", ["accX accY accZ", "AccZ accy ACCX", "accel_x accel_y accel_z", "aX aY aZ"]
)
def test_axes_are_found_by_name_in_any_order(names: str, tmp_path: Path) -> None:
    found = imported(tmp_path, document([(name, "g") for name in names.split()]))
    expected = {name[-1].upper(): place for place, name in enumerate(names.split())}
    assert found.samples.acc_g[0].tolist() == [expected[axis] for axis in "XYZ"]


def test_a_unit_that_is_not_stated_is_taken_from_the_options_and_said(tmp_path: Path) -> None:
    content = document([*ACC, *((name, "N/A") for name, _ in GYR)])
    options = ImportOptions(csv=CsvLayout(gyr_unit="rad/s"))
    found = imported(tmp_path, content, options=options)
    np.testing.assert_allclose(found.samples.gyr_or_zero_dps[0], np.degrees([3, 4, 5]), rtol=1e-6)
    (finding,) = found.findings
    assert finding.kind == "no unit"
    assert "taken for rad/s (--gyr-unit)" in finding.message


def test_times_come_from_the_interval(tmp_path: Path) -> None:
    found = imported(tmp_path, document(interval_ms=1000 / 62.5 / 3))
    assert found.samples.device_time_us.tolist() == [0, 5333, 10667, 16000]
    assert found.info.time_source == "rate"
    assert found.info.stated_rate_hz == pytest.approx(187.5)


@pytest.mark.parametrize("where", [".", "training"])
def test_the_index_names_the_label_before_the_file_does(where: str, tmp_path: Path) -> None:
    label = {"type": "label", "label": "v1.2 é"}
    path = Path(where, "up.1.json").as_posix()
    labels(tmp_path, path=path, category="training", label=label, metadata={"participant": "kim"})
    (tmp_path / "training").mkdir(exist_ok=True)
    (tmp_path / where / "up.1.json").write_text(json.dumps(document()))
    (source,) = find_sources(tmp_path, "edge-impulse")
    found = import_edge_impulse(source, OPTIONS)
    assert files.ranges(found) == [(0, 4, "v1.2 é")]
    assert found.info.participant == "kim"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (ImportOptions(label="x", participant="zoe"), ("x", "zoe")),
        (ImportOptions(pattern="{participant}.{label}"), ("1", "up")),
        (OPTIONS, ("down", "kim")),
    ],
    ids=["options", "pattern", "index"],
)
def test_what_the_user_says_comes_first(
    options: ImportOptions, expected: tuple[str, str], tmp_path: Path
) -> None:
    entry = {"type": "label", "label": "down"}
    labels(tmp_path, path="up.1.json", label=entry, metadata={"participant": "kim"})
    found = imported(tmp_path, document(), options=options)
    assert (found.segments[0].label, found.info.participant) == expected


@pytest.mark.parametrize(
    ("kind", "findings"), [("unlabeled", []), ("multi-label", ["multi-label"])]
)
def test_a_file_without_one_label_has_none(kind: str, findings: list[str], tmp_path: Path) -> None:
    labels(tmp_path, path="up.1.json", label={"type": kind, "labels": []})
    found = imported(tmp_path, document())
    assert files.ranges(found) == [(0, 4, None)]
    assert [finding.kind for finding in found.findings] == findings


def test_a_folder_of_both_kinds_is_imported(tmp_path: Path) -> None:
    for number, name in enumerate(("up.1.json", "down.1.cbor", "up.1.cbor")):
        content = document(values=[[number, 1, 1], [2, 3, 4]])
        encoded = cbor2.dumps(content) if name.endswith("cbor") else json.dumps(content).encode()
        files.source(tmp_path / "in", encoded, name)
    labels(tmp_path / "in", path="nothing.json")
    sources = find_sources(tmp_path / "in", "edge-impulse")
    reports = import_sources(sources, "edge-impulse", OPTIONS, tmp_path / "out")
    assert [report.segments for report in reports] == [{"down": 1}, {"up": 1}, {"up": 1}]
    made = sorted(path.name for path in (tmp_path / "out").glob("*.mcap"))
    assert made == ["down.1.mcap", "up.1-2.mcap", "up.1.mcap"]


def test_numbers_without_rows_belong_to_a_single_axis(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"up\.1\.json: no sensor accY, accZ"):
        imported(tmp_path, document([("accX", "g")], values=[1, 2, 3]))
