"""Recordings: exact to the count, readable by others, damaged ones refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mcap.writer import Writer
from rosbags.highlevel import AnyReader
from rosbags.typesys import Stores, get_typestore

from imu_gesture.errors import RecordingError
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import (
    Recording,
    RecordingWriter,
    read_recording,
    write_recording,
)
from imu_gesture.samples import Samples
from tests import make

SCALED = RecordingInfo(acc_g_per_lsb=make.ACC_G_PER_LSB, gyr_dps_per_lsb=make.GYR_DPS_PER_LSB)


def assert_equal(left: Samples, right: Samples) -> None:
    assert np.array_equal(left.device_time_us, right.device_time_us)
    assert np.array_equal(left.acc_g, right.acc_g)
    assert (left.gyr_dps is None) == (right.gyr_dps is None)
    assert np.array_equal(left.gyr_or_zero_dps, right.gyr_or_zero_dps)
    assert np.array_equal(left.sequence, right.sequence)
    assert np.array_equal(left.mag_time_us, right.mag_time_us)
    assert np.array_equal(left.mag_ut, right.mag_ut)


def with_magnetometer(samples: Samples) -> Samples:
    rng = np.random.default_rng(9)
    return replace(
        samples,
        mag_time_us=samples.device_time_us[::6].copy(),
        mag_ut=rng.normal(0, 40, (len(samples.device_time_us[::6]), 3)).astype(np.float32),
    )


@pytest.mark.parametrize(
    ("name", "samples", "info"),
    [
        ("whole counts", make.samples_of_counts(make.counts(2000)), SCALED),
        ("any float32", make.noise(500), RecordingInfo()),
        ("magnetometer at its own rate", with_magnetometer(make.noise(500)), RecordingInfo()),
        ("no gyroscope", replace(make.noise(500), gyr_dps=None), RecordingInfo()),
        ("lost samples", replace(make.noise(9), sequence=np.arange(9) * 3), RecordingInfo()),
        ("one sample", make.noise(1), RecordingInfo()),
        ("nothing", make.noise(0), RecordingInfo()),
    ],
)
def test_round_trip_is_exact(
    name: str, samples: Samples, info: RecordingInfo, tmp_path: Path
) -> None:
    path = tmp_path / "a.mcap"
    write_recording(path, Recording(samples, info))
    again = read_recording(path)
    assert_equal(again.samples, samples)
    assert again.info == info, name


def test_info_survives(tmp_path: Path) -> None:
    info = RecordingInfo(
        participant='Zoë "Z"',
        session="2",
        source="x",
        board="nano33ble-rev1",
        stated_rate_hz=119.0,
        time_source="rate",
        gravity="removed",
        started_unix_ns=1_700_000_000_123_456_789,
        acc_range_g=4.0,
    )
    path = tmp_path / "a.mcap"
    write_recording(path, Recording(make.noise(3), info))
    assert read_recording(path).info == info


def test_parts_written_one_by_one_read_as_one(tmp_path: Path) -> None:
    samples = make.noise(1000)
    path = tmp_path / "a.mcap"
    with RecordingWriter(path, RecordingInfo()) as writer:
        for start in range(0, 1000, 37):
            writer.append(samples.rows(slice(start, start + 37)))
    assert_equal(read_recording(path).samples, samples)


def test_an_independent_reader_sees_the_same_numbers(tmp_path: Path) -> None:
    samples = with_magnetometer(make.samples_of_counts(make.counts(300)))
    info = SCALED.model_copy(update={"started_unix_ns": 1_700_000_000_000_000_000})
    path = tmp_path / "a.mcap"
    write_recording(path, Recording(samples, info))
    acc, gyr, mag, log_times = [], [], [], []
    with AnyReader([path], default_typestore=get_typestore(Stores.ROS2_JAZZY)) as reader:
        for connection, log_time, data in reader.messages():
            message: Any = reader.deserialize(data, connection.msgtype)
            if connection.topic == "/imu":
                assert connection.msgtype == "sensor_msgs/msg/Imu"
                acc.append([getattr(message.linear_acceleration, axis) for axis in "xyz"])
                gyr.append([getattr(message.angular_velocity, axis) for axis in "xyz"])
                log_times.append(log_time)
                assert message.orientation_covariance[0] == -1
                assert message.header.frame_id == "imu"
            else:
                assert connection.msgtype == "sensor_msgs/msg/MagneticField"
                mag.append([getattr(message.magnetic_field, axis) for axis in "xyz"])
    assert np.allclose(acc, samples.acc_g.astype(np.float64) * 9.80665, rtol=1e-6)
    assert np.allclose(gyr, np.radians(samples.gyr_or_zero_dps.astype(np.float64)), rtol=1e-6)
    assert np.allclose(mag, samples.mag_ut.astype(np.float64) * 1e-6, rtol=1e-6)
    assert log_times == (info.started_unix_ns + samples.device_time_us * 1000).tolist()


def test_values_are_whole_counts_times_the_scale(tmp_path: Path) -> None:
    values = make.counts(100)
    path = tmp_path / "a.mcap"
    write_recording(path, Recording(make.samples_of_counts(values), SCALED))
    found = []
    with AnyReader([path], default_typestore=get_typestore(Stores.ROS2_JAZZY)) as reader:
        for connection, _, data in reader.messages():
            message: Any = reader.deserialize(data, connection.msgtype)
            found.append(message.linear_acceleration.x)
    assert found == [c * make.ACC_G_PER_LSB * 9.80665 for c in values[:, 0].tolist()]


def test_values_that_are_not_counts_of_the_scale_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="not whole counts"):
        write_recording(tmp_path / "a.mcap", Recording(make.noise(5), SCALED))


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    write_recording(path, Recording(make.noise(5), RecordingInfo()))
    before = path.read_bytes()
    with pytest.raises(RecordingError, match="exists already"):
        write_recording(path, Recording(make.noise(6), RecordingInfo()))
    assert path.read_bytes() == before


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"no-such\.mcap: cannot be read"):
        read_recording(tmp_path / "no-such.mcap")


@pytest.mark.parametrize("keep", [0, 4, 100, 0.5, 0.99])
def test_a_cut_off_file_is_refused(keep: float, tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    write_recording(path, Recording(make.noise(500), RecordingInfo()))
    content = path.read_bytes()
    path.write_bytes(content[: int(keep if keep > 1 else keep * len(content))])
    with pytest.raises(RecordingError, match=r"a\.mcap"):
        read_recording(path)


@pytest.mark.parametrize("flip", [0x01, 0x80])
def test_any_changed_byte_is_harmless_or_refused(flip: int, tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    samples = make.noise(3)
    write_recording(path, Recording(samples, RecordingInfo()))
    content = path.read_bytes()
    refused = 0
    for position in range(len(content)):
        changed = bytearray(content)
        changed[position] ^= flip
        path.write_bytes(changed)
        try:
            again = read_recording(path)
        except RecordingError as error:
            assert "a.mcap" in str(error)
            refused += 1
        else:
            assert_equal(again.samples, samples)
            assert again.info == RecordingInfo()
    assert refused > len(content) / 3  # the rest is the index, which repeats what is read


def test_somebody_elses_mcap_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "other.mcap"
    with path.open("wb") as stream:
        writer = Writer(stream)
        writer.start()
        writer.finish()  # type: ignore[no-untyped-call]
    with pytest.raises(RecordingError, match="imu-gesture import"):
        read_recording(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"version": "2"}, "newer than this program"), ({"gravity": "some"}, "gravity")],
)
def test_metadata_that_cannot_be_used_is_named(
    changes: dict[str, str], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.mcap"
    with path.open("wb") as stream:
        writer = Writer(stream)
        writer.start()
        writer.add_metadata("imu_gesture", RecordingInfo().to_metadata() | changes)
        writer.finish()  # type: ignore[no-untyped-call]
    with pytest.raises(RecordingError, match=message):
        read_recording(path)
