"""Boards that are shaken together: by how much do their recordings disagree on when?"""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imu_gesture.labels import Label
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.virtual.device import DeviceFaults, VirtualDevice
from imu_gesture.link.virtual.port import VirtualPort
from imu_gesture.recording.capture import CapturePlan, Desk
from imu_gesture.recording.mcap_file import Recording, read_recording
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import REST, Action, Performer
from imu_gesture.workflow.sessions import sitting
from imu_gesture.workspace import Workspace

_SKEWS_PPM = (40.0, -60.0)
_FIRST_S, _PAUSE_S, _LATER_S = 1.9, 1.0, 0.3
_SHAKES = 3
_AROUND_S = np.arange(-0.8, 0.8, 0.001)
_SHIFTS_MS = np.arange(-60.0, 60.0, 0.5)


class _TimedDevice(VirtualDevice):
    """Knows when it was switched on: `booted_s`, in Unix time."""

    booted_s = float("inf")

    def advance(self, time_s: float) -> None:
        self.booted_s = min(self.booted_s, time.time() - time_s)
        super().advance(time_s)


def apart_ms(folder: Path, seed: int) -> list[float]:
    """For each shake, how much later the second recording has it than it truly was."""
    devices, truths = [], []
    with ExitStack() as stack:
        links = []
        for number, skew_ppm in enumerate(_SKEWS_PPM):
            time.sleep(_LATER_S * number)
            plan = _plan(_FIRST_S - number * _LATER_S)
            sensors = Device(LSM9DS1_BOARD, seed + 100 * number)
            device = _TimedDevice(sensors, Performer(seed), [plan], errors=DeviceFaults(skew_ppm))
            port = stack.enter_context(VirtualPort(device, folder / f"tty{seed}-{number}"))
            links.append(BoardLink(SerialPort(str(port.path))))
            devices.append(device)
            truths.append(Performer(seed).perform(plan).labels)
        plan_to_record = CapturePlan("circle", _SHAKES, hands_free=True)
        with sitting(links, Workspace(folder), Desk()) as recordings:
            recordings.record(plan_to_record)
    files = [read_recording(report.path) for report in recordings.reports]
    shaken = [_shaken_s(*each) for each in zip(devices, truths, _SKEWS_PPM, strict=True)]
    return [_apart_ms(files[0], files[1], both) for both in zip(*shaken, strict=True)]


def _plan(first_s: float) -> list[Action]:
    shakes = [Action("circle"), Action(REST, _PAUSE_S)] * _SHAKES
    return [Action(REST, first_s), *shakes, Action(REST, 60.0)]


def _shaken_s(device: _TimedDevice, truth: tuple[Label, ...], skew_ppm: float) -> list[float]:
    """The middle of each shake, in Unix time."""
    rate = 1 + skew_ppm * 1e-6
    return [device.booted_s + (each.start_s + each.end_s) / 2 / rate for each in truth]


def _apart_ms(first: Recording, second: Recording, shaken_s: tuple[float, ...]) -> float:
    one = _turning(first, shaken_s[0] + _AROUND_S)
    fits = [
        np.corrcoef(one, _turning(second, shaken_s[1] + _AROUND_S + shift_ms * 1e-3))[0, 1]
        for shift_ms in _SHIFTS_MS
    ]
    return float(_SHIFTS_MS[int(np.argmax(fits))])


def _turning(recording: Recording, unix_s: NDArray[np.floating]) -> NDArray[np.floating]:
    """Size of the rate of turning at moments of Unix time, by the file's own log time."""
    samples, info = recording.samples, recording.info
    at_s = (info.started_unix_ns + samples.device_time_us * 1000) * 1e-9
    rate = samples.gyr_or_zero_dps - np.median(samples.gyr_or_zero_dps, axis=0)
    return np.asarray(np.interp(unix_s, at_s, np.linalg.norm(rate, axis=1)))
