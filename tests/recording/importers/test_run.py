"""Import of files and folders: what is written reads back, what is refused leaves nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.dataset.segments import load_labelled
from imu_gesture.errors import InputError, RecordingError
from imu_gesture.recording.importers.options import CsvLayout, ImportOptions, Segmentation
from imu_gesture.recording.importers.run import FileReport, find_sources, import_sources
from imu_gesture.recording.mcap_file import labels_path, read_recording
from tests.recording.importers import files

ROWS = 119
RATE = ImportOptions(rate_hz=100.0)


def run(
    folder: Path,
    workspace: Path,
    format_name: str = "arduino",
    options: ImportOptions | None = None,
    prefix: str = "",
) -> list[FileReport]:
    sources = find_sources(folder, format_name)
    return list(import_sources(sources, format_name, options or RATE, workspace, prefix))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_imported_reads_back_with_its_labels(tmp_path: Path) -> None:
    values = files.readings(2 * ROWS)
    files.source(tmp_path / "in", files.table(values), "zoe/2/up.csv")
    options = ImportOptions(pattern="{participant}/{session}/{label}", rate_hz=119.0)
    (report,) = run(tmp_path / "in", tmp_path / "out", options=options)
    assert names(tmp_path / "out") == ["zoe-2-up.mcap", "zoe-2-up.txt"]
    recording = read_recording(tmp_path / "out/zoe-2-up.mcap")
    assert np.array_equal(recording.samples.acc_g, values[:, :3].astype(np.float32))
    assert np.array_equal(recording.samples.gyr_or_zero_dps, values[:, 3:].astype(np.float32))
    info = recording.info
    assert (info.participant, info.session, info.stated_rate_hz) == ("zoe", "2", 119.0)
    track = (tmp_path / "out/zoe-2-up.txt").read_text(encoding="utf-8")
    assert track == "0.000000\t1.000000\tup\n2.000000\t3.000000\tup\n"
    assert report.recording == str(tmp_path / "out/zoe-2-up.mcap")
    assert (report.samples, report.segments, report.findings) == (2 * ROWS, {"up": 2}, ())


def test_labels_cover_exactly_the_rows_they_name(tmp_path: Path) -> None:
    column = ["", "up", "up", "down", "down", "down", "", "", "up", "up"]
    rows = [(*row, column[i // 25]) for i, row in enumerate(files.readings(250))]
    files.source(tmp_path, files.table(rows, (*files.SIX, "name")), "day.csv")
    layout = CsvLayout(label="name", segments=Segmentation("label"))
    run(tmp_path / "day.csv", tmp_path / "out", "csv", replace(RATE, csv=layout))
    labelled = load_labelled(tmp_path / "out/day.mcap")
    seconds = labelled.recording.samples.device_time_us * 1e-6
    found = [""] * 250
    for label in labelled.labels:
        for row in np.flatnonzero((seconds >= label.start_s) & (seconds < label.end_s)).tolist():
            found[row] = label.name
    assert found == [row[-1] for row in rows]


@pytest.mark.parametrize("format_name", ["arduino", "csv"])
def test_a_refused_file_leaves_nothing_and_earlier_files_stay(
    format_name: str, tmp_path: Path
) -> None:
    values = files.readings(ROWS)
    files.source(tmp_path / "in", files.table(values), "a.csv")
    files.source(tmp_path / "in", files.table(values) + "?\n" * 40, "b.csv")
    files.source(tmp_path / "in", files.table(values + 1), "c.csv")
    with pytest.raises(InputError, match=r"b\.csv: 25% of the rows are damaged"):
        run(tmp_path / "in", tmp_path / "out", format_name)
    assert names(tmp_path / "out") == ["a.mcap", "a.txt"]


def test_nothing_new_in_a_file_writes_nothing(tmp_path: Path) -> None:
    text = files.table(files.readings(ROWS))
    files.source(tmp_path / "in", text, "a.csv")
    files.source(tmp_path / "in", text, "b.csv")
    first, second = run(tmp_path / "in", tmp_path / "out")
    assert names(tmp_path / "out") == ["a.mcap", "a.txt"]
    assert first.findings == ()
    assert (second.recording, second.samples, second.segments) == (None, 0, {})
    assert [finding.kind for finding in second.findings] == ["duplicate"]


def test_importing_again_never_overwrites(tmp_path: Path) -> None:
    files.source(tmp_path, files.table(files.readings(ROWS)), "a.csv")
    run(tmp_path / "a.csv", tmp_path / "out")
    labels_path(tmp_path / "out/a.mcap").write_text("0\t1\tby hand\n", encoding="utf-8")
    with pytest.raises(RecordingError, match=r"a\.mcap: exists already"):
        run(tmp_path / "a.csv", tmp_path / "out")
    assert labels_path(tmp_path / "out/a.mcap").read_text(encoding="utf-8") == "0\t1\tby hand\n"
    run(tmp_path / "a.csv", tmp_path / "out", prefix="second-")
    assert names(tmp_path / "out") == ["a.mcap", "a.txt", "second-a.mcap", "second-a.txt"]


def test_two_paths_that_share_a_name_become_two_recordings(tmp_path: Path) -> None:
    files.source(tmp_path / "in", files.table(files.readings(ROWS, seed=1)), "a-b.csv")
    (tmp_path / "in/a").mkdir()
    files.source(tmp_path / "in/a", files.table(files.readings(ROWS, seed=2)), "b.CSV")
    run(tmp_path / "in", tmp_path / "out")
    assert names(tmp_path / "out") == ["a-b-2.mcap", "a-b-2.txt", "a-b.mcap", "a-b.txt"]


def test_a_report_says_what_became_of_a_file(tmp_path: Path) -> None:
    values = files.readings(ROWS)
    values[30:33, 0] = 4.0
    files.source(tmp_path, files.table(values), "a.csv")
    (report,) = run(tmp_path / "a.csv", tmp_path / "out", options=ImportOptions(rate_hz=104.0))
    assert report.source == str(tmp_path / "a.csv")
    assert (report.stated_rate_hz, report.found_rate_hz, report.clipped_samples) == (104.0, None, 3)
    assert [finding.kind for finding in report.findings] == ["clipped"]


def test_segments_without_a_label_are_imported_and_said(tmp_path: Path) -> None:
    files.source(tmp_path / "in", files.table(files.readings(ROWS)), "a.csv")
    options = replace(RATE, pattern="*")
    (report,) = run(tmp_path / "in", tmp_path / "out", options=options)
    assert report.segments == {"(no label)": 1}
    assert [finding.kind for finding in report.findings] == ["no label"]
    assert (tmp_path / "out/a.txt").read_text(encoding="utf-8") == ""


def test_npz_files_are_imported_by_their_own_format(tmp_path: Path) -> None:
    targets = np.zeros((50, 3))
    targets[10:35, 2] = 1
    content = {"acc": files.readings(50)[:, :3], "gyro": np.ones((50, 3)), "targets": targets}
    np.savez(tmp_path / "l_7_fullSet.npz", **content)  # type: ignore[arg-type]
    (report,) = run(tmp_path, tmp_path / "out", "uhh", ImportOptions(rate_hz=25.0))
    assert report.segments == {"7": 1}
    track = (tmp_path / "out/l_7_fullSet.txt").read_text(encoding="utf-8")
    assert track == "0.400000\t1.400000\t7\n"
    assert read_recording(tmp_path / "out/l_7_fullSet.mcap").info.participant == "l"


def test_sources_of_a_folder_are_its_files_of_the_format_shallow_first(tmp_path: Path) -> None:
    for name in ("b/a.csv", "z.csv", "b/c/a.csv", "a.csv", "a.npz", "b/a.txt"):
        files.source(tmp_path, "", name)
    (tmp_path / "folder.csv").mkdir()
    found = find_sources(tmp_path, "csv")
    assert [source.name for source in found] == ["a.csv", "z.csv", "b/a.csv", "b/c/a.csv"]
    assert [source.path for source in found] == [tmp_path / source.name for source in found]
    assert [source.name for source in find_sources(tmp_path, "uhh")] == ["a.npz"]


def test_a_file_is_its_own_source_whatever_its_suffix(tmp_path: Path) -> None:
    path = files.source(tmp_path, "", "deep/wave.dat").path
    (found,) = find_sources(path, "csv")
    assert (found.path, found.name) == (path, "wave.dat")


@pytest.mark.parametrize(
    ("path", "format_name", "message"),
    [
        ("no", "csv", "no: no such file or folder"),
        (".", "csv", r"no \.csv files in it \(format csv\)"),
        (".", "uhh", r"no \.npz files in it \(format uhh\)"),
    ],
)
def test_nothing_to_import_is_said(
    path: str, format_name: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(InputError, match=message):
        find_sources(tmp_path / path, format_name)
