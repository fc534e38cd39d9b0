"""`imu-gesture live`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imu_gesture.cli.options import FiniteRange, board_options, workspace_option
from imu_gesture.cli.windows import window_option, window_wanted

if TYPE_CHECKING:
    from imu_gesture.deploy.manifest import ModelManifest
    from imu_gesture.live.actions import Actions, GestureActions
    from imu_gesture.live.recogniser import Recognition


@click.command()
@workspace_option
@board_options
@click.option("--run", "run_name", help="Which training run.  [default: the newest]")
@click.option(
    "--host/--no-host",
    default=True,
    help="Also recognise on the host, by the same core and model.  [default: host]",
)
@click.option(
    "--seconds",
    type=FiniteRange(min=0, min_open=True),
    help="Stop after so many seconds of the board's time.",
)
@click.option(
    "--actions",
    "actions_file",
    type=click.Path(path_type=Path),
    help="File that says what each gesture sets off; see docs/actions.md.",
)
@click.option(
    "--fast",
    is_flag=True,
    help="Do not wait: a virtual board or a recording goes as fast as the computer.",
)
@window_option
@click.option("--participant", default="unknown", show_default=True, help="Who holds the board.")
@click.option("--session", default="live", show_default=True, help="Which sitting this is.")
@click.option(
    "--json",
    "--headless",
    "as_json",
    is_flag=True,
    help="No window: print one JSON object for each gesture.",
)
def live(
    workspace: Path,
    run_name: str | None,
    host: bool,
    seconds: float | None,
    actions_file: Path | None,
    fast: bool,
    window: bool | None,
    as_json: bool,
    participant: str,
    session: str,
    **where: Any,
) -> None:
    """Show gestures as they are recognised, in a window or a line each; Ctrl-C ends it.

    In the window, r starts and ends a recording, m marks a moment in it, and w says that the last
    gesture was wrong: the last seconds are kept with the right label, for the next `train`.
    """
    from imu_gesture.live.actions import Actions
    from imu_gesture.live.recogniser import HostRecogniser, recognitions, until
    from imu_gesture.recording.capture.plan import CapturePlan
    from imu_gesture.workflow.boards import Where, open_link
    from imu_gesture.workflow.correcting import bring_calibration
    from imu_gesture.workflow.models import load_model, run_folder
    from imu_gesture.workflow.watching import watched
    from imu_gesture.workspace import Workspace

    place, tell = Workspace(workspace), partial(click.echo, err=True)
    manifest, tflite = load_model(place, run_name)
    board = open_link(Where(**where), (manifest, tflite), real_time=not fast)
    with Actions(_actions(actions_file, manifest), tell) as setting_off, board as link:
        set_off = _taking(setting_off)
        calibration = bring_calibration(link, place, manifest, time.time(), tell)
        recogniser = HostRecogniser(manifest, tflite, calibration) if host else None
        if window_wanted(window, as_json):
            from imu_gesture.workflow.live_window import LiveOptions, LiveWindow

            plan = CapturePlan("live", participant=participant, session=session)
            run, now_s = run_folder(place, run_name), _clock(fast or bool(where["replay"]))
            options = LiveOptions(manifest, run, recogniser, now_s, plan, seconds, set_off)
            LiveWindow(link, place, options, date.today()).run()
            return
        events = until(watched(link, place, date.today(), tell), seconds)
        _in_text(recognitions(events, recogniser), as_json, set_off)
    if where["replay"] and seconds is None and not as_json:
        click.echo(f"{where['replay']}: ends here", err=True)


def _actions(file: Path | None, manifest: ModelManifest) -> dict[str, GestureActions]:
    """What gestures set off; nothing where no file says so."""
    from imu_gesture.labels import BACKGROUND
    from imu_gesture.live.actions import read_actions

    reported = [label.name for label in manifest.labels if label.name != BACKGROUND]
    return read_actions(file, reported) if file else {}


def _taking(actions: Actions) -> Callable[[Recognition], None]:
    """Sets off what belongs to a gesture, at the time at which it is told."""

    def take(recognition: Recognition) -> None:
        actions.take(recognition, time.monotonic())

    return take


def _clock(by_itself: bool) -> Callable[[], float] | None:
    """The clock that a board's is compared with; None where its time does not go with ours."""
    from imu_gesture.link.board_link import unix_clock

    return None if by_itself else unix_clock()


def _in_text(
    found: Iterator[Recognition], as_json: bool, set_off: Callable[[Recognition], None]
) -> None:
    """A line for each gesture, and what it sets off."""
    for recognition in found:
        set_off(recognition)
        if as_json:
            click.echo(json.dumps(recognition.__dict__))
        else:
            click.echo(
                f"{recognition.device_time_us * 1e-6:10.2f} s  {recognition.label:16} "
                f"{recognition.score:5.0%}  {recognition.by}"
            )
