"""Crashes and full disks while recording: real kills, real limits, real files."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import FrameType

import pytest

from imu_gesture.errors import RecordingError
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import CHUNK_US, RecordingWriter, read_recording
from imu_gesture.recording.repair import repair_recording
from tests import make
from tests.conftest import RunPython
from tests.recording.crash import CHUNK, INFO, PIECE, assert_prefix, nine_axis, piece

ROOT = Path(__file__).parents[2]

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="kill -9, limits and locks of POSIX")


@on_posix
def test_a_file_is_not_repaired_while_it_is_recorded(tmp_path: Path) -> None:
    path, samples = tmp_path / "a.mcap", nine_axis(210)
    with RecordingWriter(path, INFO) as writer:
        writer.append(samples)
        with pytest.raises(RecordingError, match="being recorded right now"):
            repair_recording(path)
    assert_prefix(read_recording(path), samples)
    assert len(read_recording(path).samples) == 210


def test_at_any_time_all_but_half_a_second_is_on_the_disk(tmp_path: Path) -> None:
    path, copy, samples = tmp_path / "a.mcap", tmp_path / "copy.mcap", nine_axis(595)
    chunks = []
    with RecordingWriter(path, INFO) as writer:
        for start in range(0, len(samples), PIECE):
            writer.append(piece(samples, start))
            copy.write_bytes(path.read_bytes())
            repair_recording(copy)
            found = read_recording(copy)
            assert_prefix(found, samples)
            handed = min(start + PIECE, len(samples))
            waiting = samples.device_time_us[len(found.samples) : handed]
            assert len(waiting) == 0 or waiting[-1] - waiting[0] < CHUNK_US
            chunks.append(len(found.samples))
    assert sorted(set(chunks)) == list(range(0, 595, CHUNK))
    assert_prefix(read_recording(path), samples)
    assert len(read_recording(path).samples) == 595


@on_posix
def test_each_chunk_is_pushed_to_the_disk_itself(tmp_path: Path) -> None:
    samples, syncs = nine_axis(595), 0

    def count(_: FrameType, event: str, function: object) -> None:
        nonlocal syncs
        syncs += event == "c_call" and getattr(function, "__name__", "") == "fsync"

    sys.setprofile(count)
    try:
        with RecordingWriter(tmp_path / "a.mcap", INFO) as writer:
            opened = syncs
            for start in range(0, len(samples), PIECE):
                writer.append(piece(samples, start))
            recorded = syncs
    finally:
        sys.setprofile(None)
    assert opened == 2  # the file, and its name in the folder
    assert recorded == opened + 595 // CHUNK
    assert syncs == recorded + 1


def test_a_clock_that_starts_anew_does_not_stop_the_writing(tmp_path: Path) -> None:
    path, samples = tmp_path / "a.mcap", make.noise(40)
    with RecordingWriter(path, RecordingInfo()) as writer:
        late = samples.device_time_us + 90_000_000
        writer.append(replace(samples, device_time_us=late))
        writer.append(samples)
        copy = tmp_path / "copy.mcap"
        copy.write_bytes(path.read_bytes())
    repair_recording(copy)
    assert len(read_recording(copy).samples) == 80


FILL = """
import resource, sys
from imu_gesture.errors import RecordingError
from imu_gesture.recording.mcap_file import RecordingWriter, read_recording
from imu_gesture.recording.repair import repair_recording
from tests.recording.crash import *

folder, samples = Path(sys.argv[1]), nine_axis(420)
size = len(recorded(folder / "whole.mcap", samples, CHUNK))
most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
for limit in [*range(0, size, size // 60), *range(size - 1500, size, 31)]:
    path = folder / f"{limit}.mcap"
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
    saved = 0
    try:
        with RecordingWriter(path, INFO) as writer:
            for start in range(0, len(samples), PIECE):
                writer.append(piece(samples, start))
                saved = start // CHUNK * CHUNK
    except RecordingError as error:
        print(limit, error)
    else:
        sys.exit(f"{limit}: no error")
    if path.exists():
        found = read_recording(path)
        assert_prefix(found, samples)
        assert len(found.samples) >= saved - CHUNK, (limit, saved, len(found.samples))
        repair_recording(path)  # never an error, whether or not an index fits now
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        repair = repair_recording(path)
        assert_prefix(read_recording(path), samples)
        assert len(read_recording(path).samples) == len(found.samples)
        print(limit, "index made later" if repair else "index there")
"""


@on_posix
def test_on_a_full_disk_the_file_is_whole_up_to_there(
    run_python: RunPython, tmp_path: Path
) -> None:
    said = run_python(FILL, tmp_path)
    assert "File too large" in said
    assert "samples are kept" in said
    assert "is closed" not in said  # the first error is the one that is told
    assert said.count("index there") > 20
    assert "index made later" in said


RECORD = """
import sys, time
from pathlib import Path
from imu_gesture.recording.mcap_file import RecordingWriter
from tests.recording.crash import INFO, PIECE, nine_axis, piece

samples = nine_axis(2000)
with RecordingWriter(Path(sys.argv[1]), INFO) as writer:
    for start in range(0, len(samples), PIECE):
        print(start + PIECE, flush=True)
        writer.append(piece(samples, start))
        time.sleep(0.002)
"""


@on_posix
@pytest.mark.parametrize("seed", range(3))
def test_killed_at_a_random_moment_less_than_a_second_is_lost(seed: int, tmp_path: Path) -> None:
    path, samples = tmp_path / "a.mcap", nine_axis(2000)
    command = [sys.executable, "-c", RECORD, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(random.Random(seed).uniform(0, 0.4))
        process.kill()
        handed = int((first + process.stdout.read()).split()[-1])
    assert handed < len(samples)
    repair = repair_recording(path)
    assert repair is not None
    found = read_recording(path)
    assert_prefix(found, samples)
    assert handed - len(found.samples) <= CHUNK
