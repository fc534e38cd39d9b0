"""What the host's clock says of the board's, and what the link says of samples nobody counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imu_gesture.link.clock_fit import ClockFit
from imu_gesture.link.link import LinkEvent, SamplesLost
from imu_gesture.recording.problem import Problem, found

# Orientation from a clock that is off by 2 % is wrong by 10 degrees instead of 2.4 (BROAD, VQF);
# half of that is told. A crystal keeps 0.01 %.
_MOST_SKEW_PPM = 10_000.0


def clock_problems(clock: ClockFit | None) -> Iterator[Problem]:
    """A board whose seconds are not seconds."""
    skew_ppm = clock.skew_ppm if clock is not None else None
    if clock is None or skew_ppm is None or abs(skew_ppm) - clock.skew_bound_ppm < _MOST_SKEW_PPM:
        return
    yield found(
        "warning",
        "clock",
        f"the board's clock is {abs(skew_ppm) / 1e4:.2f} % {'fast' if skew_ppm > 0 else 'slow'}, "
        "so angles and speeds are wrong by as much",
        "let the board run from its crystal (a board that is not Arduino's own may lack one)",
    )


def uncounted_losses(events: Sequence[LinkEvent]) -> int:
    """How often samples were lost of which nobody knows how many."""
    return sum(isinstance(event, SamplesLost) and event.count is None for event in events)


def uncounted_problems(losses: int) -> Iterator[Problem]:
    """Losses that leave no hole in the numbers."""
    if losses:
        yield found(
            "warning",
            "lost samples",
            f"the board was reset or replaced {losses} time(s), and nobody knows how many samples "
            "that cost",
            "record again what was being recorded then; check the board's supply",
        )
