"""The link line: what is known is shown, what is bad stands out."""

from __future__ import annotations

import pytest

from imu_gesture.cli.desk import PlainDesk
from imu_gesture.cli.link_line import board_line, clock_face, time_line
from imu_gesture.link.link import LinkStatus
from imu_gesture.recording.capture import LinkView, Progress


def view(**changed: object) -> LinkView:
    known: dict[str, object] = {
        "name": "12cd",
        "rate_hz": 119.04,
        "clipped_share": 0.0,
        "temperature_c": None,
        "status": LinkStatus(),
        "fifo_lost": 0,
        "dropped": 0,
        "away": False,
    }
    return LinkView(**(known | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "expected", "bad"),
    [
        ({}, "119.0 Hz · 0 lost · 0 damaged · 0.0% clipped", ""),
        ({"rate_hz": None}, "0 lost · 0 damaged · 0.0% clipped", ""),
        ({"status": LinkStatus(12, 3)}, "12 lost · 3 damaged", "12 lost 3 damaged"),
        ({"status": LinkStatus(0, 0, -61)}, "0 damaged · -61 dBm · 0.0%", ""),
        ({"status": LinkStatus(0, 0, -91)}, "-91 dBm", "-91 dBm"),
        ({"clipped_share": 0.021}, "2.1% clipped", "2.1% clipped"),
        ({"temperature_c": 31.24}, "clipped · 31.2 °C", ""),
        (
            {"fifo_lost": 4, "dropped": 2},
            "board: 4 overrun, 2 dropped",
            "board: 4 overrun, 2 dropped",
        ),
        ({"away": True, "rate_hz": None}, "board away, waiting", "board away, waiting for it"),
    ],
)
def test_a_line(changed: dict[str, object], expected: str, bad: str) -> None:
    line = board_line(view(**changed))
    assert expected in line.plain
    spans = [
        line.plain[span.start : span.end] for span in line.spans if "yellow" in str(span.style)
    ]
    assert " ".join(spans) == bad


def test_several_boards_are_named() -> None:
    assert board_line(view(), named=True).plain.startswith("  12cd  119.0 Hz")


@pytest.mark.parametrize(
    ("seconds", "face"), [(0.0, "0:00"), (59.4, "0:59"), (59.6, "1:00"), (3671.0, "61:11")]
)
def test_a_clock(seconds: float, face: str) -> None:
    assert clock_face(seconds) == face


def test_time_that_remains_is_shown_where_it_is_known() -> None:
    assert time_line(Progress("wave", 12.0, 65.0, ())) == "0:12 recorded, 1:05 to go"
    assert time_line(Progress("wave", 12.0, None, ())) == "0:12 recorded"


def test_away_from_a_terminal_there_is_a_line_every_ten_seconds() -> None:
    now_s = 0.0
    said: list[str] = []
    desk = PlainDesk(said.append, said.append, None, lambda: now_s)
    for tenth in range(1, 251):
        now_s = tenth / 10
        desk.show(Progress("background", now_s, 60 - now_s, (view(),)))
    assert [line.split(";")[0] for line in said] == [
        "background: 0:10 recorded, 0:50 to go",
        "background: 0:20 recorded, 0:40 to go",
    ]
    assert "119.0 Hz · 0 lost" in said[0]


def test_for_programs_there_is_no_such_line() -> None:
    now_s = 0.0
    said: list[str] = []
    desk = PlainDesk(said.append, None, None, lambda: now_s)
    now_s = 99.0
    desk.show(Progress("background", 1.0, None, (view(),)))
    assert said == []
