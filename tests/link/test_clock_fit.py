"""The board's clock on the host's: right within bounds, whatever the delays."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.clock_fit import ClockEstimator, ClockFit, ClockFitParams
from imu_gesture.link.link import ClockProbed
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.virtual.device import DeviceFaults, VirtualDevice
from imu_gesture.live.recogniser import until
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.delays import DelayParams
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import Performer
from tests.link.probes import Truth, probes

CALM = (0.0, 0.0)  # no congestion


def fitted(truths: Sequence[Truth]) -> ClockFit:
    estimator = ClockEstimator()
    for truth in truths:
        estimator.add(truth.probe)
    fit = estimator.fit()
    assert fit is not None
    return fit


def worst_s(fit: ClockFit, truths: Sequence[Truth]) -> float:
    return max(abs(fit.host_time_s(t.device_s * 1e6) - t.host_s) for t in truths)


PATHS = {
    "a cable": DelayParams(0.0003, 0.001, 0.0005, 0.0005),
    "short tails": DelayParams(tail_out_s=0.005, tail_back_s=0.005),
    "long tails": DelayParams(tail_out_s=0.03, tail_back_s=0.03),
    "unlike tails": DelayParams(tail_out_s=0.005, tail_back_s=0.03),
    "many outliers": DelayParams(outliers=0.3),
    "a quarter of an hour of congestion": DelayParams(congested_s=(300.0, 1200.0)),
}


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("seed", range(3))
def test_within_a_millisecond_over_half_an_hour(name: str, seed: int) -> None:
    truths = probes(seed, PATHS[name])
    fit = fitted(truths)
    assert worst_s(fit, truths) < 1e-3
    assert fit.skew_ppm == pytest.approx(50.0, abs=min(1.0, fit.skew_bound_ppm))
    assert fit.skew_bound_ppm < 3
    assert abs(fit.host_time_s(fit.device_us) - fit.host_s) == 0
    assert worst_s(fit, truths[890:910]) < fit.offset_bound_s < 3e-3
    assert (fit.probes, fit.used, fit.jumps) == (1800, 1800, 0)


def test_waiting_for_connection_intervals_costs_a_quarter_of_one() -> None:
    """Answers that wait for 15 ms: the part of it that all have in common cannot be known."""
    path = DelayParams(tail_out_s=0.0075, tail_back_s=0.0, quantum_s=0.015, congested_s=CALM)
    truths = probes(0, path)
    assert worst_s(fitted(truths), truths) < 1e-3


@pytest.mark.parametrize("skew_ppm", [-40_000.0, -100.0, 0.0, 20_000.0])
def test_any_skew_is_found(skew_ppm: float) -> None:
    fit = fitted(probes(1, skew_ppm=skew_ppm))
    assert fit.skew_ppm == pytest.approx(skew_ppm, abs=1.0)


@pytest.mark.parametrize(("count", "is_told"), [(1, False), (2, False), (3, False), (300, True)])
def test_few_probes_give_an_offset_only(count: int, is_told: bool) -> None:
    truths = probes(2, seconds=300)[:count]
    fit = fitted(truths)
    assert (fit.skew_ppm is not None) == is_told
    if not is_told:
        assert fit.rate == 1.0
    assert worst_s(fit, truths) <= fit.offset_bound_s


def test_without_probes_there_is_no_fit() -> None:
    assert ClockEstimator().fit() is None


@pytest.mark.parametrize("jump_s", [-0.05, 0.004, 30.0])
def test_after_a_reset_the_new_offset_holds(jump_s: float) -> None:
    """The skew is that from before as long as that is better known."""
    path = DelayParams(0.0003, 0.001, 0.0005, 0.0005, outliers=0.0)
    truths = probes(3, path, jump=(1770.0, jump_s))
    fit = fitted(truths)
    after = [truth for truth in truths if truth.probe.sent_s > truths[1772].probe.sent_s]
    assert fit.jumps == 1
    assert worst_s(fit, after) < 1e-3
    assert fit.skew_ppm == pytest.approx(50, abs=2)


def test_a_jump_within_the_delays_does_little_harm() -> None:
    truths = probes(4, jump=(900.0, 0.003))
    assert worst_s(fitted(truths), truths) < 3.5e-3


def test_a_single_wrong_probe_changes_nothing() -> None:
    truths = probes(5, seconds=600)
    wrong = ClockProbed(truths[300].probe.device_time_us, *(2 * [truths[300].host_s + 5]))
    estimator = ClockEstimator()
    for number, truth in enumerate(truths):
        estimator.add(wrong if number == 300 else truth.probe)
    fit = estimator.fit()
    assert fit is not None
    assert (fit.used, fit.jumps) == (599, 0)
    assert worst_s(fit, truths) < 1e-3


def test_asking_in_between_changes_nothing() -> None:
    truths = probes(6, seconds=400)
    asked = ClockEstimator()
    for truth in truths:
        asked.add(truth.probe)
        between = asked.fit()
        assert between is not None
        assert abs(between.host_time_s(truth.device_s * 1e6) - truth.host_s) < 0.1
    assert asked.fit() == fitted(truths)


def test_memory_is_bounded_over_hours_and_the_fit_stays_exact() -> None:
    estimator, truths = ClockEstimator(), probes(7, seconds=20_000)
    for truth in truths:
        estimator.add(truth.probe)
        assert len(estimator._sent) <= 256
        assert len(estimator._received) <= 256
    fit = estimator.fit()
    assert fit is not None
    assert fit.used == 20_000
    assert worst_s(fit, truths) < 1e-3


def test_a_clock_that_wanders_is_followed_as_well_as_a_line_can() -> None:
    """As with the temperature: 2 ppm from one end to the other."""
    truths = probes(8, seconds=3600)
    bent = [
        Truth(
            ClockProbed(
                t.probe.device_time_us + round(1e6 * off_s), t.probe.sent_s, t.probe.received_s
            ),
            t.device_s + off_s,
            t.host_s,
        )
        for number, t in enumerate(truths)
        for off_s in [2e-6 * (number - 1800) ** 2 / 7200]
    ]
    assert worst_s(fitted(bent), bent) < 1.5e-3


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_the_skew_of_a_board_on_a_real_serial_device(tmp_path: Path) -> None:
    from imu_gesture.link.virtual.port import VirtualPort

    device = VirtualDevice(
        Device(LSM9DS1_BOARD, 0), Performer(0), errors=DeviceFaults(skew_ppm=8000.0)
    )
    estimator = ClockEstimator()
    with (
        VirtualPort(device, tmp_path / "ttyACM0") as port,
        BoardLink(SerialPort(str(port.path))) as link,
    ):
        for event in until(link.events(), 5.5):
            if isinstance(event, ClockProbed):
                estimator.add(event)
    fit = estimator.fit()
    assert fit is not None
    assert fit.probes >= 9
    assert fit.skew_bound_ppm < 4000
    assert fit.skew_ppm is not None
    assert abs(fit.skew_ppm - 8000) <= fit.skew_bound_ppm


def test_what_is_dropped_had_bounded_nothing() -> None:
    """The corners of few points are those of all points."""
    truths = probes(9, seconds=1500)
    fits = []
    for most in (64, 256, 10_000):
        estimator = ClockEstimator(ClockFitParams(most_probes=most))
        for truth in truths:
            estimator.add(truth.probe)
        fits.append(estimator.fit())
    for one, other in itertools.pairwise(fits):
        assert one is not None
        assert other is not None
        assert one.host_s == pytest.approx(other.host_s, abs=1e-6)
        assert one.skew_ppm == pytest.approx(other.skew_ppm, abs=1e-3)
