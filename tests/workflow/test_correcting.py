"""Profiles in use: training learns from corrected readings, and the board corrects them too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from imu_gesture import _core
from imu_gesture.calibration.mount import Mount
from imu_gesture.calibration.mounts import new_mounts, write_mounts
from imu_gesture.calibration.profile import Profile, SensorEntry, write_profile
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.trust import load_trusted
from imu_gesture.dataset.windows import corrected as corrected_samples
from imu_gesture.errors import CalibrationError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import GestureReported, SamplesLost, SamplesReceived
from imu_gesture.link.virtual.device import OnBoardModel, VirtualDevice
from imu_gesture.link.virtual.transport import VirtualTransport
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import REST, Action, Performer
from imu_gesture.workflow.boards import virtual_link
from imu_gesture.workflow.calibrating import keep, profile_of
from imu_gesture.workflow.correcting import bring_calibration, calibration_id, corrected
from imu_gesture.workflow.training import TrainingOptions, train_workspace
from imu_gesture.workspace import Workspace
from tests import make
from tests.live.small_model import small_model
from tests.simulation.classifier import LABELS, VigourClassifier, vigour_params

OFFSET_DPS = (1.0, -2.0, 3.0)


def profile(device_id: str, gyr: SensorEntry | None = None) -> Profile:
    gyr = gyr or SensorEntry(offset=OFFSET_DPS)
    return Profile(device_id=device_id, date="2026-11-25", method="test", gyr=gyr)


def workspace_of(folder: Path, boards: list[str]) -> Workspace:
    for seed, board in enumerate(boards):
        samples, labels = make.gestures(["a", "b"] * 3, seed)
        make.write(folder / "recordings", f"r{seed}", samples, labels, device_id=board)
    return Workspace(folder)


@pytest.mark.parametrize(
    ("boards", "calibrated", "warned"),
    [
        (["one", "one"], [], False),
        (["one", "one"], ["one"], False),
        (["one", "two"], ["one"], True),
        (["one", ""], ["one"], True),
        (["one", "two"], ["one", "two", "three"], False),
    ],
)
def test_each_recording_is_corrected_by_the_profile_of_its_board(
    boards: list[str], calibrated: list[str], warned: bool, tmp_path: Path
) -> None:
    workspace = workspace_of(tmp_path, boards)
    for board in calibrated:
        keep(workspace, profile(board))
    raw = load_trusted(workspace.recording_files(), accept_bad=True).recordings
    found = corrected(raw, workspace)
    assert found.boards == set(boards) & set(calibrated)
    assert bool(found.warnings) == warned
    for before, after in zip(raw, found.recordings, strict=True):
        assert after.recording is before.recording  # raw, as recordings stay
        moved = np.array(OFFSET_DPS) * (before.recording.info.device_id in calibrated)
        assert np.allclose(after.calibration.gyr.offset, moved)
        left = corrected_samples(before).gyr_or_zero_dps - corrected_samples(after).gyr_or_zero_dps
        assert np.allclose(left[:20], moved, atol=1e-3)  # before rests teach


def test_a_damaged_profile_is_an_error_and_not_left_aside(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ["one"])
    path = keep(workspace, profile("one"))
    path.write_text(path.read_text().replace('"version"', '"vision"'))
    with pytest.raises(CalibrationError, match="calibrate this board again"):
        profile_of(workspace, "one")


@pytest.mark.slow
@pytest.mark.parametrize("raw", [False, True])
def test_the_manifest_says_what_the_model_has_learned_from(raw: bool, tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ["one"])
    keep(workspace, profile("one"))
    options = TrainingOptions(evaluate=False, epochs=1, raw=raw, accept_bad=True)
    assert train_workspace(workspace, options).manifest.calibrated == (not raw)


def board_that_waves() -> tuple[VirtualDevice, BoardLink]:
    classifier = VigourClassifier()
    firmware = _core.Firmware(
        vigour_params(), lambda window: np.asarray(classifier.scores(window[None])[0])
    )
    plan = [Action("wave"), Action(REST, 1.5)]
    model = OnBoardModel(LABELS, firmware, "00" * 8)
    device = VirtualDevice(Device(LSM9DS1_BOARD, 0), Performer(0), [plan], model)
    transport = VirtualTransport(device)
    return device, BoardLink(transport, clock=transport.clock)


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("blinded", [False, True])
def test_the_board_is_told_before_the_first_sample_and_again_after_a_reset(
    blinded: bool, reset: bool, tmp_path: Path
) -> None:
    """A profile that takes every turn for none shows whether the board obeys it."""
    device, link = board_that_waves()
    gestures = 0
    with link:
        nothing = SensorEntry(matrix=((0, 0, 0), (0, 0, 0), (0, 0, 0)))
        one = profile(link.info.device_id, nothing if blinded else None)
        write_profile(Workspace(tmp_path).calibration_file(one.device_id), one)
        manifest = small_model()[0].model_copy(update={"calibrated": True})
        told: list[str] = []
        assert bring_calibration(link, Workspace(tmp_path), manifest, 0.0, told.append).known
        samples, was_reset = 0, False
        for event in link.events():
            gestures += isinstance(event, GestureReported)
            was_reset |= isinstance(event, SamplesLost)
            samples += len(event.samples) if isinstance(event, SamplesReceived) else 0
            if reset and samples > 1000 and not was_reset:
                was_reset = True
                device.reset()
                device.link_up()
            if samples > 2500:
                break
    assert told == []
    assert (gestures == 0) == blinded


def test_without_a_profile_of_this_board_it_is_said(tmp_path: Path) -> None:
    manifest = small_model()[0]
    told: list[str] = []
    with virtual_link(0) as link:
        for calibrated in (False, True):
            asked = manifest.model_copy(update={"calibrated": calibrated})
            assert not bring_calibration(link, Workspace(tmp_path), asked, 0.0, told.append).known
            assert len(told) == calibrated
    assert "imu-gesture calibrate" in told[0]


def test_calibrations_are_known_by_what_they_do() -> None:
    first, same = profile("one").core_params(), profile("two").core_params()
    other = profile("one", SensorEntry(offset=(0.0, 0.0, 0.1))).core_params()
    assert calibration_id(first) == calibration_id(same) != calibration_id(other)
    assert len(calibration_id(first)) == 8
    assert calibration_id(_core.CalibrationParams()) == bytes(8)


def test_a_board_keeps_its_calibration_over_a_power_cut_until_it_is_told_otherwise(
    tmp_path: Path,
) -> None:
    workspace = Workspace(tmp_path)
    device, link = board_that_waves()
    asked = small_model()[0].model_copy(update={"calibrated": True})
    seen = []
    with link:
        keep(workspace, profile(link.info.device_id))
        wanted = calibration_id(bring_calibration(link, workspace, asked, 0.0, print))
        hear(link, 300)
        for calibrated in (True, False, False):
            manifest = asked.model_copy(update={"calibrated": calibrated})
            bring_calibration(link, workspace, manifest, 0.0, print)
            device.reset()
            device.link_up()
            hear(link, 300)
            seen.append(link.conversation.calibration_id)
    assert seen == [wanted, wanted, bytes(8)]


def hear(link: BoardLink, samples: int) -> None:
    heard = 0
    for event in link.events():
        heard += len(event.samples) if isinstance(event, SamplesReceived) else 0
        if heard >= samples:
            return


def test_readings_of_a_board_that_was_strapped_on_anew_are_turned_from_then_on(
    tmp_path: Path,
) -> None:
    workspace = workspace_of(tmp_path, ["one", "one"])
    raw = load_trusted(workspace.recording_files(), accept_bad=True).recordings
    turn = Rotation.from_euler("z", 90, degrees=True).as_matrix()
    mounts = new_mounts(np.eye(3)[:2]).with_mount("one", Mount(turn, 90.0, 1.0), 1000.0)
    write_mounts(workspace.mounts_file, mounts)
    early, late = (replace_start(r, seconds) for r, seconds in zip(raw, (999, 1001), strict=True))
    before, after = corrected([early, late], workspace).recordings
    assert np.array_equal(before.calibration.acc.matrix, np.eye(3))
    assert np.allclose(after.calibration.acc.matrix, turn)
    assert np.allclose(after.calibration.gyr.matrix, turn)
    assert not after.calibration.known


def replace_start(labelled: LabelledRecording, seconds: int) -> LabelledRecording:
    info = labelled.recording.info.model_copy(update={"started_unix_ns": seconds * 10**9})
    return replace(labelled, recording=replace(labelled.recording, info=info))
