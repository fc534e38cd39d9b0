"""The calibration window on a real display, with a virtual board whose hand knows the dance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import Qt

from imu_gesture.calibration.guided import GuidedParams, Stage
from imu_gesture.calibration.profile import Profile
from imu_gesture.errors import CalibrationError, LinkError
from imu_gesture.link.link import Link
from imu_gesture.live import theme
from imu_gesture.live.calibration_view import CalibrationView
from imu_gesture.workflow.boards import dancing_link
from imu_gesture.workflow.calibrating_window import Leader, Task, calibration_window
from tests.live.on_screen import (
    Script,
    axes_named,
    frames,
    part_of,
    picture,
    play,
    press,
    until,
)
from tests.live.pulled_plug import PulledPlug
from tests.screen import Screen, share_of

SEED = 3
KEPT = "calibration/board.json"


class Scene:
    """A window on a calibration, with what it draws at hand."""

    def __init__(self, link: Link, params: GuidedParams | None = None) -> None:
        self.profiles: list[Profile] = []
        self.leader = Leader(link, Task("2026-11-25", self._keep, params))
        self.feed = self.leader.feed
        self.window = calibration_window(self.feed, link)
        self.view = cast("CalibrationView", self.window.view)

    def _keep(self, profile: Profile) -> str:
        self.profiles.append(profile)
        return KEPT

    def play(self, script: Script) -> None:
        with self.leader:
            play(self.window, script)

    def reach(self, stage: Stage) -> Script:
        yield from until(lambda: self.feed.state.guidance.stage is stage)
        yield from frames(self.window, 2)

    def filled(self) -> float:
        """How much of the two discs is filled."""
        now = picture(self.window)
        parts = [part_of(now, self.window, axes_named(self.window, f"z{s}")) for s in "+-"]
        return float(np.mean([share_of(part, theme.BLUE) for part in parts]))


@contextmanager
def scene(params: GuidedParams | None = None, real_time: bool = False) -> Iterator[Scene]:
    with dancing_link(SEED, real_time) as link:
        yield Scene(link, params)


def test_the_board_is_calibrated_and_the_window_says_how_well(screen: Screen) -> None:
    with scene() as shown:
        words = shown.view.words

        def script() -> Script:
            yield from frames(shown.window, 1)
            assert shown.filled() < 0.01
            yield from shown.reach(Stage.DONE)
            yield from until(lambda: bool(shown.feed.state.kept))
            yield from frames(shown.window, 2)
            assert words.headline.get_text() == f"{theme.TICK} this board is calibrated"
            assert words.detail.get_text() == f"kept: {KEPT}"
            assert all(stage.startswith(theme.TICK) for stage in words.stages)
            assert set(shown.view.faces.texts.values()) == {
                f"{axis}{sign} {theme.TICK}" for axis in "xyz" for sign in "+-"
            }
            assert set(shown.view.axes.texts.values()) == {f"{a} {theme.TICK}" for a in "xyz"}
            said = " ".join(words.outcome.get_text().split())
            mag = shown.profiles[0].mag
            assert mag is not None
            assert f"heading error {mag.quality['heading_error_deg']:.2f}°" in said
            assert shown.filled() > 0.3
            on_screen = screen.pixels()
            assert share_of(on_screen, theme.BLUE) > 0.01  # the discs, and no curve any more
            assert share_of(on_screen, theme.VERMILION) == 0

        shown.play(script())
        assert shown.leader.result() is shown.profiles[0]


@pytest.mark.usefixtures("screen")
def test_each_stage_says_what_to_do_and_ticks_what_was_seen() -> None:
    """At the board's own pace until its first rest is known; then as it comes."""
    with scene(real_time=True) as shown:
        words = shown.view.words

        def script() -> Script:
            yield from frames(shown.window, 5)
            assert words.headline.get_text().startswith("lay the board flat")
            assert words.stages[0].startswith(theme.ARROW)
            assert words.stages[1].startswith(theme.RING)
            before = shown.view.words.bar.get_width()
            yield from shown.reach(Stage.FACES)
            assert shown.view.words.bar.get_width() != before
            assert "faces" in " ".join(words.headline.get_text().split())
            assert words.stages[0].startswith(theme.TICK)
            assert words.stages[1].startswith(theme.ARROW)
            yield from until(lambda: "z+" in shown.feed.state.guidance.seen.faces)
            yield from frames(shown.window, 2)
            assert shown.view.faces.texts["z+"] == f"z+ {theme.TICK}"
            assert shown.view.faces.texts["x-"] == "x-"
            told = [text.get_text() for row in words.rows for text in row]
            assert told[0] == "gyroscope at rest"
            assert told[1].endswith("deg/s")

        shown.play(script())
    with pytest.raises(KeyboardInterrupt):
        shown.leader.result()


@pytest.mark.usefixtures("screen")
def test_traces_show_the_newest_readings() -> None:
    with scene(real_time=True) as shown:

        def script() -> Script:
            yield from until(lambda: len(shown.feed.traces()["acc"][0]) > 119)
            yield from frames(shown.window, 2)
            up = shown.view.traces["acc"].curves[2]
            assert up[-1] == pytest.approx(1, abs=0.1)  # z, in g
            assert len(up) > 119
            pixels = part_of(picture(shown.window), shown.window, axes_named(shown.window, "acc"))
            assert share_of(pixels, theme.BLUE) > 0.002

        shown.play(script())


@pytest.mark.usefixtures("screen")
def test_a_refused_session_says_why_and_r_starts_again() -> None:
    with dancing_link(SEED) as link:
        plug = PulledPlug(link)
        shown = Scene(plug, GuidedParams(patience_s=20.0))
        words = shown.view.words

        def script() -> Script:
            yield from until(lambda: bool(shown.feed.state.problem))
            yield from frames(shown.window, 2)
            assert words.headline.get_text() == f"{theme.CROSS} not calibrated"
            assert words.stages[1] == f"{theme.CROSS} faces"
            assert "of 6 faces" in " ".join(words.outcome.get_text().split())
            plug.pull()  # so that the next attempt waits
            press(shown.window, Qt.Key.Key_R)
            yield from until(lambda: bool(shown.feed.state.away))
            yield from frames(shown.window, 2)
            assert words.outcome.get_text() == ""
            assert words.headline.get_text().startswith("lay the board flat")
            plug.put_back()
            yield from until(lambda: bool(shown.feed.state.problem))

        shown.play(script())
    with pytest.raises(CalibrationError, match=r"of 6 faces|lay still for"):
        shown.leader.result()


@pytest.mark.usefixtures("screen")
def test_after_a_calibration_r_makes_another_one() -> None:
    with scene() as shown:

        def script() -> Script:
            yield from until(lambda: len(shown.profiles) == 1)
            press(shown.window, Qt.Key.Key_R)
            yield from until(lambda: len(shown.profiles) == 2)

        shown.play(script())
    first, second = shown.profiles
    assert first.gyr.offset != second.gyr.offset
    assert shown.leader.result() is second


@pytest.mark.usefixtures("screen")
def test_a_board_that_goes_away_greys_the_window_until_it_is_back() -> None:
    with dancing_link(SEED, real_time=True) as link:
        plug = PulledPlug(link)
        shown = Scene(plug)

        def script() -> Script:
            yield from frames(shown.window, 10)
            assert shown.view.curtain.says == ""
            clear = picture(shown.window)
            plug.pull()
            yield from until(lambda: bool(shown.feed.state.away))
            yield from frames(shown.window, 2)
            assert "board away, waiting for it" in shown.view.curtain.says
            assert PulledPlug.REASON in shown.view.curtain.says
            assert share_of(clear, theme.PAPER) > 0.8
            assert share_of(picture(shown.window), theme.PAPER) < 0.2
            plug.put_back()
            yield from until(lambda: not shown.feed.state.away)
            yield from frames(shown.window, 2)
            assert shown.view.curtain.says == ""
            assert share_of(picture(shown.window), theme.PAPER) > 0.8

        shown.play(script())


@pytest.mark.usefixtures("screen")
def test_a_board_that_stays_away_is_told_and_is_the_error_afterwards() -> None:
    with dancing_link(SEED, real_time=True) as link:
        plug = PulledPlug(link)
        plug.pull(for_good=True)
        shown = Scene(plug)

        def script() -> Script:
            yield from until(lambda: bool(shown.feed.state.problem))
            yield from frames(shown.window, 2)
            assert PulledPlug.REASON in " ".join(shown.view.words.outcome.get_text().split())

        shown.play(script())
    with pytest.raises(LinkError, match=re.escape(PulledPlug.REASON)):
        shown.leader.result()
