"""Recordings cut off or damaged: what is whole is kept, and never anything made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from mcap.reader import make_reader
from rosbags.highlevel import AnyReader
from rosbags.typesys import Stores, get_typestore

from imu_gesture.errors import RecordingError
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording, read_recording, write_recording
from imu_gesture.recording.repair import repair_recording
from tests import make
from tests.cli.command import run
from tests.recording.crash import CHUNK, Places, assert_prefix, nine_axis, recorded


def test_cut_off_at_any_byte_all_whole_chunks_are_saved(tmp_path: Path) -> None:
    samples, path = nine_axis(4), tmp_path / "a.mcap"
    whole = recorded(path, samples, 2)
    places = Places.of(path)
    dense = *range(places.verdict_start + 20), *range(places.data_end - 5, places.data_end + 20)
    sparse = range(places.verdict_start + 20, len(whole), 16)  # where all cuts are alike
    for size in [*dense, *sparse, len(whole) - 1]:
        path.write_bytes(whole[:size])
        with pytest.raises(RecordingError, match=r"run `imu-gesture inspect .*a\.mcap`"):
            read_recording(path)
        if size < places.head_end:
            with pytest.raises(RecordingError, match="nothing to save"):
                repair_recording(path)
            assert path.read_bytes() == whole[:size]
            continue
        repair = repair_recording(path)
        found = read_recording(path)
        assert_prefix(found, samples)
        assert len(found.samples) == 2 * sum(end <= size for end in places.chunk_ends)
        assert repair is not None
        assert repair.samples == len(found.samples)
        assert 0 <= repair.dropped_bytes <= size - places.head_end
        assert list(tmp_path.iterdir()) == [path]


def test_a_damaged_index_is_made_anew(tmp_path: Path) -> None:
    samples, path = nine_axis(6), tmp_path / "a.mcap"
    whole = recorded(path, samples, 2)
    for position in range(Places.of(path).data_end + 13, len(whole), 7):
        changed = bytearray(whole)
        changed[position] ^= 0x10
        path.write_bytes(changed)
        with pytest.raises(RecordingError, match="run `imu-gesture inspect"):
            read_recording(path)
        repair = repair_recording(path)
        assert repair is not None
        assert (repair.samples, repair.dropped_bytes) == (6, 0)
        assert_prefix(read_recording(path), samples)


@pytest.mark.parametrize("tail", [b"\0" * 5000, b"\x06" + b"\0" * 400, bytes(range(256)) * 9])
def test_rubbish_behind_the_last_chunk_is_dropped(tail: bytes, tmp_path: Path) -> None:
    samples, path = nine_axis(210), tmp_path / "a.mcap"
    whole = recorded(path, samples, CHUNK)
    path.write_bytes(whole[: Places.of(path).data_end] + tail)
    repair = repair_recording(path)
    assert repair is not None
    assert (repair.samples, repair.dropped_bytes) == (210, len(tail))
    assert_prefix(read_recording(path), samples)


def test_a_chunk_of_the_right_length_but_never_written_is_dropped(tmp_path: Path) -> None:
    samples, path = nine_axis(210), tmp_path / "a.mcap"
    whole = bytearray(recorded(path, samples, CHUNK))
    written = Places.of(path).chunk_starts[-1] + 80
    whole[written:] = bytes(len(whole) - written)
    path.write_bytes(whole)
    repair = repair_recording(path)
    assert repair is not None
    assert repair.samples == 2 * CHUNK
    assert_prefix(read_recording(path), samples)


@pytest.mark.parametrize("flip", [0x01, 0x80])
def test_damage_before_the_end_is_never_cut_away(flip: int, tmp_path: Path) -> None:
    samples, path = nine_axis(6), tmp_path / "a.mcap"
    whole = recorded(path, samples, 2)
    places = Places.of(path)
    refused = 0
    for position in range(places.head_end, places.chunk_starts[-1]):
        changed = bytearray(whole[: places.data_end])
        changed[position] ^= flip
        path.write_bytes(changed)
        if repair_recording(path) is None:
            assert path.read_bytes() == changed
            with pytest.raises(RecordingError, match="damaged"):
                read_recording(path)
            refused += 1
        else:  # a byte of the index of messages, which repeats what the chunks say
            assert_prefix(read_recording(path), samples)
            assert len(read_recording(path).samples) == 6
    assert refused > 0.8 * (places.chunk_starts[-1] - places.head_end)


@pytest.mark.parametrize("flip", [0x01, 0x80])
def test_a_whole_file_with_a_changed_byte_loses_nothing(flip: int, tmp_path: Path) -> None:
    samples, path = nine_axis(6), tmp_path / "a.mcap"
    whole = recorded(path, samples, 2)
    for position in range(Places.of(path).data_end + 13):
        changed = bytearray(whole)
        changed[position] ^= flip
        path.write_bytes(changed)
        with pytest.raises(RecordingError, match=r"a\.mcap") as refused:
            read_recording(path)
        assert "inspect" not in str(refused.value)
        assert repair_recording(path) is None
        assert path.read_bytes() == changed


@pytest.mark.parametrize("part", ["cut off", "of an unknown channel"])
def test_the_index_of_the_last_chunk_is_made_anew(part: str, tmp_path: Path) -> None:
    samples, path = nine_axis(210), tmp_path / "a.mcap"
    whole = recorded(path, samples, CHUNK)
    with path.open("rb") as stream:
        closed = make_reader(stream, validate_crcs=True).get_summary()
    places, content = Places.of(path), bytearray(whole)
    content[places.chunk_ends[-1] + 9] ^= 0x40
    path.write_bytes(
        whole[: places.chunk_ends[-1] + 7] if part == "cut off" else content[: places.data_end]
    )
    assert repair_recording(path) is not None
    with path.open("rb") as stream:
        reader = make_reader(stream, validate_crcs=True)
        repaired = reader.get_summary()
        assert closed is not None
        assert repaired is not None
        assert repaired.statistics == closed.statistics
        assert repaired.chunk_indexes == closed.chunk_indexes
        assert repaired.metadata_indexes == closed.metadata_indexes
        assert (repaired.schemas, repaired.channels) == (closed.schemas, closed.channels)
        times = [message.log_time for _, _, message in reader.iter_messages(["/imu"])]
        assert times == (samples.device_time_us * 1000).tolist()
    with AnyReader([path], default_typestore=get_typestore(Stores.ROS2_JAZZY)) as bag:
        assert bag.message_count == len(samples) + len(samples.mag_time_us)


def test_a_whole_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    write_recording(path, Recording(make.noise(500), RecordingInfo()))
    before = path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino
    assert repair_recording(path) is None
    assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) == before


@pytest.mark.parametrize("content", [b"no recording\n" * 40, b"\0" * 400])
def test_what_is_no_recording_is_left_alone(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    path.write_bytes(content)
    assert repair_recording(path) is None
    assert path.read_bytes() == content


def test_inspect_repairs_and_says_what_was_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    whole = recorded(path, nine_axis(210), CHUNK)
    path.write_bytes(whole[: Places.of(path).chunk_ends[1] - 1])
    path.chmod(0o640)
    done = run("inspect", path)
    assert done.code == 0
    size = Places.of(path).chunk_ends[0]
    assert f"{CHUNK} samples kept, " in done.err
    assert "bytes behind them dropped" in done.err
    assert f"{CHUNK} samples at 119.0 Hz" in done.out
    assert path.read_bytes()[:size] == whole[:size]
    assert path.stat().st_mode & 0o777 == 0o640
    assert run("inspect", path).err == ""
