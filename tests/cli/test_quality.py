"""`inspect` shows the verdict on each recording; `train` refuses the bad ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from imu_gesture.labels import Label
from imu_gesture.recording.mcap_file import write_recording
from tests import make
from tests.cli.conftest import Command
from tests.recording import faults as f

LABELS = [Label(1.0, 2.0, "circle"), Label(3.0, 4.0, "wave")]
DEAD = f.scaled("gyr_dps", 0.0)


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    """A workspace with one recording of each verdict."""
    recordings = {"a-good": f.good(), "b-bad": DEAD(f.good(1)), "c-usable": f.hung(20)(f.good(2))}
    for name, recording in recordings.items():
        make.write(tmp_path / "recordings", name, recording.samples, LABELS)
    return tmp_path


def test_inspect_shows_verdict_and_problems(doubtful: Path, command: Command) -> None:
    good, bad, stuck, usable, stale = command("inspect", "-w", doubtful).out.splitlines()
    assert "a-good.mcap: good, 13.0 s, 1547 samples at 119.0 Hz, 0 gaps" in good
    assert "b-bad.mcap: bad, " in bad
    assert stuck.startswith("  bad: gyr_x, gyr_y, gyr_z keep one value")
    assert "c-usable.mcap: usable, " in usable
    assert stale.startswith("  warning: 1.2% of the samples repeat")


def test_inspect_gives_all_figures_as_json(doubtful: Path, command: Command) -> None:
    done = command("inspect", "--json", "-w", doubtful)
    views: list[dict[str, Any]] = json.loads(done.out)["recordings"]
    assert [view["verdict"] for view in views] == ["good", "bad", "usable"]
    good, bad, usable = views
    assert good["problems"] == []
    assert good["acc_rest_g"] == pytest.approx(1, abs=0.02)
    assert good["clipped_share"] == dict.fromkeys(good["clipped_share"], 0.0)
    assert len(good["clipped_share"]) == 6
    assert bad["stuck_axes"] == ["gyr_x", "gyr_y", "gyr_z"]
    assert (bad["problems"][0]["severity"], bad["problems"][0]["at_s"]) == ("bad", 0.0)
    assert usable["stale_share"] == pytest.approx(19 / f.ROWS)


@pytest.mark.parametrize(
    ("ppm", "said"),
    [
        (40.0, "right within 194 ppm"),
        (-2500.0, "2500 ± 154 ppm slow"),
        (400.0, "400 ± 154 ppm fast"),
    ],
)
def test_inspect_says_how_right_the_clock_is(
    ppm: float, said: str, tmp_path: Path, command: Command
) -> None:
    path = tmp_path / "a.mcap"
    write_recording(path, f.clock_off(ppm)(f.good()))
    assert command("inspect", path).out.splitlines()[1:] == [f"  the board's clock is {said}"]


def test_inspect_gives_what_was_stored(tmp_path: Path, command: Command) -> None:
    path = tmp_path / "a.mcap"
    write_recording(path, f.clock_off(-2500)(f.good()))
    (view,) = json.loads(command("inspect", "--json", path).out)["recordings"]
    assert view["clock_skew_ppm"] == pytest.approx(-2500, abs=1)
    assert view["stored_quality"]["clock_skew_ppm"] == view["clock_skew_ppm"]
    assert view["stored_quality"]["verdict"] == view["verdict"] == "good"


def test_train_refuses_a_bad_recording(doubtful: Path, command: Command) -> None:
    done = command("train", "-w", doubtful)
    assert f"{doubtful / 'recordings' / 'b-bad.mcap'}: gyr_x, gyr_y, gyr_z keep" in done.problem
    assert "--accept-bad" in done.problem
    assert not (doubtful / "models").exists()


def test_train_goes_on_without_the_bad_recording_or_with_it_accepted(
    doubtful: Path, command: Command
) -> None:
    """As far as the next refusal, which comes after the recordings were judged."""
    short = ("train", "--window", "0.1", "-w", doubtful)
    assert "choose a longer window" in command(*short, "--accept-bad").problem
    (doubtful / "recordings" / "b-bad.mcap").unlink()
    assert "choose a longer window" in command(*short).problem


@pytest.mark.slow
def test_train_says_in_a_line_what_is_doubtful(doubtful: Path, command: Command) -> None:
    done = command(
        *("train", "--accept-bad", "--no-evaluate", "--epochs", "1", "-w", doubtful),
        *("--architecture", "small"),
    )
    assert done.code == 0, done.err
    warnings = [line for line in done.out.splitlines() if line.startswith("warning: ")]
    assert warnings[0].startswith("warning: NO BACKGROUND WAS RECORDED")
    assert warnings[1].startswith("warning: stuck (bad, accepted) in 1 of 3 recordings, such as b-")
    assert warnings[2].startswith("warning: stale in 1 of 3 recordings, such as c-usable.mcap: ")
