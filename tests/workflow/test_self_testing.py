"""`verify --self-test`: what a board finds out about itself, in words, part by part."""

from __future__ import annotations

import json
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.deploy import demonstration
from imu_gesture.deploy.golden import known_scores, model_proof
from imu_gesture.deploy.manifest import read_run
from imu_gesture.deploy.package import model_package
from imu_gesture.deploy.verify.rung import Rung
from imu_gesture.deploy.verify.self_test_rung import PARTS, self_test_rungs
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.virtual.device import OnBoardModel, VirtualDevice
from imu_gesture.link.virtual.transport import VirtualTransport
from imu_gesture.simulation.dance import DancePlan, DancingHand
from imu_gesture.workflow.boards import opened, virtual_sensors
from imu_gesture.workflow.verifying import Watch, self_test
from tests.cli.conftest import Command, command  # noqa: F401 - a fixture

MANIFEST, TFLITE = read_run(demonstration.FOLDER)
FACES = DancePlan(rest_s=3.0, turns=0, eight_s=0.0)
FACES_S = 40.0


def device(
    proof: _core.ModelProof | None, runs: bytes = TFLITE, faults: tuple[str, ...] = ()
) -> VirtualDevice:
    """A board that a person lays on each of its faces."""
    classifier = open_classifier(runs)
    firmware = _core.Firmware(
        MANIFEST.firmware_params(), lambda window: classifier.scores(window[None])[0]
    )
    model = OnBoardModel(MANIFEST.label_names, firmware, MANIFEST.model_id, opened, proof)
    return VirtualDevice(virtual_sensors(5, faults), DancingHand(5, FACES), model=model)


def outcome(board: VirtualDevice, seconds: float = 4.0, tflite: bytes = TFLITE) -> dict[str, Rung]:
    transport = VirtualTransport(board)
    with BoardLink(transport, clock=transport.clock) as link:
        return {rung.name: rung for rung in self_test(link, tflite, Watch(seconds))}


def states(rungs: dict[str, Rung]) -> list[str]:
    return [rungs[name].state for name in PARTS]


def test_a_healthy_board_passes_once_it_was_laid_on_its_faces() -> None:
    found = outcome(device(model_proof(MANIFEST, TFLITE)), FACES_S)
    assert states(found) == ["passed"] * 6, found
    assert f"{zlib.crc32(TFLITE):08x}" in found[PARTS[0]].detail
    assert "4 of 4" in found[PARTS[1]].detail


def test_what_was_not_seen_is_skipped_with_what_to_do() -> None:
    found = outcome(device(model_proof(MANIFEST, TFLITE)), 2.5)
    assert states(found) == ["passed"] * 5 + ["skipped"]
    assert "turn it about each axis" in found[PARTS[5]].detail
    bare = outcome(device(None), 2.5)
    assert states(bare)[:2] == ["skipped", "skipped"]


@pytest.mark.parametrize("fault", ["gyroscope x flipped", "accelerometer y and z swapped"])
def test_a_wrong_axis_fails_the_axes_alone(fault: str) -> None:
    found = outcome(device(model_proof(MANIFEST, TFLITE), faults=(fault,)), FACES_S)
    assert states(found) == ["passed"] * 5 + ["failed"]


def flips() -> list[bytes]:
    """Models with one bit of a byte flipped that still open, all over the flatbuffer's buffers."""
    rng = np.random.default_rng(11)
    found: list[bytes] = []
    while len(found) < 24:
        content = bytearray(TFLITE)
        content[int(rng.integers(len(content) // 3, len(content)))] ^= 0x40
        if opened(bytes(content)) is not None:
            found.append(bytes(content))
    return found


def test_a_bit_that_flipped_in_flash_fails_the_checksum_wherever_it_is() -> None:
    good = known_scores(MANIFEST, TFLITE)
    for model in flips():
        proof = _core.ModelProof(model, zlib.crc32(TFLITE), *good)
        found = outcome(device(proof), 0.5)
        assert found[PARTS[0]].state == "failed"


def test_a_flipped_weight_that_runs_fails_the_golden_windows_too() -> None:
    inputs, scores = known_scores(MANIFEST, TFLITE)
    changed = next(m for m in flips() if (open_classifier(m).scores(inputs) != scores).any())
    proof = _core.ModelProof(changed, zlib.crc32(TFLITE), inputs, scores)
    assert states(outcome(device(proof, changed), 0.5))[:2] == ["failed", "failed"]


def test_a_whole_model_that_is_another_one_is_told() -> None:
    other = flips()[0]
    proof = _core.ModelProof(other, zlib.crc32(other), *known_scores(MANIFEST, TFLITE))
    found = outcome(device(proof), 0.5)[PARTS[0]]
    assert (found.state, found.detail.split(": ")[-1]) == ("failed", "another model")


def test_a_model_that_came_over_the_link_is_tested_in_its_place() -> None:
    board = device(model_proof(MANIFEST, TFLITE))
    package = model_package(MANIFEST, TFLITE)
    transport = VirtualTransport(board)
    with BoardLink(transport, clock=transport.clock) as link:
        begin = _core.BeginUpdate()
        begin.size, begin.sha256 = len(package), _core.sha256(package)
        link.order(begin)
        for start in range(0, len(package), 200):
            part = _core.WriteUpdate()
            part.offset, part.bytes = start, package[start : start + 200]
            link.order(part)
        assert link.order(_core.EndUpdate()).status == int(_core.AckStatus.DONE)
        before = self_test_rungs(link, TFLITE)
        flash = bytearray(board.core.flash.content)
        flash[flash.index(TFLITE) + len(TFLITE) // 2] ^= 1
        board.core.flash.content = bytes(flash)
        after = self_test_rungs(link, TFLITE)
    assert [rung.state for rung in before[:2]] == ["passed", "passed"]
    assert after[0].state == "failed"


def test_without_the_boards_own_runtime_no_scores_are_promised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "imu_gesture.inference.tflm", None)
    inputs, scores = known_scores(MANIFEST, TFLITE)
    assert (len(inputs), len(scores)) == (0, 0)
    found = outcome(device(model_proof(MANIFEST, TFLITE)), 0.5)
    assert states(found)[:2] == ["passed", "skipped"]


def test_the_command_says_it_as_text_and_json(
    command: Command,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    done = command("verify", "--virtual", "--self-test", "-w", tmp_path, "--json")
    assert done.code == 0
    assert [rung["name"] for rung in json.loads(done.out)["rungs"]] == list(PARTS)
    done = command("verify", "--virtual", "--self-test", "-w", tmp_path)
    assert "ok       self-test: golden windows: 4 of 4" in done.out
    done = command("verify", "--self-test", "-w", tmp_path)
    assert done.code != 0
    assert "--port" in done.err
