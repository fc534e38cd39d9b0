"""The window of an embedding: its rows are fixed, so their period follows the gestures."""

from __future__ import annotations

from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import MAX_RATE_HZ, WindowSpec, choose_window
from imu_gesture.errors import DatasetError
from imu_gesture.learning.fewshot_job import CHANNELS, ROWS

_HOP_S = 0.1


def few_shot_window(recordings: list[LabelledRecording]) -> WindowSpec:
    """As long a window as `choose_window` finds right, in the rows that an embedding takes.

    Raises:
        DatasetError: nothing to learn, or no gyroscope.
    """
    usual = choose_window(recordings)
    if usual.channels != CHANNELS:
        raise DatasetError(
            "a recording has no gyroscope, which the embedding needs; leave it out, or use "
            "`imu-gesture train`"
        )
    period_us = max(round(1e6 / MAX_RATE_HZ), round(usual.duration_s * 1e6 / ROWS))
    return WindowSpec(period_us, ROWS, max(1, round(_HOP_S * 1e6 / period_us)), CHANNELS)
