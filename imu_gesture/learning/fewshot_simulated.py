"""Simulated people who perform gestures that nobody has named, each with a board of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from imu_gesture.dataset.dataset import Dataset, build_dataset
from imu_gesture.dataset.segments import LabelledRecording
from imu_gesture.dataset.windows import WindowSpec
from imu_gesture.recording.info import RecordingInfo
from imu_gesture.recording.mcap_file import Recording
from imu_gesture.simulation.chips import BMI270_BOARD, LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import REST, Action, Performer
from imu_gesture.simulation.signals import ideal_signals
from imu_gesture.simulation.strokes import random_gesture

_REPEATS = 2
_A_SITTING = 25  # gestures
_PERIOD_US = 20_000  # a simulated gesture takes about 0.9 s, as long as a window of 48 rows
_BOARDS = (LSM9DS1_BOARD, BMI270_BOARD)


@dataclass(frozen=True)
class SimulatedPeople:
    """How many gestures, and how many people perform each of them twice."""

    gestures: int = 300
    people: int = 10
    seed: int = 0

    def dataset(self, samples: int) -> Dataset:
        """Windows of so many rows."""
        spec = WindowSpec(_PERIOD_US, samples, hop_samples=5, channels=6)
        return build_dataset(list(self._recordings()), spec)

    def _recordings(self) -> Iterator[LabelledRecording]:
        """Each person's sittings, each on a board that has just been switched on."""
        first = self.seed * self.gestures
        shapes = {f"{n:05d}": random_gesture(first + n) for n in range(self.gestures)}
        names = list(shapes)
        for person in range(self.people):
            number = self.seed * self.people + person
            hand = Performer(number, shapes)
            for start in range(0, len(names), _A_SITTING):
                plan = [Action(REST, 2.0)]
                for name in names[start : start + _A_SITTING]:
                    plan += [Action(name), Action(REST, 0.5)] * _REPEATS
                motion = hand.perform(plan)
                device = Device(_BOARDS[number % len(_BOARDS)], number)
                samples = device.measure(ideal_signals(motion))
                info = RecordingInfo(**device.info.model_dump(), participant=str(number))
                name = f"person-{number}-{start}"
                yield LabelledRecording(name, Recording(samples, info), motion.labels)
