"""`verify --self-test`: the board looks at its sensors for a while, then says what it found."""

from __future__ import annotations

from imu_gesture.deploy.verify.rung import Rung
from imu_gesture.deploy.verify.self_test_rung import self_test_rungs
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import SamplesReceived

LOOK_S = 3.0


def self_test(link: BoardLink, tflite: bytes, look_s: float = LOOK_S) -> list[Rung]:
    """One rung for each part, after `look_s` of the board's own samples."""
    first_us: int | None = None
    for event in link.events():
        if isinstance(event, SamplesReceived) and len(event.samples):
            times_us = event.samples.device_time_us
            first_us = int(times_us[0]) if first_us is None else first_us
            if times_us[-1] - first_us >= look_s * 1e6:
                break
    for _ in link.finish():
        pass
    return self_test_rungs(link, tflite)
