"""What the window says of a calibration, in words."""

from __future__ import annotations

import numpy as np
import pytest

from imu_gesture.calibration.fit import Occasion
from imu_gesture.calibration.guided import Guidance, GuidedCalibration, GuidedParams, Stage
from imu_gesture.calibration.seen import Residuals, Seen
from imu_gesture.link.link import LinkInterrupted, LinkResumed
from imu_gesture.live import calibration_text as words
from imu_gesture.live.calibration_feed import (
    CalibrationFeed,
    CalibrationState,
    StartAgain,
    WindowClosed,
)
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from tests.calibration.session import GYR_LIBRARY, INFO, pieces, session


def ended(magnetometer: bool = True) -> CalibrationState:
    """After a whole session of a board with the stock library's scale."""
    calibration = GuidedCalibration(
        INFO, Occasion(date="2026-11-25"), GuidedParams(magnetometer=magnetometer)
    )
    feed = CalibrationFeed()
    for piece in pieces(session(1, LSM9DS1_BOARD, GYR_LIBRARY), 0.5):
        feed.show(calibration.feed(piece))
    feed.keep("calibration/board-1.json")
    return feed.state


def state(stage: Stage, problem: str = "", **guidance: object) -> CalibrationState:
    said = Guidance(stage, "do this", "so far", **guidance)  # type: ignore[arg-type]
    return CalibrationState(said, stage, problem=problem)


def test_a_good_end_has_its_figures_and_findings() -> None:
    last = ended()
    assert words.headline(last) == "✔ this board is calibrated"
    assert words.detail(last) == "kept: calibration/board-1.json"
    assert [mark for mark, _ in words.stage_marks(last)] == [
        *("✔ still", "✔ faces", "✔ turns", "✔ figure-eight")
    ]
    said = words.outcome(last)
    assert [line.split(":")[0] for line in said] == [
        *("accelerometer", "gyroscope", "magnetometer", "found and put right")
    ]
    assert "multiply its readings by 1.1" in said[-1]
    assert last.over


def test_a_stage_that_was_left_out_is_not_called_done() -> None:
    last = ended(magnetometer=False)
    assert [mark for mark, _ in words.stage_marks(last)][-1] == "left out: figure-eight"
    assert not any(line.startswith("magnetometer") for line in words.outcome(last))


@pytest.mark.parametrize(
    ("stage", "problem", "marks"),
    [
        (Stage.STILL, "", "▶○○○"),
        (Stage.TURNS, "", "✔✔▶○"),
        (Stage.EIGHT, "", "✔✔✔▶"),
        (Stage.FACES, "3 of 6 faces", "✔✘○○"),
    ],
)
def test_stages_are_done_now_to_come_or_failed(stage: Stage, problem: str, marks: str) -> None:
    now = state(stage, problem)
    assert "".join(mark[0] for mark, _ in words.stage_marks(now)) == marks
    assert words.outcome(now) == ([problem] if problem else [])
    assert words.headline(now) == ("✘ not calibrated" if problem else "do this")


@pytest.mark.parametrize(
    ("residuals", "rows"),
    [
        (Residuals(), []),
        (
            Residuals(gyr_offset_dps=(1.23, -4.56, 0.0), gyr_offset_sd_dps=0.021),
            [("gyroscope at rest", "1.2, -4.6, 0.0 ± 0.02 deg/s")],
        ),
        (
            Residuals(gravity_off_g=0.031, gravity_left_g=0.0004, inclination_error_deg=0.31),
            [
                ("gravity is off by", "31 mg, corrected 0.40 mg"),
                ("inclination error", "0.31°"),
            ],
        ),
        (
            Residuals(scale_sd=0.0013, field_spread=0.056),
            [("gyroscope's scale", "known to 0.13%"), ("field's size varies", "5.6%")],
        ),
    ],
)
def test_residuals_are_rows_and_what_is_not_known_is_left_out(
    residuals: Residuals, rows: list[words.Row]
) -> None:
    said = words.residual_rows(residuals)
    assert len(said) == words.RESIDUAL_ROWS
    assert [row for row in said if any(row)] == rows


def test_coverage_is_a_share_of_the_sphere() -> None:
    now = state(Stage.EIGHT, seen=Seen(regions=frozenset(range(42))))
    assert words.coverage(now) == "directions of the field: 42%"


def test_the_board_is_away_until_it_is_back() -> None:
    feed = CalibrationFeed()
    assert words.away(feed.state) == ""
    feed.hear(LinkInterrupted("/dev/ttyACM0: gone"))
    assert "/dev/ttyACM0: gone" in words.away(feed.state)
    feed.hear(LinkResumed())
    assert words.away(feed.state) == ""


def test_the_state_is_the_same_object_until_something_changes() -> None:
    feed = CalibrationFeed()
    guidance = Guidance(Stage.FACES, "do this")
    feed.show(guidance)
    before = feed.state
    feed.show(guidance)
    assert feed.state is before
    feed.show(Guidance(Stage.FACES, "do that"))
    assert feed.state is not before


def test_a_wish_reaches_the_thread_with_its_next_event() -> None:
    feed = CalibrationFeed()
    feed.start_again()
    with pytest.raises(StartAgain):
        feed.hear(LinkResumed())
    feed.hear(LinkResumed())  # it was granted
    feed.close()
    for ask in (feed.wait, lambda: feed.hear(LinkResumed())):
        with pytest.raises(WindowClosed):
            ask()
    assert np.all([len(times_s) == 0 for times_s, _ in feed.traces().values()])
