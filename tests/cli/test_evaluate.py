"""`evaluate` prints what to distrust first, then windows, gestures and background."""

from __future__ import annotations

import json
from pathlib import Path

from imu_gesture.labels import Label
from tests import make
from tests.cli.conftest import Command


def test_text_has_windows_events_and_background(workspace: Path, command: Command) -> None:
    samples, _ = make.gestures(["circle", "wave"], seed=5)
    labels = [Label(0.0, 4.0, "background/tea")]
    make.write(workspace / "recordings", "day", samples, labels)
    done = command("evaluate", "-w", workspace)
    assert (done.code, done.err) == (0, "")
    text = done.out
    assert text.startswith("warning: ")
    assert "run-001 on 3 recordings" in text
    assert "windows: " in text
    assert "on whole streams: " in text
    assert "a report counts until 0.5 s after its gesture's end" in text
    assert "false activations on background: " in text
    assert "with 95 % confidence at most" in text


def test_json_has_everything(workspace: Path, command: Command) -> None:
    one = workspace / "recordings" / "person-0.mcap"
    found = json.loads(command("evaluate", "--json", "-w", workspace, one).out)
    assert found["recordings"] == ["person-0"]
    assert 0 <= found["accuracy"] <= 1
    assert found["continuous"]["overall"]["performed"] == 2
    assert found["continuous"]["background"]["per_hour"] is None
    assert found["learned_from"] == []


def test_without_a_model_it_says_how_to_make_one(tmp_path: Path, command: Command) -> None:
    samples, labels = make.gestures(["circle", "wave"])
    make.write(tmp_path / "recordings", "a", samples, labels)
    assert "imu-gesture record" in command("evaluate", "-w", tmp_path / "empty").problem
