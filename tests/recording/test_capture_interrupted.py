"""Ctrl-C during a recording: whenever it comes, what was recorded is kept and readable."""

import signal
import sys
from pathlib import Path
from types import FrameType

import numpy as np
import pytest

from imu_gesture.labels import BACKGROUND
from imu_gesture.recording.capture import CapturePlan
from imu_gesture.recording.mcap_file import read_recording
from tests import make
from tests.recording.virtual import capture_virtual


class Prompts(list[str]):
    """Everything the person is told, who presses Ctrl-C at one prompt."""

    def __init__(self, stop_at: str) -> None:
        super().__init__()
        self._stop_at = stop_at

    def __call__(self, text: str) -> None:
        self.append(text)
        if text == self._stop_at:
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("prompt", "complete"), [("3", 0), ("go: wave (1 of 4)", 0), ("go: wave (3 of 4)", 2)]
)
def test_ctrl_c_keeps_what_was_recorded(prompt: str, complete: int, tmp_path: Path) -> None:
    path, prompts = tmp_path / "a.mcap", Prompts(stop_at=prompt)
    report = capture_virtual(0, path, CapturePlan("wave", repeats=4), prompts)
    assert prompts[-2:] == [prompt, "stopped"]
    assert len(read_recording(path).samples) == report.samples > 100
    assert len(make.labels_of(path)) == len(report.labels) == complete


@pytest.mark.parametrize(
    "inside", ["add_message", "__finalize_chunk", "__flush", "write", "reset", "_receive"]
)
def test_a_signal_in_the_middle_of_writing_spoils_nothing(inside: str, tmp_path: Path) -> None:
    path, heard = tmp_path / "a.mcap", False

    def interrupt(frame: FrameType, event: str, _: object) -> None:
        nonlocal heard
        if event == "return" and not heard and frame.f_code.co_name.endswith(inside):
            heard = True
            signal.raise_signal(signal.SIGINT)

    def tell(text: str) -> None:
        sys.setprofile(interrupt if text.startswith("go: wave (2") else None)

    try:
        report = capture_virtual(0, path, CapturePlan("wave", repeats=4), tell)
    finally:
        sys.setprofile(None)
    assert heard
    samples = read_recording(path).samples
    assert np.array_equal(samples.sequence, np.arange(report.samples))
    assert len(make.labels_of(path)) == 1


def test_a_signal_while_the_file_is_closed_spoils_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"

    def interrupt(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name == "finish":
            sys.setprofile(None)
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        capture_virtual(
            0,
            path,
            CapturePlan("push", repeats=1),
            lambda text: sys.setprofile(interrupt if text.startswith("go") else None),
        )
    assert len(read_recording(path).samples) > 400
    assert len(make.labels_of(path)) == 1


def test_background_up_to_ctrl_c_is_background(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"

    def tell(text: str) -> None:
        sys.setprofile(interrupt if text.startswith("go") else None)

    chunks = 0

    def interrupt(frame: FrameType, event: str, _: object) -> None:
        nonlocal chunks
        chunks += event == "call" and frame.f_code.co_name == "append"
        if chunks == 150:
            sys.setprofile(None)
            signal.raise_signal(signal.SIGINT)

    capture_virtual(0, path, CapturePlan(BACKGROUND, seconds=1000.0), tell)
    (label,) = make.labels_of(path)
    assert label.name == BACKGROUND
    assert 1.0 < label.end_s - label.start_s < 10
    assert label.end_s <= read_recording(path).samples.duration_s + 1e-6
