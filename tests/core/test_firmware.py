"""`firmware.h`: the state machine, driven as a board would drive it."""

import gc
import weakref
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture import _core

Int8Array = NDArray[np.int8]
Classify = Callable[[Int8Array], Int8Array]

SAMPLES = 16
QUIET = np.array([-120, 120], np.int8)


def params(
    hop_samples: int = 4,
    channels: int = 6,
    front_end: _core.FrontEndParams | None = None,
    learning: _core.LearningParams | None = None,
) -> _core.FirmwareParams:
    return _core.FirmwareParams(
        _core.ConditionerParams(20_000, channels, learning=learning),
        _core.WindowParams(SAMPLES, hop_samples),
        _core.FeatureParams(np.zeros(channels, np.float32), np.ones(channels, np.float32)),
        _core.QuantisationParams(0.05, -3),
        _core.DecisionParams([179, _core.NEVER], 2, 300_000),
        front_end or _core.FrontEndParams(),
    )


class Recorder:
    """A classifier that keeps its inputs and answers from a script, then quietly."""

    def __init__(self, answers: list[Int8Array] | None = None) -> None:
        self.inputs: list[Int8Array] = []
        self._answers = answers or []

    def __call__(self, window: Int8Array) -> Int8Array:
        self.inputs.append(window)
        return self._answers.pop(0) if self._answers else QUIET


def stream(
    n: int, seed: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    rng = np.random.default_rng(seed)
    times_us = np.rint(np.arange(n) * 1e6 / 119).astype(np.int64)
    return (
        times_us,
        rng.normal(size=(n, 3)).astype(np.float32),
        rng.normal(size=(n, 3)).astype(np.float32),
    )


def expected_inputs(
    how: _core.FirmwareParams,
    samples: tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]],
) -> Int8Array:
    rows, _, run, _ = _core.condition(how.conditioner, *samples)
    windows = [
        part[i : i + SAMPLES]
        for part in np.split(rows, np.flatnonzero(np.diff(run)) + 1)
        for i in range(0, len(part) - SAMPLES + 1, how.window.hop_samples)
    ]
    seen = _core.front_end(how.front_end, how.conditioner.period_us, np.array(windows))
    return _core.quantise(how.input, _core.features(how.features, seen))


@pytest.mark.parametrize("hop_samples", [1, 3, 16, 40])
@pytest.mark.parametrize("channels", [3, 6])
def test_windows_equal_the_batch_path_byte_for_byte(hop_samples: int, channels: int) -> None:
    how = params(hop_samples, channels)
    recorder = Recorder()
    samples = stream(500)
    _core.Firmware(how, recorder).push(*samples)
    found = np.array(recorder.inputs)
    assert np.array_equal(found, expected_inputs(how, samples))


@pytest.mark.parametrize("kind", list(_core.FrontEnd))
def test_front_ends_behind_a_tracked_offset_equal_the_batch_path(kind: _core.FrontEnd) -> None:
    front_end = _core.FrontEndParams(kind, (0.6, 0.0, 0.8))
    how = params(front_end=front_end, learning=_core.LearningParams())
    rest, motion = stream(200), stream(400, seed=1)
    times_us = np.concatenate([rest[0], motion[0] + rest[0][-1] + 8403])
    acc_g = np.concatenate([0.004 * rest[1] + np.float32(0.5), motion[1]])
    gyr_dps = np.concatenate([0.1 * rest[2] + np.float32(20), 60 * motion[2]])
    samples = (times_us, acc_g.astype(np.float32), gyr_dps.astype(np.float32))
    recorder = Recorder()
    firmware = _core.Firmware(how, recorder)
    firmware.push(*samples)
    assert np.abs(firmware.bias_dps - 20).max() < 0.1
    assert np.array_equal(recorder.inputs, expected_inputs(how, samples))


def test_three_channels_have_no_other_front_end() -> None:
    with pytest.raises(ValueError, match="only the sensor's frame"):
        params(channels=3, front_end=_core.FrontEndParams(_core.FrontEnd.GRAVITY))


@pytest.mark.parametrize("chunk", [1, 7, 119, 500])
def test_chunks_of_any_size_give_the_same(chunk: int) -> None:
    times_us, acc_g, gyr_dps = stream(500)
    whole, parts = Recorder(), Recorder()
    _core.Firmware(params(), whole).push(times_us, acc_g, gyr_dps)
    firmware = _core.Firmware(params(), parts)
    for i in range(0, 500, chunk):
        rows = slice(i, i + chunk)
        firmware.push(times_us[rows], acc_g[rows].copy(), gyr_dps[rows].copy())
    assert np.array_equal(whole.inputs, parts.inputs)


def test_a_gap_restarts_the_window_and_is_counted() -> None:
    times_us, acc_g, gyr_dps = stream(300)
    times_us[150:] += 1_000_000
    recorder = Recorder()
    firmware = _core.Firmware(params(), recorder)
    firmware.push(times_us, acc_g, gyr_dps)
    assert firmware.counters.gaps == 1
    assert np.array_equal(recorder.inputs, expected_inputs(params(), (times_us, acc_g, gyr_dps)))


def test_an_event_comes_out_once_with_its_time_and_score() -> None:
    gesture = np.array([120, -120], np.int8)
    recorder = Recorder([QUIET, gesture, gesture, gesture, QUIET])
    times_us, acc_g, gyr_dps = stream(300)
    firmware = _core.Firmware(params(), recorder)
    (event,) = firmware.push(times_us, acc_g, gyr_dps)
    third_window_ends_us = (SAMPLES + 2 * 4) * 20_000
    assert (event.device_time_us, event.label, event.score) == (third_window_ends_us, 0, 248)


def test_a_gap_forgets_the_scores() -> None:
    gesture = np.array([120, -120], np.int8)
    times_us, acc_g, gyr_dps = stream(100)
    windows = len(expected_inputs(params(), (times_us, acc_g, gyr_dps)))
    recorder = Recorder([QUIET] * (windows - 1) + [gesture, gesture, QUIET])
    firmware = _core.Firmware(params(), recorder)
    assert firmware.push(times_us, acc_g, gyr_dps) == []
    assert firmware.push(times_us + 5_000_000, acc_g, gyr_dps) == []


def test_counters() -> None:
    times_us, acc_g, gyr_dps = stream(200)
    times_us[50] = times_us[49]
    recorder = Recorder()
    firmware = _core.Firmware(params(), recorder)
    firmware.push(times_us, acc_g, gyr_dps)
    counters = firmware.counters
    assert (counters.samples, counters.out_of_order, counters.gaps) == (200, 1, 0)
    assert counters.windows == len(recorder.inputs)
    assert (counters.classifier_failures, counters.events_lost) == (0, 0)


def test_an_exception_of_the_classifier_reaches_the_caller_and_is_counted() -> None:
    def fail(_: Int8Array) -> Int8Array:
        raise RuntimeError("no arena")

    firmware = _core.Firmware(params(), fail)
    with pytest.raises(RuntimeError, match="no arena"):
        firmware.push(*stream(300))
    assert firmware.counters.classifier_failures == 1


def test_a_wrong_number_of_scores_is_refused() -> None:
    firmware = _core.Firmware(params(), lambda _: np.zeros(3, np.int8))
    with pytest.raises(ValueError, match="2 scores wanted, got 3"):
        firmware.push(*stream(300))


def test_smoothed_scores_are_shown() -> None:
    firmware = _core.Firmware(params(), lambda _: np.array([-28, 28], np.int8))
    assert firmware.scores.tolist() == [0, 0]
    firmware.push(*stream(300))
    assert firmware.scores.tolist() == [100, 156]


def test_a_cycle_through_the_classifier_is_collected() -> None:
    class Owner:
        def __init__(self) -> None:
            self.firmware = _core.Firmware(params(), self.classify)

        def classify(self, _: Int8Array) -> Int8Array:
            return QUIET

    owner = weakref.ref(Owner())
    gc.collect()
    assert owner() is None
