"""What a board says beside samples: kept, in order, and readable by other programs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcap.reader import make_reader
from rosbags.highlevel import AnyReader
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from imu_gesture import _core
from imu_gesture.errors import RecordingError
from imu_gesture.link.link import (
    LineDamaged,
    LinkInterrupted,
    SamplesReceived,
    TemperatureMeasured,
)
from imu_gesture.recording.cdr import FLOATS, STRING, TIME, MessageType, Value
from imu_gesture.recording.mcap_file import RecordingWriter, read_recording, write_recording
from imu_gesture.recording.repair import repair_recording
from imu_gesture.recording.side_channels import HEALTH_FIELDS, SIDE_CHANNELS
from tests import make
from tests.conftest import RunPython
from tests.recording import heard
from tests.recording.crash import nine_axis
from tests.recording.test_mcap_file import assert_equal

SAMPLES = nine_axis(300)


def test_every_event_is_read_back_in_its_place(tmp_path: Path) -> None:
    path = heard.record(tmp_path / "a.mcap", SAMPLES, heard.events())
    found = read_recording(path)
    assert_equal(found.samples, SAMPLES)
    assert list(map(heard.comparable, found.events)) == list(map(heard.comparable, heard.events()))
    assert [logged.imu_rows for logged in found.log] == [
        10 * (i + 1) for i in range(len(heard.events()))
    ]
    assert [logged.mag_rows for logged in found.log] == [
        int((SAMPLES.mag_time_us < SAMPLES.device_time_us[logged.imu_rows]).sum())
        for logged in found.log
    ]


def test_a_recording_written_again_is_the_same_to_the_byte(tmp_path: Path) -> None:
    heard.record(tmp_path / "a.mcap", SAMPLES, heard.events())
    first = read_recording(tmp_path / "a.mcap")
    write_recording(tmp_path / "b.mcap", first)
    write_recording(tmp_path / "c.mcap", read_recording(tmp_path / "b.mcap"))
    assert (tmp_path / "b.mcap").read_bytes() == (tmp_path / "c.mcap").read_bytes()
    assert_equal(read_recording(tmp_path / "c.mcap").samples, SAMPLES)


def test_in_order_gives_samples_and_events_as_they_came(tmp_path: Path) -> None:
    found = read_recording(heard.record(tmp_path / "a.mcap", SAMPLES, heard.events()))
    order = list(found.in_order())
    pieces = [len(event.samples) for event in order if isinstance(event, SamplesReceived)]
    assert pieces == [10] * len(heard.events()) + [300 - 10 * len(heard.events())]
    assert not any(isinstance(event, SamplesReceived) for event in order[1::2])


def test_without_events_there_is_no_channel_for_them(tmp_path: Path) -> None:
    path = heard.record(tmp_path / "a.mcap", SAMPLES, [])
    assert read_recording(path).log == ()
    assert read_recording(path).clock is None
    with path.open("rb") as stream:
        summary = make_reader(stream).get_summary()
    assert summary is not None
    assert [channel.topic for channel in summary.channels.values()] == ["/imu", "/mag"]


def test_an_independent_reader_decodes_every_channel(tmp_path: Path) -> None:
    """By the definitions in the file alone; that of ROS itself has the same two known types."""
    path = heard.record(tmp_path / "a.mcap", SAMPLES, heard.events())
    found: dict[str, list[Any]] = {}
    with AnyReader([path]) as reader:
        for connection, log_time, data in reader.messages():
            message: Any = reader.deserialize(data, connection.msgtype)
            stamp = message.header.stamp.sec * 10**9 + message.header.stamp.nanosec
            assert log_time == heard.STARTED_NS + stamp
            found.setdefault(connection.topic, []).append(message)
    assert found.keys() == {"/imu", "/mag", *SIDE_CHANNELS}
    assert found["/temperature"][0].temperature == 23.41
    assert [message.source for message in found["/time_reference"]] == ["sent", "recv"] * 2
    first = found["/time_reference"][1].time_ref
    assert (first.sec, first.nanosec) == (1_700_000_001, 257_812_500)
    assert found["/mark"][0].kind == 2
    assert (found["/gesture"][0].label, found["/gesture"][0].score) == ("größer", 229 / 255)
    assert [list(message.scores) for message in found["/scores"]] == [[0.25, 1 / 3, 0.0], []]
    counters = [getattr(found["/health"][0], name) for name in HEALTH_FIELDS]
    assert counters == [2**32 - 1 - number for number in range(len(HEALTH_FIELDS))]
    assert [(m.state, m.text, m.count) for m in found["/link"]] == [
        ("samples lost", "", 7),
        ("samples lost", "", -1),
        ("line damaged", "12;x\n…", 0),
        ("interrupted", "/dev/ttyACM0: the board is gone", 0),
        ("resumed", "", 0),
        ("events lost", "gestures", 2),
        ("board warned", "self-test: gravity is not 1 g at rest", 0),
    ]


@pytest.mark.parametrize("kind", SIDE_CHANNELS.values(), ids=lambda kind: kind.topic)
def test_encoding_is_that_of_an_independent_encoder(kind: MessageType) -> None:
    """The texts are of a length after which what follows is out of place without padding."""
    values: dict[str, Value] = {
        STRING: "abcd",
        FLOATS: (0.5, -1.0),
        TIME: 1_700_000_000_000_000_005,
        "float64": -0.125,
        "uint8": 200,
        "uint32": 4_000_000_000,
        "int64": -(2**40),
    }
    store = get_typestore(Stores.ROS2_JAZZY)
    store.register(
        {
            name: fields
            for name, fields in get_types_from_msg(kind.definition, kind.name).items()
            if name not in store.fielddefs
        }
    )
    ours = kind.encode(-2_500_001, *(values[type_] for type_, _ in kind.fields))
    message: Any = store.deserialize_cdr(ours, kind.name)
    assert bytes(store.serialize_cdr(message, kind.name)) == ours
    assert (message.header.stamp.sec, message.header.stamp.nanosec) == (-3, 499_999_000)
    assert kind.decode(ours) == (-2_500_001, tuple(values[type_] for type_, _ in kind.fields))


@pytest.mark.parametrize("kind", SIDE_CHANNELS.values(), ids=lambda kind: kind.topic)
def test_cut_off_messages_are_refused(kind: MessageType) -> None:
    values: dict[str, Value] = {STRING: "abc", FLOATS: (0.5,), "float64": 0.5}
    whole = kind.encode(1, *(values.get(type_, 1) for type_, _ in kind.fields))
    for size in range(len(whole)):
        with pytest.raises(RecordingError, match=kind.topic):
            kind.decode(whole[:size])


@pytest.mark.parametrize(
    ("text", "kept"), [("a\0b", "a\ufffdb"), ("\udc80x", "?x"), ("", ""), ("né\n", "né\n")]
)
def test_any_text_can_be_written(text: str, kept: str) -> None:
    kind = MessageType("imu_gesture_msgs/msg/Text", "/text", ((STRING, "text"), (STRING, "more")))
    assert kind.decode(kind.encode(0, text, "end")) == (0, (kept, "end"))


def test_all_counters_of_the_board_are_kept() -> None:
    counters = {name for name in dir(_core.Health()) if not name.startswith("_")}
    assert counters - {"type", "device_time_us"} == set(HEALTH_FIELDS)


def test_events_alone_are_put_on_the_disk_too(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.mcap", tmp_path / "copy.mcap"
    with RecordingWriter(path, heard.INFO) as writer:
        for second in range(5):
            writer.note(TemperatureMeasured(second * 400_000, float(second)))
        copy.write_bytes(path.read_bytes())
    assert repair_recording(copy) is not None
    assert [event.celsius for event in read_recording(copy).events] == [0.0, 1.0, 2.0]  # type: ignore[union-attr]
    assert len(read_recording(path).events) == 5


def test_lines_of_rubbish_alone_do_not_pile_up(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.mcap", tmp_path / "copy.mcap"
    with RecordingWriter(path, heard.INFO) as writer:
        for number in range(2500):
            writer.note(LineDamaged(str(number)))
        copy.write_bytes(path.read_bytes())
    repair_recording(copy)
    assert len(read_recording(copy).events) == 2000
    assert len(read_recording(path).events) == 2500


def test_nothing_is_taken_after_the_end(tmp_path: Path) -> None:
    with RecordingWriter(tmp_path / "a.mcap", heard.INFO) as writer:
        writer.append(make.noise(5))
    for event in heard.events():
        with pytest.raises(RecordingError, match="is closed"):
            writer.note(event)
    with pytest.raises(RecordingError, match="is closed"):
        writer.flush()


def test_values_that_do_not_fit_cost_no_more_than_their_chunk(tmp_path: Path) -> None:
    path, samples = tmp_path / "a.mcap", nine_axis(150)
    info = heard.INFO.model_copy(update={"acc_g_per_lsb": make.ACC_G_PER_LSB})
    writer = RecordingWriter(path, info)
    writer.append(samples)
    with pytest.raises(RecordingError, match="not whole counts"):
        writer.append(make.noise(100))
    writer.close()
    assert_equal(read_recording(path).samples, samples)


def test_an_interruption_is_on_the_disk_at_once(tmp_path: Path) -> None:
    """Nothing may come for long, so it does not wait for the next half second."""
    path, copy = tmp_path / "a.mcap", tmp_path / "copy.mcap"
    with RecordingWriter(path, heard.INFO) as writer:
        writer.append(make.noise(5))
        writer.note(LinkInterrupted("gone"))
        copy.write_bytes(path.read_bytes())
    repair_recording(copy)
    found = read_recording(copy)
    assert (len(found.samples), found.events) == (5, (LinkInterrupted("gone"),))


def test_cut_off_anywhere_events_are_kept_in_order(tmp_path: Path) -> None:
    path = heard.record(tmp_path / "a.mcap", nine_axis(170), heard.events())
    whole = path.read_bytes()
    everything = list(map(heard.comparable, heard.events()))
    kept = set()
    for size in range(400, len(whole), 397):
        path.write_bytes(whole[:size])
        repair_recording(path)
        found = list(map(heard.comparable, read_recording(path).events))
        assert found == everything[: len(found)]
        kept.add(len(found))
    assert {0, len(everything)} < kept


FILL = """
import resource, sys
from imu_gesture.errors import RecordingError
from imu_gesture.recording.mcap_file import read_recording
from tests.recording import heard
from tests.recording.crash import Path, nine_axis

folder = Path(sys.argv[1])
size = heard.record(folder / "whole.mcap", nine_axis(170), heard.events()).stat().st_size
most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
everything = list(map(heard.comparable, heard.events()))
for limit in range(400, size, 251):
    path = folder / f"{limit}.mcap"
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
    try:
        heard.record(path, nine_axis(170), heard.events())
    except RecordingError as error:
        assert "samples are kept" in str(error), error
    else:
        sys.exit(f"{limit}: no error")
    found = read_recording(path)
    assert list(map(heard.comparable, found.events)) == everything[: len(found.events)]
    print(len(found.events))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_on_a_full_disk_events_are_whole_up_to_there(run_python: RunPython, tmp_path: Path) -> None:
    kept = set(map(int, run_python(FILL, tmp_path).split()))
    assert {0, len(heard.events())} <= kept
    assert len(kept) > 2


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 of POSIX")
def test_killed_while_only_events_come(tmp_path: Path) -> None:
    code = """
import sys, time
from pathlib import Path
from imu_gesture.link.link import TemperatureMeasured
from imu_gesture.recording.mcap_file import RecordingWriter
from tests.recording.heard import INFO

writer = RecordingWriter(Path(sys.argv[1]), INFO)
for tenth in range(100_000):
    writer.note(TemperatureMeasured(tenth * 100_000, float(tenth)))
    print(tenth, flush=True)
"""
    path = tmp_path / "a.mcap"
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while "57" not in process.stdout.readline():
            pass
        process.kill()
        said = int([57, *map(int, process.stdout.read().split())][-1])
    repair_recording(path)
    found = [event.device_time_us // 100_000 for event in read_recording(path).events]  # type: ignore[union-attr]
    assert found == list(range(len(found)))
    assert said - found[-1] <= 6
