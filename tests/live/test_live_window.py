"""The live window on a real display, with a virtual board at its own pace."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from imu_gesture.deploy.manifest import read_run
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import GestureReported, MarkReported, ScoresReported
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.live import theme
from imu_gesture.live.board_panel import BoardPanel
from imu_gesture.live.score_book import ShownScores
from imu_gesture.live.thresholds import Thresholds
from imu_gesture.recording.mcap_file import read_recording
from imu_gesture.workflow.boards import virtual_device, virtual_link
from tests import make
from tests.live.live_scene import Scene, live_scene
from tests.live.on_screen import (
    Script,
    axes_named,
    drag,
    frames,
    part_of,
    picture,
    press,
    until,
)
from tests.live.pulled_plug import PulledPlug
from tests.live.small_model import small_model
from tests.screen import Screen, share_of

BLACK_CIRCLE = "\N{BLACK CIRCLE}"
INK_PARTS = ("scores", "gestures", "acc", "gyr", "mag", "board", "drift", "link")


def drawn(scene: Scene, label: str) -> float:
    """How much of some axes is not paper."""
    part = part_of(picture(scene.window), scene.window, axes_named(scene.window, label))
    return 1 - share_of(part, theme.PAPER)


def test_everything_is_there_at_any_size(screen: Screen, tmp_path: Path) -> None:
    with live_scene(tmp_path) as scene:

        def script() -> Script:
            yield from until(lambda: bool(scene.feed.gestures))
            yield from until(lambda: scene.feed.scores.compared > 10)
            yield from frames(scene.window, 5)
            for size in ((1280, 800), (700, 500)):
                scene.window.resize(*size)
                yield from until(lambda size=size: picture(scene.window).shape[1::-1] == size)  # type: ignore[misc]
                yield from frames(scene.window, 5)
                assert [part for part in INK_PARTS if drawn(scene, part) < 0.01] == []
            newest = scene.feed.gestures[-1]
            assert scene.view.gestures.rows[0][1] == newest.label
            assert newest.by == "both"
            assert newest.latency_s is not None
            assert "host the same in" in scene.view.agreement.get_text()
            assert scene.view.link.rows[0][0] == "rate"
            assert scene.view.drift.advice.startswith(f"{theme.ARROW} not calibrated")
            assert share_of(screen.pixels(), theme.EMPTY) > 0.001  # the troughs of the bars

        scene.play(script())


@pytest.mark.usefixtures("screen")
def test_a_lost_board_greys_the_window_until_it_is_back(tmp_path: Path) -> None:
    model = small_model()
    with virtual_link(0, model, real_time=True) as link:
        plug = PulledPlug(link)
        scene = Scene(plug, tmp_path, model)

        def script() -> Script:
            yield from until(lambda: scene.feed.newest_us > 0)
            yield from frames(scene.window, 3)
            assert scene.view.curtain.says == ""
            assert share_of(picture(scene.window), theme.PAPER) > 0.7
            plug.pull()
            yield from until(lambda: bool(scene.feed.facts.away))
            yield from frames(scene.window, 3)
            assert PulledPlug.REASON in scene.view.curtain.says
            assert share_of(picture(scene.window), theme.PAPER) < 0.3
            plug.put_back()
            yield from until(lambda: not scene.feed.facts.away)
            before_us = scene.feed.newest_us
            yield from until(lambda: scene.feed.newest_us > before_us)
            yield from frames(scene.window, 3)
            assert scene.view.curtain.says == ""
            assert share_of(picture(scene.window), theme.PAPER) > 0.7

        scene.play(script())


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.usefixtures("screen")
def test_an_unplugged_board_is_found_again(tmp_path: Path) -> None:
    from imu_gesture.link.virtual.port import VirtualPort

    model = small_model()
    with (
        VirtualPort(virtual_device(0, model), tmp_path / "ttyACM0") as port,
        BoardLink(SerialPort(str(tmp_path / "ttyACM0"))) as link,
    ):
        scene = Scene(link, tmp_path, model)

        def script() -> Script:
            yield from until(lambda: bool(scene.feed.scores.board))
            port.unplug()
            yield from until(lambda: bool(scene.feed.facts.away))
            yield from frames(scene.window, 2)
            assert scene.view.curtain.says.startswith("board lost, waiting for it")
            port.plug()
            yield from until(lambda: not scene.feed.facts.away)
            before = scene.feed.scores.compared
            yield from until(lambda: scene.feed.scores.compared > before)
            yield from frames(scene.window, 2)
            assert scene.view.curtain.says == ""

        scene.play(script())


@pytest.mark.usefixtures("screen")
def test_without_the_host_the_board_is_shown_alone(tmp_path: Path) -> None:
    with live_scene(tmp_path, host=False) as scene:

        def script() -> Script:
            yield from until(lambda: bool(scene.feed.gestures))
            yield from frames(scene.window, 3)
            assert scene.view.agreement.get_text() == "the board's scores"
            assert scene.view.gestures.rows[0][-1] == "board"

        scene.play(script())


@pytest.mark.usefixtures("screen")
def test_bars_are_scores_and_differences_are_marked(tmp_path: Path) -> None:
    with live_scene(tmp_path) as scene:

        def script() -> Script:
            yield from frames(scene.window, 2)
            panel = scene.view.scores
            names = scene.view.shown.names
            thresholds = Thresholds([128, *[256] * (len(names) - 1)])
            board = (0.75, 0.25, *[0.0] * (len(names) - 2))
            host = (0.75, 0.5, *[0.0] * (len(names) - 2))
            panel.update(ShownScores(names, board, host, 1, 0, 1, frozenset({1})), thresholds)
            assert panel.widths[:2] == [0.75, 0.25]
            assert panel.figures[:2] == [f"75% {theme.TICK}", "25% ≠"]
            panel.show_thresholds(thresholds)
            assert panel.place_near(0.52, 0.5, thresholds) == 0
            assert panel.place_near(0.7, 0.5, thresholds) is None
            assert panel.place_near(0.5, 1.5, thresholds) is None  # it is never reported
            assert panel.place_near(0.5, -0.5, thresholds) is None

        scene.play(script())


@pytest.mark.usefixtures("screen")
def test_a_trace_that_grows_gets_another_scale_and_the_same_readings(tmp_path: Path) -> None:
    with live_scene(tmp_path) as scene:

        def script() -> Script:
            yield from frames(scene.window, 2)
            panel, times_s = scene.view.traces["gyr"], np.array([-1.0, 0.0])
            for size, figure in ((20.0, "30"), (400.0, "300"), (20.0, "30")):
                readings = np.array([[0, 0, 0], [size, -size, 1]], np.float32)
                panel.update(times_s, readings)
                assert panel.figures == [f"-{figure}", "0", figure]
                assert np.stack(panel.curves, axis=1) == pytest.approx(readings, abs=1e-4)

        scene.play(script())


@pytest.mark.usefixtures("screen")
def test_the_solid_turns_as_the_board_does(tmp_path: Path) -> None:
    with live_scene(tmp_path) as scene:

        def script() -> Script:
            yield from frames(scene.window, 2)
            panel: BoardPanel = scene.view.board
            panel.update(np.eye(3))
            (x, y, z) = panel.ends
            assert x[1] > 0.2  # away is up the screen
            assert y[0] < -0.5  # to the left
            assert z[1] > 0.5
            panel.update(np.diag([1.0, -1.0, -1.0]))  # turned over about x
            assert panel.ends[0] == pytest.approx(x)
            assert panel.ends[2][1] < -0.5

        scene.play(script())


@pytest.mark.usefixtures("screen")
def test_a_dragged_threshold_is_the_windows_until_t_gives_it_to_the_run(tmp_path: Path) -> None:
    with live_scene(tmp_path) as scene:
        thresholds, window = scene.live.thresholds, scene.window
        place = next(i for i, level in enumerate(thresholds.levels) if level < 256)
        before = thresholds.levels[place]

        def grab_and_move(to: float) -> None:
            y = place + 0.5
            drag(window, scene.view.scores.axes, (thresholds.levels[place] / 256, y), (to, y))

        def in_run() -> int:
            return read_run(scene.run_folder)[0].labels[place].threshold

        def script() -> Script:
            yield from frames(window, 3)
            grab_and_move(0.25)
            assert thresholds.levels[place] == pytest.approx(64, abs=1)
            yield from frames(window, 2)
            assert "this window only" in scene.view.agreement.get_text()
            press(window, Qt.Key.Key_U)
            assert thresholds.levels[place] == before
            grab_and_move(0.5)
            yield from until(lambda: any(g.by == "window" for g in scene.feed.gestures))
            assert in_run() == before
            press(window, Qt.Key.Key_T)
            assert in_run() == thresholds.levels[place] == pytest.approx(128, abs=1)
            assert not thresholds.moved
            yield from frames(window, 2)
            assert "imu-gesture deploy" in scene.view.message.get_text()

        scene.play(script())


@pytest.mark.usefixtures("screen")
def test_r_m_w_and_a_number_keep_what_they_say(tmp_path: Path) -> None:
    with live_scene(tmp_path) as scene:
        window, notices = scene.window, scene.live.keeper.notices

        def script() -> Script:
            yield from until(lambda: len(scene.feed.gestures) > 0)
            press(window, Qt.Key.Key_R)
            assert notices.now.recording == "live-ann-s1.mcap"
            at_us = scene.feed.newest_us
            yield from until(lambda: scene.feed.newest_us - at_us > 1_000_000)
            press(window, Qt.Key.Key_M)
            press(window, Qt.Key.Key_W)
            yield from frames(window, 3)
            assert scene.view.recording.get_text() == f"{BLACK_CIRCLE} recording"
            assert "[0]  nothing (background)" in scene.view.choice.says
            press(window, Qt.Key.Key_0)
            yield from frames(window, 3)
            assert scene.view.choice.says == ""
            assert "kept wrong-background-ann-s1.mcap" in scene.view.message.get_text()

        scene.play(script())
    clip, whole = scene.workspace.recording_files()[::-1]
    assert [path.name for path in (whole, clip)] == [
        *("live-ann-s1.mcap", "wrong-background-ann-s1.mcap"),
    ]
    predicted = read_recording(clip)
    reported = [event for event in predicted.events if isinstance(event, GestureReported)]
    assert predicted.info.predicted_at_us in {event.device_time_us for event in reported}
    assert predicted.info.predicted_by == "both"
    assert {label.name for label in make.labels_of(clip)} == {"background"}
    kinds = {type(event) for event in read_recording(whole).events}
    assert {MarkReported, ScoresReported} <= kinds


@pytest.mark.usefixtures("screen")
def test_q_closes_it(tmp_path: Path) -> None:
    with live_scene(tmp_path) as scene:

        def script() -> Script:
            yield from frames(scene.window, 2)
            press(scene.window, Qt.Key.Key_Q)
            open_at.append(len(scene.window.frame_starts_s))
            yield from frames(scene.window, 100)
            pytest.fail("the window is still there")

        open_at: list[int] = []
        scene.play(script())
        assert len(open_at) == 1  # it was there until the key
