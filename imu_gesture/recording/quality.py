"""The verdict on a recording: can a model be trained on it?"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from imu_gesture.recording import timing
from imu_gesture.recording.clock_problems import (
    clock_problems,
    uncounted_losses,
    uncounted_problems,
)
from imu_gesture.recording.damage import damage_problems, finite
from imu_gesture.recording.look import look
from imu_gesture.recording.problem import Problem
from imu_gesture.recording.recording import Recording
from imu_gesture.recording.timing_problems import timing_problems

QUALITY_NAME = "quality"  # of the metadata that keeps the verdict
RULES = 2  # raised when the same samples get another verdict
Verdict = Literal["good", "usable", "bad"]


@dataclass(frozen=True)
class Quality:
    """What a recording's numbers are worth; None where nothing can be said.

    Attributes:
        rate_hz: measured by the device's clock where no sample is lost, or as the times were made.
        jitter_us: standard deviation of the steps between samples.
        late_samples: came too late for their number, by more than half a period.
        gaps: silences that the core does not bridge, whatever their reason.
        lost_samples: missing by number.
        duplicate_times: samples at the time of the one before.
        backward_times: samples earlier than one before.
        clock_error_ppm: the measured rate against the stated one, by the device's clock.
        clock_skew_ppm: how much faster the device's clock is than the host's.
        clock_skew_bound_ppm: it is within so much of the truth.
        uncounted_losses: how often samples were lost of which nobody knows how many.
        stale_share: of the samples that repeat all readings of the one before.
        clipped_share: of the samples at the sensor's range, by axis.
        stuck_axes: kept one value while others moved.
        acc_rest_g: size of the acceleration at rest; 1 unless gravity was removed.
        gyr_rest_dps: the gyroscope's offset.
        field_ut: median size of the magnetic field.
        turning_scale: how many times faster gravity turns than the gyroscope says.
    """

    rate_hz: float
    jitter_us: float | None
    late_samples: int
    gaps: int
    longest_gap_s: float
    lost_samples: int
    duplicate_times: int
    backward_times: int
    clock_error_ppm: float | None
    clock_skew_ppm: float | None
    clock_skew_bound_ppm: float | None
    uncounted_losses: int
    stale_share: float
    clipped_share: dict[str, float]
    stuck_axes: tuple[str, ...]
    acc_rest_g: float | None
    gyr_rest_dps: tuple[float, float, float] | None
    field_ut: float | None
    turning_scale: float | None
    problems: tuple[Problem, ...]

    @property
    def verdict(self) -> Verdict:
        """`bad` with any bad problem, `usable` with any other, else `good`."""
        severities = {problem.severity for problem in self.problems}
        return "bad" if "bad" in severities else "usable" if severities else "good"

    def as_json(self) -> dict[str, Any]:
        """Verdict and figures, ready for JSON."""
        return {"verdict": self.verdict, **asdict(self)}


def to_metadata(judged: Quality) -> dict[str, str]:
    """The verdict as it is kept with the recording: names and values as text."""
    figures = judged.as_json()
    verdict, problems = figures.pop("verdict"), figures.pop("problems")
    return {
        "rules": str(RULES),
        "verdict": verdict,
        "problems": json.dumps(problems),
        "figures": json.dumps(figures),
    }


def stored_quality(metadata: dict[str, str] | None) -> dict[str, Any] | None:
    """What `to_metadata` made, as `Quality.as_json` has it and with `rules`; None without it."""
    if metadata is None:
        return None
    try:
        return {
            "rules": int(metadata["rules"]),
            "verdict": metadata["verdict"],
            "problems": json.loads(metadata["problems"]),
            **json.loads(metadata["figures"]),
        }
    except (LookupError, ValueError, TypeError):
        return None  # by rules of another time


def quality(recording: Recording) -> Quality:
    """Judge a recording by its samples, by what else was heard and by what it says of itself."""
    info, clock = recording.info, recording.clock
    samples = finite(recording.samples)
    seen = look(samples, timing.timing(samples, info), info)
    uncounted = uncounted_losses(recording.events)
    time, still, turned = seen.time, seen.still, seen.turned
    is_skew_known = clock is not None and clock.skew_ppm is not None
    return Quality(
        rate_hz=time.rate_hz,
        jitter_us=time.jitter_us,
        late_samples=int(time.late.sum()),
        gaps=int(time.gaps.sum()),
        longest_gap_s=time.longest_gap_s,
        lost_samples=int(time.lost.sum()),
        duplicate_times=int(time.duplicate.sum()),
        backward_times=int(time.backward.sum()),
        clock_error_ppm=time.clock_error_ppm,
        clock_skew_ppm=clock.skew_ppm if clock else None,
        clock_skew_bound_ppm=clock.skew_bound_ppm if clock and is_skew_known else None,
        uncounted_losses=uncounted,
        stale_share=seen.fresh.stale_share,
        clipped_share=seen.clipped_share,
        stuck_axes=tuple(axis.name for axis in (*seen.stuck, *seen.stuck_mag)),
        acc_rest_g=still.acc_g,
        gyr_rest_dps=still.gyr_dps,
        field_ut=still.field_ut,
        turning_scale=turned.scale if turned and turned.is_sure else None,
        problems=(
            *damage_problems(recording.samples),
            *timing_problems(time),
            *uncounted_problems(uncounted),
            *clock_problems(clock),
            *seen.problems(info),
        ),
    )
