"""`verify`: every rung holds on a virtual board, and each sabotage is caught where it should be."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import ModelManifest, read_run
from imu_gesture.deploy.sketch import write_sketch
from imu_gesture.deploy.verify.model_rungs import quantisation_rung, reference_rung
from imu_gesture.deploy.verify.rung import first_difference
from imu_gesture.deploy.verify.self_test_rung import PARTS
from imu_gesture.deploy.verify.sketch_rung import sketch_rung
from imu_gesture.inference.classifier import Int8Array, open_classifier
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.link.virtual.transport import VirtualTransport
from imu_gesture.workflow.boards import laid_link, virtual_device, virtual_sensors
from imu_gesture.workflow.verifying import (
    ALL_FACES_S,
    Watch,
    board_side,
    host_rungs,
    stream_of,
    windows_of,
)
from imu_gesture.workspace import Workspace
from tests.cli.conftest import Command, command  # noqa: F401 - a fixture

MANIFEST, TFLITE = read_run(demonstration.FOLDER)


@contextmanager
def linked(device: VirtualDevice) -> Iterator[BoardLink]:
    transport = VirtualTransport(device)
    with BoardLink(transport, clock=transport.clock) as link:
        yield link


def test_all_rungs_hold_without_a_board(tmp_path: Path) -> None:
    write_sketch(tmp_path / "firmware_sketch", MANIFEST, TFLITE)
    found = list(host_rungs(Workspace(tmp_path), MANIFEST, TFLITE))
    assert [rung for rung in found if rung.state == "failed"] == []
    assert found[-1].state == "passed"
    assert len(found) == 4


def test_all_rungs_hold_on_a_virtual_board(tmp_path: Path) -> None:
    said: list[str] = []
    with laid_link(0, (MANIFEST, TFLITE)) as link:
        watch = Watch(ALL_FACES_S, said.append)
        found = list(board_side(link, Workspace(tmp_path), (MANIFEST, TFLITE), watch))
    assert [rung.state for rung in found] == ["passed"] * (4 + len(PARTS)), found
    assert "windows" in found[2].detail
    assert "axes and units agree" in found[3].detail
    assert "lay it on each of its faces" in said[0]


def flipped() -> bytes:
    """Another bit in a weight that matters; the board still says it is the same model."""
    content = bytearray(TFLITE)
    original = open_classifier(TFLITE).scores(windows())
    for at in range(len(content) // 2, len(content), 97):
        content[at] ^= 0x40
        try:
            changed = open_classifier(bytes(content)).scores(windows())
        except Exception:  # noqa: S110 - not a weight, but the structure
            pass
        else:
            if (changed != original).any():
                return bytes(content)
        content[at] ^= 0x40
    raise AssertionError("no weight found")


def windows() -> Int8Array:
    return windows_of(stream_of(Workspace(Path("nowhere"))), MANIFEST)[:20]


def rescaled() -> ModelManifest:
    gain = (*MANIFEST.features.gain[:5], MANIFEST.features.gain[5] * 1.02)
    features = MANIFEST.features.model_copy(update={"gain": gain})
    return MANIFEST.model_copy(update={"features": features})


def impatient() -> ModelManifest:
    labels = tuple(
        label.model_copy(update={"threshold": min(label.threshold, 100)})
        for label in MANIFEST.labels
    )
    return MANIFEST.model_copy(update={"labels": labels})


def other_id() -> ModelManifest:
    return MANIFEST.model_copy(update={"model_id": "00" * 8})


SABOTAGED: dict[str, tuple[Callable[[], VirtualDevice], str]] = {
    "another model": (lambda: virtual_device(0, (other_id(), TFLITE)), "board runs the model"),
    "a flipped weight": (lambda: virtual_device(0, (MANIFEST, flipped())), "board's scores"),
    "a changed scale": (
        lambda: virtual_device(0, (rescaled(), TFLITE)),
        "board from raw samples on",
    ),
    "a changed threshold": (
        lambda: virtual_device(0, (impatient(), TFLITE)),
        "board from raw samples on",
    ),
    "a wrong axis": (
        lambda: virtual_device(
            0, (MANIFEST, TFLITE), sensors=virtual_sensors(0, ("gyroscope x flipped",))
        ),
        "sensors",
    ),
}


@pytest.mark.parametrize("name", SABOTAGED)
def test_each_sabotage_is_caught_by_its_rung_first(name: str, tmp_path: Path) -> None:
    make, rung = SABOTAGED[name]
    with linked(make()) as link:
        found = list(board_side(link, Workspace(tmp_path), (MANIFEST, TFLITE)))
    first = next(r for r in found if r.state == "failed")
    assert first.name == rung, found
    if name == "a changed scale":
        assert "input 0, value" in first.detail
        assert "expected" in first.detail


def test_a_stale_sketch_is_told_by_file_and_line(tmp_path: Path) -> None:
    sketch = tmp_path / "firmware_sketch"
    write_sketch(sketch, MANIFEST, TFLITE)
    assert sketch_rung(sketch, MANIFEST, TFLITE).state == "passed"
    path = sketch / "src" / "model" / "model_manifest.h"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:9], lines[9].replace("=", "= 1 +"), *lines[10:]]))
    found = sketch_rung(sketch, MANIFEST, TFLITE)
    assert found.state == "failed"
    assert "model_manifest.h: line 10 is another" in found.detail
    path.unlink()
    assert "missing" in sketch_rung(sketch, MANIFEST, TFLITE).detail


class Off:
    """A runtime that is one step off in one score."""

    name, exact = "off by one", False

    def scores(self, windows: Int8Array) -> Int8Array:
        scores = open_classifier(TFLITE).scores(windows).copy()
        scores[7, 2] += 1
        return scores


def test_a_runtime_that_differs_is_told_where() -> None:
    found = reference_rung(TFLITE, Off(), windows())
    assert found.state == "failed"
    assert "off by one: window 7, value [2]: expected" in found.detail


def test_a_runtime_that_may_be_off_is_not_held_against_the_board(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "imu_gesture.inference.tflm", None)
    with linked(virtual_device(0, (MANIFEST, TFLITE))) as link:
        rungs = list(board_side(link, Workspace(tmp_path), (MANIFEST, TFLITE)))
    states = {rung.name: rung.state for rung in rungs}
    assert list(states.values())[:4] == ["passed", "skipped", "skipped", "passed"]
    assert (states[PARTS[0]], states[PARTS[1]]) == ("passed", "skipped")
    assert "install tflite-micro" in rungs[1].detail


def test_int8_that_costs_too_much_is_told() -> None:
    assert MANIFEST.scores is not None
    scores = MANIFEST.scores.model_copy(update={"accuracy": 0.9, "accuracy_float": 0.95})
    worse = MANIFEST.model_copy(update={"scores": scores})
    assert quantisation_rung(worse).state == "failed"
    assert quantisation_rung(MANIFEST.model_copy(update={"scores": None})).state == "skipped"


def test_windows_that_are_missing_are_a_difference() -> None:
    one = np.zeros((3, 2), np.int8)
    assert first_difference(one, one[:2], "window") == "3 windows expected, 2 found"
    assert first_difference(one, one, "window") is None


def test_the_command_ends_with_one_when_a_rung_fails(
    command: Command,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    done = command("verify", "--virtual", "-w", tmp_path, "--json")
    assert done.code == 0
    assert len(json.loads(done.out)["rungs"]) == 8 + len(PARTS)
    write_sketch(tmp_path / "firmware_sketch", MANIFEST, TFLITE)
    (tmp_path / "firmware_sketch" / "sketch.yaml").write_text("other")
    done = command("verify", "-w", tmp_path)
    assert done.code == 1
    assert "FAILED   sketch is current" in done.out
