"""`imu-gesture characterise`: the figures of a simulated board come out, or why they do not."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.link.link import SamplesReceived, TemperatureMeasured
from imu_gesture.live import theme
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import RecordingWriter
from imu_gesture.samples import Samples
from tests import make
from tests.cli.command import finish, started
from tests.cli.conftest import Command
from tests.screen import Screen, share_of, wait_until

RATE_HZ, STATED_HZ = 116.0, 119.0
GYR_SD_DPS, ACC_SD_G = 0.1, 0.002
SLOPE_DPS_PER_K = np.array([0.03, -0.02, 0.01])


def at_rest(seconds: float, seed: int = 0) -> Samples:
    rng = np.random.default_rng(seed)
    n = round(seconds * RATE_HZ)
    return Samples(
        device_time_us=make.times(n, RATE_HZ),
        acc_g=rng.normal([0, 0, 1], ACC_SD_G, (n, 3)).astype(np.float32),
        gyr_dps=rng.normal([20, -5, 1], GYR_SD_DPS, (n, 3)).astype(np.float32),
        sequence=np.arange(n, dtype=np.int64),
    )


def recorded(path: Path, samples: Samples, warming_k: float | None = None) -> Path:
    info = RecordingInfo(stated_rate_hz=STATED_HZ)
    with RecordingWriter(path, info) as writer:
        if warming_k is not None:
            for second in range(0, int(samples.duration_s), 5):
                share = second / samples.duration_s
                writer.note(TemperatureMeasured(second * 1_000_000, 24 + warming_k * share))
        writer.note(SamplesReceived(samples))
    return path


def test_noise_and_rate_come_out(command: Command, tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.mcap", at_rest(300.0))
    found = json.loads(command("characterise", path, "--json").out)
    assert found["rate_hz"] == pytest.approx(RATE_HZ, rel=1e-4)
    assert found["rate_error"] == pytest.approx(STATED_HZ / RATE_HZ - 1, abs=1e-4)
    density = np.array([GYR_SD_DPS, ACC_SD_G]) / np.sqrt(RATE_HZ)
    assert np.allclose(found["gyr_noise_dps_per_rt_hz"], density[0], rtol=0.1)
    assert np.allclose(found["acc_noise_g_per_rt_hz"], density[1], rtol=0.1)
    assert found["gyr_bias_instability_dps"] is None
    assert any("record" in refusal for refusal in found["refusals"])


def test_warming_up_tells_the_slope(command: Command, tmp_path: Path) -> None:
    samples = at_rest(400.0)
    share = (samples.device_time_us / samples.device_time_us[-1])[:, None]
    gyr_dps = samples.gyr_or_zero_dps + 10.0 * share * SLOPE_DPS_PER_K
    warm = replace(samples, gyr_dps=gyr_dps.astype(np.float32))
    path = recorded(tmp_path / "a.mcap", warm, warming_k=10.0)
    found = json.loads(command("characterise", path, "--json").out)
    assert np.allclose(found["gyr_offset_dps_per_k"], SLOPE_DPS_PER_K, atol=0.002)
    text = command("characterise", path).out
    assert "gyroscope offset slope   x 0.0" in text


@pytest.mark.parametrize("warming_k", [None, 2.0])
def test_without_a_change_of_temperature_there_is_no_slope(
    command: Command, tmp_path: Path, warming_k: float | None
) -> None:
    path = recorded(tmp_path / "a.mcap", at_rest(150.0), warming_k)
    done = command("characterise", path)
    assert done.code == 0
    assert "offset slope" not in done.out
    assert "temperature" in done.out.splitlines()[-1]


def moved(samples: Samples) -> Samples:
    samples.gyr_or_zero_dps[20_000:20_300] += 40
    return samples


def shorter(samples: Samples) -> Samples:
    return samples.rows(slice(0, 60))


def holed(samples: Samples) -> Samples:
    return samples.rows(np.delete(np.arange(len(samples)), slice(500, 520)))


@pytest.mark.parametrize(
    ("spoilt", "words"),
    [(moved, "the board moved at 17"), (shorter, "record"), (holed, "20 samples are missing")],
    ids=["moved", "too short", "lost samples"],
)
def test_what_cannot_be_judged_is_refused_with_what_to_do(
    command: Command, tmp_path: Path, spoilt: object, words: str
) -> None:
    assert callable(spoilt)
    done = command("characterise", recorded(tmp_path / "a.mcap", spoilt(at_rest(200.0))))
    assert done.code == 1
    assert words in done.problem


@pytest.mark.parametrize("as_json", [False, True])
def test_the_plot_comes_beside_the_figures(as_json: bool, command: Command, tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.mcap", at_rest(150.0))
    plot = tmp_path / "allan.svg"
    done = command("characterise", path, "--plot", plot, *(["--json"] if as_json else []))
    assert done.code == 0
    assert done.err.strip() == f"{plot}: Allan deviation"
    assert json.loads(done.out) if as_json else "gyroscope noise" in done.out
    assert b"<svg" in plot.read_bytes()


def test_a_plot_has_one_of_three_formats(command: Command, tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.mcap", at_rest(150.0))
    done = command("characterise", path, "--plot", tmp_path / "allan.jpg")
    assert done.code == 2
    assert "ends in .png, .svg, .pdf" in done.err


def test_without_matplotlib_it_says_what_to_install(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.mcap", at_rest(150.0))
    code = "import sys; sys.modules['matplotlib'] = None; from imu_gesture.cli import main; main()"
    words = ["characterise", str(path), "--plot", str(tmp_path / "a.png")]
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "not installed: matplotlib" in done.stderr
    assert "imu-gesture[window]" in done.stderr


def test_it_is_shown_in_a_window_until_q(screen: Screen, tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.mcap", at_rest(150.0))
    with started("characterise", path, "--show") as process:
        wait_until(lambda: share_of(screen.pixels(), theme.GREEN) > 0.0005, "the curves")
        screen.press("q", "imu-gesture characterise: a.mcap")
        done = finish(process)
    assert (done.code, done.err) == (0, "")
    assert "gyroscope noise" in done.out
