"""Simulated boards, calibrated as their users would: what is left of their errors.

The calibration sees samples only; the errors that were drawn are used to judge it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean, median

import numpy as np
from axis_faults import BOARDS
from broad import Errors, Trial, load_trials
from broad_motion import errors_of, ideal_of, orientation
from form import Options, Row, say
from numpy.typing import NDArray

from imu_gesture.calibration.fit import Occasion
from imu_gesture.calibration.guided import Guidance, GuidedCalibration, Stage
from imu_gesture.calibration.magnetometer import fit_magnetometer
from imu_gesture.calibration.profile import Profile, apply
from imu_gesture.calibration.timebase import at_stated_rate
from imu_gesture.device import DeviceInfo
from imu_gesture.errors import CalibrationError
from imu_gesture.samples import Samples
from imu_gesture.simulation.chips import LSM9DS1_BOARD, Chip
from imu_gesture.simulation.dance import DancePlan, Dancer
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.errors import Family
from imu_gesture.simulation.faults import FAULTS, Fault
from imu_gesture.simulation.signals import FIELD_UT, ideal_signals

Float64Array = NDArray[np.float64]
_PIECE = 60
_PLAN = DancePlan(eight_s=150.0)  # people go on until they are told that it is enough
_LIBRARY = FAULTS["gyroscope scale of Arduino_LSM9DS1"]


@dataclass(frozen=True, eq=False)
class Calibrated:
    """One device after its calibration; `profile` is None where that was refused."""

    device: Device
    faults: tuple[Fault, ...]
    guidance: Guidance
    took_s: float

    @property
    def profile(self) -> Profile | None:
        """What it ended in."""
        return self.guidance.profile

    def left(self, sensor: str) -> Float64Array:
        """(3, 3) what is left of a sensor's matrix."""
        assert self.profile
        matrix: Float64Array = getattr(self.device.errors, sensor).matrix
        for fault in self.faults:
            if sensor in fault.sensors:
                matrix = fault.factor * fault.axes @ matrix
        left: Float64Array = getattr(self.profile, sensor).affine.matrix @ matrix
        return left


def calibrate(chip: Chip, seed: int, faults: tuple[Fault, ...]) -> Calibrated:
    """A new device in the hands of a new person."""
    device = Device(chip, seed, faults=faults)
    samples = device.measure(ideal_signals(Dancer(seed).perform(_PLAN)))
    info = DeviceInfo(device_id=device.info.device_id, board=chip.board)
    calibration = GuidedCalibration(info, Occasion("2026-01-01"))
    for piece in _pieces(samples):
        guidance = calibration.feed(piece)
        if guidance.stage is Stage.DONE:
            break
    return Calibrated(device, faults, guidance, float(piece.device_time_us[-1]) * 1e-6)


def _pieces(samples: Samples) -> Iterator[Samples]:
    starts = range(0, len(samples), _PIECE)
    edges = np.append(samples.device_time_us[::_PIECE], np.iinfo(np.int64).max)
    for index, start in enumerate(starts):
        times_us = samples.mag_time_us
        mag = (times_us >= edges[index]) & (times_us < edges[index + 1])
        rows = samples.rows(slice(start, start + _PIECE))
        yield Samples(
            rows.device_time_us,
            rows.acc_g,
            rows.gyr_dps,
            rows.sequence,
            times_us[mag],
            samples.mag_ut[mag],
        )


def guided_calibrations(options: Options) -> Iterator[Row]:
    """Both boards, every second one with the stock library's gyroscope scale."""
    seeds = range(2 if options.quick else 20)
    trials = load_trials(options.data) if options.data else []
    for name, chip in BOARDS.items():
        say(f"{name}: {len(seeds)} guided calibrations")
        done = [calibrate(chip, seed, (_LIBRARY,) if seed % 2 else ()) for seed in seeds]
        good = [one for one in done if one.profile]
        note = f"seeds 0 to {len(seeds) - 1}, every second with the library's scale"
        refused = "; ".join(
            one.guidance.problem or one.guidance.detail for one in done if not one.profile
        )
        share = len(good) / len(done)
        yield Row(f"{name}.accepted", share, "fraction", note=f"{note}; {refused}".rstrip("; "))
        took = f"longest {max(one.took_s for one in good):.0f} s; {note}"
        yield Row(f"{name}.calibration_s", median(one.took_s for one in good), "s", note=took)
        yield from _leftovers(name, good, note)
        if trials:
            yield from _on_broad(name, good, trials, options.quick)
    if not trials:
        say("no folder broad: no orientation errors")


def _leftovers(name: str, good: list[Calibrated], note: str) -> Iterator[Row]:
    scale = [float(np.abs(np.linalg.norm(one.left("gyr"), axis=0) - 1).max()) for one in good]
    frame = [_worst_deg(np.linalg.inv(one.left("acc")) @ one.left("gyr")) for one in good]
    board = [_worst_deg(one.left("acc")) for one in good]
    yield Row(f"{name}.scale_error_after", max(scale), "fraction", note=f"worst axis; {note}")
    yield Row(f"{name}.gyr_to_acc_deg", max(frame), "deg", note=f"worst element; {note}")
    yield Row(f"{name}.frame_to_board_deg", max(board), "deg", note=f"worst element; {note}")


def _worst_deg(matrix: Float64Array) -> float:
    unit = matrix / np.cbrt(np.linalg.det(matrix))
    return float(np.degrees(np.abs(unit - np.eye(3)).max()))


def _on_broad(name: str, good: list[Calibrated], trials: list[Trial], quick: bool) -> Iterator[Row]:
    chosen = trials[:2] if quick else trials
    say(f"{name}: {len(good)} devices on {len(chosen)} trials")
    ideal = [_scored(trial, Device(good[0].device.chip, 0, frozenset()), None) for trial in chosen]
    arms = {
        "corrected": [_scored(trial, _again(one), one.profile) for one in good for trial in chosen],
        "uncorrected": [_scored(trial, _again(one), None) for one in good[:4] for trial in chosen],
        "nominal_rate": [
            _scored(trial, _again(one), one.profile, nominal=True)
            for one in good[:4]
            for trial in chosen
        ],
    }
    peers = {"perfect_sensors": _total(ideal), **{arm: _total(of) for arm, of in arms.items()}}
    corrected = arms["corrected"]
    total = peers.pop("corrected")
    note = (
        f"our orientation, mean over {len(good)} devices and {len(chosen)} trials; "
        f"heading {mean(error.heading for error in corrected):.2f}, inclination "
        f"{mean(error.inclination for error in corrected):.2f}; worst device "
        f"{max(_by_device(corrected, len(chosen))):.2f}"
    )
    yield Row(f"{name}.total_deg", total, "deg", peers, note)


def _again(one: Calibrated) -> Device:
    """The same device, switched on anew and cold."""
    return Device(one.device.chip, one.device.seed, faults=one.faults)


def _scored(trial: Trial, device: Device, profile: Profile | None, nominal: bool = False) -> Errors:
    samples = device.measure(ideal_of(trial))
    believed = apply(profile, samples) if profile else samples
    if nominal:
        believed = at_stated_rate(believed, device.chip.rate_hz)
    return errors_of(trial, samples, orientation(believed))


def _total(found: list[Errors]) -> float:
    return mean(error.total for error in found)


def _by_device(found: list[Errors], trials: int) -> list[float]:
    return [_total(found[start : start + trials]) for start in range(0, len(found), trials)]


def magnetometer(options: Options) -> Iterator[Row]:
    """100 µT of hard iron and 10 % of soft iron, after a full dance and after mere pushing."""
    seeds = range(3 if options.quick else 20)
    say(f"magnetometer: {len(seeds)} seeds")
    families = frozenset({Family.HARD_IRON, Family.SOFT_IRON, Family.NOISE, Family.COUNTS})
    headings, refused = [], 0
    for seed in seeds:
        device = Device(LSM9DS1_BOARD, seed, families)
        fit = fit_magnetometer(
            device.measure(ideal_signals(Dancer(seed).perform(DancePlan()))).mag_ut
        )
        headings.append(_heading_deg(fit.affine(_level_field(device))))
        try:
            fit_magnetometer(device.measure(ideal_signals(Dancer(seed).sliding(40.0))).mag_ut)
        except CalibrationError:
            refused += 1
    note = f"worst heading, board level, worst of seeds 0 to {len(seeds) - 1}"
    yield Row("mag.heading_deg", max(headings), "deg", note=note)
    share = refused / len(seeds)
    yield Row(
        "mag.translation_refused", share, "fraction", note="pushed about for 40 s, not turned"
    )


_HEADINGS = np.linspace(0, 2 * np.pi, 72, endpoint=False)


def _level_field(device: Device) -> Float64Array:
    """(72, 3) what the magnetometer of a level board reads at all headings, without noise."""
    north, down = FIELD_UT[1], np.full(len(_HEADINGS), FIELD_UT[2])
    true = np.stack([north * np.cos(_HEADINGS), north * np.sin(_HEADINGS), down], axis=1)
    read: Float64Array = true @ device.errors.mag.matrix.T + device.errors.mag.offset
    return read


def _heading_deg(corrected: Float64Array) -> float:
    off = np.arctan2(corrected[:, 1], corrected[:, 0]) - _HEADINGS
    return float(np.degrees(np.abs((off + np.pi) % (2 * np.pi) - np.pi).max()))
