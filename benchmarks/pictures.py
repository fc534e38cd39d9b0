"""The pictures of the documents: real windows on a virtual board; needs no display.

python benchmarks/pictures.py        writes docs/pictures/*.png
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import numpy as np
from form import say
from live_pictures import live_window, scenes
from PIL import Image

from imu_gesture.calibration.characterise import characterise
from imu_gesture.calibration.fit import Occasion
from imu_gesture.calibration.guided import GuidedCalibration, GuidedParams, Stage
from imu_gesture.link.link import SamplesReceived
from imu_gesture.live.calibration_feed import CalibrationFeed, CalibrationState
from imu_gesture.live.window import Window
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.report.allan_figure import save_allan
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.dance import DancePlan, Dancer
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.signals import ideal_signals
from imu_gesture.workflow.boards import dancing_link
from imu_gesture.workflow.calibrating_window import calibration_window

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
_SEED = 3
_COLOURS = 64
_REST_S = 1200.0

Wanted = Callable[[CalibrationState], bool]

STATES: dict[str, Wanted] = {
    "still": lambda state: state.guidance.progress > 0.7,
    "faces": lambda state: len(state.guidance.seen.faces) == 4,
    "turns": lambda state: len(state.guidance.seen.axes) == 2,
    "figure-eight": lambda state: len(state.guidance.seen.regions) > 60,
    "done": lambda state: state.guidance.stage is Stage.DONE,
}


def main() -> None:
    """Draw all of them anew."""
    FOLDER.mkdir(exist_ok=True)
    calibration(STATES, GuidedParams())
    refused: dict[str, Wanted] = {"refused": lambda state: bool(state.problem)}
    calibration(refused, GuidedParams(patience_s=20.0))
    live()
    allan()


def live() -> None:
    """The live window: just after a gesture, when it was wrong, and when the board is lost."""
    with live_window() as shown:
        window = shown.window

        def take(name: str) -> None:
            save(name, picture(window))

        play(window, scenes(shown, lambda: _settled(window), take))


def calibration(states: dict[str, Wanted], params: GuidedParams) -> None:
    """A window on a calibration that waits in each of these states for its picture."""
    with dancing_link(_SEED) as link:
        feed = CalibrationFeed()
        window = calibration_window(feed, link)
        guided = GuidedCalibration(link.info, Occasion("2026-01-01"), params)

        def lead() -> Iterator[None]:
            wanted = dict(states)
            for event in link.events():
                feed.hear(event)
                if isinstance(event, SamplesReceived):
                    guidance = guided.feed(event.samples)
                    feed.show(guidance)
                    _note_end(feed, link.info.device_id)
                for name in [name for name, true in wanted.items() if true(feed.state)]:
                    del wanted[name]
                    yield from _settled(window)
                    save(name, picture(window))
                if not wanted:
                    return

        play(window, lead())


def _note_end(feed: CalibrationFeed, device_id: str) -> None:
    guidance = feed.state.guidance
    if guidance.stage is Stage.REFUSED and not feed.state.problem:
        feed.fail(f"{guidance.problem}; calibrate again")
    if guidance.profile is not None and not feed.state.kept:
        feed.keep(f"calibration/{device_id}.json")


def play(window: Window, script: Iterator[None]) -> None:
    """Run a window until the script, which goes on between its frames, has ended."""

    def step() -> None:
        if next(script, "over") == "over":
            window.close()

    timer = window.canvas.new_timer(interval=1)
    timer.add_callback(step)
    timer.start()
    window.run()


def _settled(window: Window) -> Iterator[None]:
    """Until what is new has been drawn."""
    drawn = len(window.frame_starts_s) + 2
    while len(window.frame_starts_s) < drawn:
        yield


def picture(window: Window) -> Image.Image:
    """What the window shows."""
    pixels = np.asarray(cast("Any", window.canvas).buffer_rgba())
    return Image.fromarray(pixels[:, :, :3])


def allan() -> None:
    """Twenty minutes of a simulated board at rest, from power-on."""
    plan = DancePlan(rest_s=_REST_S, poses=(), turns=0, eight_s=0.0)
    samples = Device(LSM9DS1_BOARD, _SEED).measure(ideal_signals(Dancer(_SEED).perform(plan)))
    found = characterise(Recording(samples, RecordingInfo(stated_rate_hz=LSM9DS1_BOARD.rate_hz)))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "allan.png"
        save_allan(found, "background-unknown-1.mcap", path)
        save("allan", Image.open(path).convert("RGB"))


def save(name: str, image: Image.Image) -> None:
    """With few colours, which is small."""
    path = FOLDER / f"{name}.png"
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    say(f"{path.name}: {image.width} x {image.height}, {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
