"""What the sensors' readings show, in a whole recording or in the newest seconds of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from imu_gesture.recording import readings, stillness, turning
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.problem import Problem
from imu_gesture.recording.stuck import StuckAxis, frozen_axes, stuck_axes, stuck_problems
from imu_gesture.recording.timing import Timing, mag_timing
from imu_gesture.samples import Samples


@dataclass(frozen=True, eq=False)
class Look:
    """Findings of each kind; `sensors` are the inertial ones."""

    time: Timing
    sensors: list[readings.Sensor]
    fresh: readings.Freshness
    stuck: tuple[StuckAxis, ...]
    stuck_mag: tuple[StuckAxis, ...]
    still: stillness.Stillness
    turned: turning.Turning | None

    @property
    def clipped_share(self) -> dict[str, float]:
        """Share of the samples at the sensor's range, by axis."""
        return {
            name: share for sensor in self.sensors for name, share in sensor.clipped_share.items()
        }

    def problems(self, info: RecordingInfo) -> Iterator[Problem]:
        """What is wrong with the readings."""
        coarse = len(self.sensors) == 1
        yield from readings.stale_problems(self.fresh, self.time, can_be_coarse=coarse)
        yield from readings.clipped_problems(self.sensors, self.time)
        yield from stuck_problems(self.stuck)
        yield from stuck_problems(self.stuck_mag, worst="warning")  # models do without it
        yield from stillness.stillness_problems(self.still, info.gravity == "included")
        if info.gravity == "included":
            yield from turning.turning_problems(self.turned)


def look(samples: Samples, time: Timing, info: RecordingInfo) -> Look:
    """Look at finite samples whose times are `time`."""
    sensors = readings.inertial_sensors(samples, info.acc_range_g, info.gyr_range_dps)
    still = stillness.stillness(samples, time)
    mag, mag_time = readings.magnetometer(samples), mag_timing(samples, time)
    return Look(
        time=time,
        sensors=sensors,
        fresh=readings.freshness(sensors, time),
        stuck=tuple(stuck_axes(sensors, time)),
        stuck_mag=(*stuck_axes([mag], mag_time), *frozen_axes(mag, mag_time)),
        still=still,
        turned=turning.turning(samples, time, still.gyr_dps),
    )
