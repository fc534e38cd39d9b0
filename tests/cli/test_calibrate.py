"""`imu-gesture calibrate`: a guided session ends in a profile that corrects, or in a reason."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.calibration.profile import apply, read_profile
from imu_gesture.link.link import SamplesReceived
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import RecordingWriter
from imu_gesture.samples import Samples
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.dance import DancePlan, Dancer, DancingHand
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import REST, Action
from imu_gesture.simulation.signals import FIELD_UT, ideal_signals
from imu_gesture.workflow.boards import dancing_link, virtual_link
from tests import make
from tests.cli.conftest import Command

SEED = 3


def recorded(folder: Path, seconds: float) -> Path:
    """The first seconds of a calibration session, as `record` would keep them."""
    path = folder / "session.mcap"
    with dancing_link(SEED) as link, RecordingWriter(path, info_of(SEED)) as writer:
        for event in link.events():
            writer.note(event)
            if isinstance(event, SamplesReceived) and event.samples.duration_s:
                newest_us = event.samples.device_time_us[-1]
                if newest_us > seconds * 1e6:
                    break
    return path


def info_of(seed: int) -> RecordingInfo:
    with virtual_link(seed) as link:
        return RecordingInfo(**link.info.model_dump())


def resting(seed: int) -> Samples:
    """The same board, on another day: it has lain on the table until it was as warm."""
    still = Dancer(99).perform(DancePlan(rest_s=110.0, poses=(), turns=0, eight_s=0.0))
    samples = Device(LSM9DS1_BOARD, seed).measure(ideal_signals(still))
    return samples.rows(slice(-1200, None))


def test_the_virtual_hand_leads_to_a_profile_that_corrects_its_board(
    command: Command, tmp_path: Path
) -> None:
    done = command("calibrate", "--virtual", "--seed", str(SEED), "-w", tmp_path, "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    profile = read_profile(Path(found["profile"]))
    assert Path(found["profile"]).parent == tmp_path / "calibration"
    assert found["device_id"] == profile.device_id == info_of(SEED).device_id
    assert found["findings"] == []
    assert found["quality"]["accelerometer"]["inclination_error_deg"] < 0.4
    device = Device(LSM9DS1_BOARD, SEED)
    assert profile.temperature_c is not None
    assert device.temperature_c(0.0) < profile.temperature_c < device.temperature_c(300.0)
    raw = resting(SEED)
    corrected = apply(profile, raw)
    assert np.abs(raw.gyr_or_zero_dps.mean(axis=0)).max() > 3
    assert np.abs(corrected.gyr_or_zero_dps.mean(axis=0)).max() < 0.2
    assert np.linalg.norm(corrected.acc_g.mean(axis=0)) == pytest.approx(1, abs=0.002)
    assert profile.mag is not None
    field_ut = profile.mag.quality["field_ut"]  # soft iron may have changed it by a tenth
    assert np.linalg.norm(corrected.mag_ut.mean(axis=0)) == pytest.approx(field_ut, rel=0.02)
    assert field_ut == pytest.approx(np.linalg.norm(FIELD_UT), rel=0.1)


def test_each_stage_is_told_and_how_far_it_is(command: Command, tmp_path: Path) -> None:
    words = ("calibrate", "--no-window", "--virtual", "--seed", str(SEED), "-w", tmp_path)
    told = command(*words).err.splitlines()
    wanted = ["lay the board flat", "3 of 6 faces", "done, inclination error", "figure-eights"]
    places = [next(i for i, line in enumerate(told) if text in line) for text in wanted]
    assert places == sorted(places)
    assert all(first != second for first, second in pairwise(told))


def test_a_recorded_session_gives_the_same_profile(command: Command, tmp_path: Path) -> None:
    session = recorded(tmp_path, 400.0)
    profiles = []
    for where in (("--virtual", "--seed", str(SEED)), ("--replay", session)):
        found = json.loads(command("calibrate", *where, "-w", tmp_path, "--json").out)
        profiles.append(read_profile(Path(found["profile"])))
    direct, replayed = profiles
    for name in ("acc", "gyr", "mag"):
        one, other = getattr(direct, name), getattr(replayed, name)
        assert np.allclose(one.matrix, other.matrix, atol=1e-3)
        assert np.allclose(one.offset, other.offset, atol=0.05)


def test_without_the_magnetometer_the_profile_has_none(command: Command, tmp_path: Path) -> None:
    words = ("calibrate", "--virtual", "--no-magnetometer", "-w", tmp_path, "--json")
    found = json.loads(command(*words).out)
    assert read_profile(Path(found["profile"])).mag is None


@pytest.mark.parametrize("seconds", [2.0, 30.0])
def test_a_session_that_ends_early_is_refused_and_nothing_is_kept(
    command: Command, tmp_path: Path, seconds: float
) -> None:
    done = command(
        "calibrate", "--no-window", "--replay", recorded(tmp_path, seconds), "-w", tmp_path
    )
    assert done.code == 1
    assert "the samples ended before the calibration did, at: " in done.err
    assert not (tmp_path / "calibration").exists()


def test_a_board_that_is_never_still_is_refused_with_the_reason(
    command: Command, tmp_path: Path
) -> None:
    shaken = make.write(tmp_path, "shaken", make.noise(119 * 200), [])
    done = command("calibrate", "--no-window", "--replay", shaken, "-w", tmp_path)
    assert done.code == 1
    assert "still" in done.err
    assert "calibrate again" in done.err
    assert not (tmp_path / "calibration").exists()


def test_after_the_dance_the_hand_rests() -> None:
    hand = DancingHand(0, DancePlan(rest_s=2.0, poses=(), turns=0, eight_s=5.0))
    sensors = Device(LSM9DS1_BOARD, 0)
    motions = [hand.perform([Action(REST, 4.0)]) for _ in range(3)]
    parts = [sensors.measure(ideal_signals(motion)) for motion in motions]
    spreads = [float(part.gyr_or_zero_dps.std(axis=0).max()) for part in parts]
    assert spreads[0] > 20
    assert max(spreads[1:]) < 1
