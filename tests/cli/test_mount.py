"""`imu-gesture mount` on virtual boards that are strapped on askew."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from imu_gesture.simulation.dance import PosingHand
from imu_gesture.simulation.performer import REST, Action
from tests.cli.conftest import Command


def strap(seed: int) -> Rotation:
    """How this seed's board is turned in the hand, from true gravity at rest."""
    motion = PosingHand(seed).perform([Action(REST, 1.0)])
    straight = PosingHand(seed, 0.0).perform([Action(REST, 1.0)])
    return straight.attitude(np.zeros(1)).inv()[0] * motion.attitude(np.zeros(1))[0]


def test_the_first_poses_are_the_reference_and_later_ones_are_compared(
    command: Command, tmp_path: Path
) -> None:
    first = command("mount", "--virtual", "--seed", "0", "-w", tmp_path)
    assert (first.code, "this mount is the reference" in first.out) == (0, True)
    assert [line[:13] for line in first.err.splitlines()] == ["pose 1 of 2: ", "pose 2 of 2: "]
    again = json.loads(command("mount", "--virtual", "--seed", "0", "-w", tmp_path, "--json").out)
    assert again["angle_deg"] < 0.5  # the same person holds the same poses
    other = json.loads(command("mount", "--virtual", "--seed", "3", "-w", tmp_path, "--json").out)
    true_deg = np.degrees((strap(0) * strap(3).inv()).magnitude())
    assert abs(other["angle_deg"] - true_deg) < 12  # two boards' offsets, two hands' poses
    kept = json.loads((tmp_path / "mounts.json").read_text())
    assert set(kept["boards"]) == {again["device_id"], other["device_id"]}


def test_a_new_reference_forgets_the_old(command: Command, tmp_path: Path) -> None:
    for _ in range(2):
        command("mount", "--virtual", "-w", tmp_path)
    done = command("mount", "--virtual", "--seed", "3", "--new-reference", "-w", tmp_path)
    assert done.code == 0
    assert json.loads((tmp_path / "mounts.json").read_text())["boards"] == {}
