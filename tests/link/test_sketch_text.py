"""The sketch's own sources, compiled here: what they print is what the decoder reads."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.link.link import GestureReported, SamplesReceived
from tests import make
from tests.link.lines import decode

HERE = Path(__file__).parent
BOARD = HERE.parents[1] / "firmware_sketch" / "src" / "board"
N = 3000
SAMPLE = np.dtype([("device_time_us", "<u4"), ("acc_g", "<f4", 3), ("gyr_dps", "<f4", 3)])


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("g++") is None:
        pytest.skip("g++ is not installed")
    path = tmp_path_factory.mktemp("sketch") / "sketch_text"
    sources = [HERE / "sketch_text.cpp", BOARD / "usb_text.cpp"]
    include = [f"-I{HERE / 'arduino'}", f"-I{BOARD}"]
    subprocess.run(["g++", "-std=gnu++14", *include, *sources, "-o", path], check=True)
    return path


def test_every_count_of_the_sensors_survives_the_text(program: Path) -> None:
    counts = make.counts(N)
    sent = np.zeros(N, SAMPLE)
    sent["device_time_us"] = (make.times(N) + 2**32 - 5_000_000) % 2**32
    sent["acc_g"] = _core.counts_to_units(np.ascontiguousarray(counts[:, :3]), make.ACC_G_PER_LSB)
    sent["gyr_dps"] = _core.counts_to_units(
        np.ascontiguousarray(counts[:, 3:]), make.GYR_DPS_PER_LSB
    )
    printed = subprocess.run([program], input=sent.tobytes(), capture_output=True, check=True)
    before, gesture, after = decode(printed.stdout)

    assert isinstance(before, SamplesReceived)
    assert isinstance(after, SamplesReceived)
    assert (len(before.samples), len(after.samples)) == (100, N - 100)
    time_us = int(sent["device_time_us"][99])
    assert gesture == GestureReported(time_us, "wave, café", 0.875)
    parts = [before.samples, after.samples]
    assert np.array_equal(
        np.concatenate([part.device_time_us for part in parts]) % 2**32, sent["device_time_us"]
    )
    acc = np.concatenate([part.acc_g for part in parts]) / make.ACC_G_PER_LSB
    gyr = np.concatenate([part.gyr_or_zero_dps for part in parts]) / make.GYR_DPS_PER_LSB
    assert np.array_equal(np.rint(np.hstack([acc, gyr])), counts)
