"""Windows to learn from are, byte for byte, what the firmware would classify."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.windows import Run, WindowSpec, runs_of
from imu_gesture.labels import BACKGROUND, Label
from imu_gesture.samples import Samples
from tests import make
from tests.dataset import cases

Int8Array = NDArray[np.int8]
SPECS = [WindowSpec(20_000, 16, 5, 6), WindowSpec(20_000, 16, 5, 3), WindowSpec(40_000, 24, 2, 6)]


def params(spec: WindowSpec) -> _core.FirmwareParams:
    rng = np.random.default_rng(2)
    offset, gain = rng.normal(size=(2, spec.channels)).astype(np.float32)
    return _core.FirmwareParams(
        spec.conditioner(),
        _core.WindowParams(spec.samples, 1),
        _core.FeatureParams(offset, gain),
        _core.QuantisationParams(0.037, -5),
        _core.DecisionParams([179, _core.NEVER], 2, 300_000),
    )


def learned(dataset: Dataset) -> Int8Array:
    """(n, samples, channels) the dataset's windows as model inputs."""
    how = params(dataset.spec)
    return _core.quantise(how.input, _core.features(how.features, dataset.windows))


def streamed(runs: list[Run], spec: WindowSpec) -> Int8Array:
    """(m, samples, channels) what one firmware classifies, a row apart, when it hears the runs."""
    inputs: list[Int8Array] = []

    def classify(window: Int8Array) -> Int8Array:
        inputs.append(window)
        return np.array([-120, 120], np.int8)

    firmware = _core.Firmware(params(spec), classify)
    for run in runs:
        padded = run.padded
        firmware.push(padded.device_time_us, padded.acc_g, padded.gyr_or_zero_dps)
    assert firmware.counters.out_of_order == 0
    return np.array(inputs)


def restless(silence_s: float, rate_hz: float) -> Samples:
    return cases.silent(make.noise(int(12 * rate_hz), rate_hz=rate_hz), 5.0, silence_s)


def build(samples: Samples, spec: WindowSpec) -> Dataset:
    """Windows at both edges, on both sides of the gap, and anywhere between."""
    middles_s = [0.0, 0.7, 2.0123, 4.99, 12.0, 13.3, samples.duration_s]
    labels = [Label(middle_s, middle_s, "up") for middle_s in middles_s]
    labels += [Label(1.0, 4.5, BACKGROUND), Label(9.0, 16.0, BACKGROUND)]
    return build_dataset([cases.labelled(samples, labels)], spec)


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("rate_hz", [119.0, 104.0, 25.0])
@pytest.mark.parametrize("silence_s", [0.15, 5.0])
def test_each_run_streamed_gives_the_same_bytes(
    spec: WindowSpec, rate_hz: float, silence_s: float
) -> None:
    samples = restless(silence_s, rate_hz)
    dataset = build(samples, spec)
    inputs = learned(dataset)
    assert set(dataset.run.tolist()) == {0, 1}
    for number, run in enumerate(runs_of(samples, spec)):
        here = dataset.run == number
        heard = streamed([run], spec)
        assert len(heard) == len(run.rows) - spec.samples + 1
        assert np.array_equal(heard[dataset.start_row[here]], inputs[here])


@pytest.mark.parametrize("spec", SPECS)
def test_one_firmware_that_hears_the_gap_gives_the_same_bytes(spec: WindowSpec) -> None:
    samples = restless(5.0, 119.0)
    dataset = build(samples, spec)
    runs = runs_of(samples, spec)
    behind_gap = len(runs[0].rows) - spec.samples + 1
    windows = dataset.start_row + np.where(dataset.run == 1, behind_gap, 0)
    assert np.array_equal(streamed(runs, spec)[windows], learned(dataset))
