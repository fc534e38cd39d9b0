"""Examples of the four gestures that simulated people know by name."""

from __future__ import annotations

from functools import cache

from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.learning.fewshot_windows import few_shot_window
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import GESTURES, REST, Action, Performer
from imu_gesture.simulation.signals import ideal_signals


@cache
def simulated_recording(person: int, repeats: int) -> LabelledRecording:
    """One person, each gesture so often."""
    plan = [Action(REST, 2.0)]
    for name in GESTURES:
        plan += [Action(name), Action(REST, 0.5)] * repeats
    motion = Performer(person).perform(plan)
    device = Device(LSM9DS1_BOARD, person)
    info = RecordingInfo(**device.info.model_dump(), participant=f"person-{person}")
    samples = device.measure(ideal_signals(motion))
    return LabelledRecording(f"person-{person}", Recording(samples, info), motion.labels)


def simulated_shots(person: int, repeats: int) -> Dataset:
    """Windows for an embedding."""
    recordings = [simulated_recording(person, repeats)]
    return build_dataset(recordings, few_shot_window(recordings))
