"""Gestures from a link: the board's own, and the host's by the same core and model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from imu_gesture import _core
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.link.link import GestureReported, LinkEvent, SamplesReceived, ScoresReported
from imu_gesture.samples import Samples


@dataclass(frozen=True)
class Recognition:
    """One gesture; `score` is a probability, `by` who recognised it."""

    device_time_us: int
    label: str
    score: float
    by: Literal["board", "host"]


class HostRecogniser:
    """The core firmware and the model, on the host."""

    def __init__(
        self,
        manifest: ModelManifest,
        tflite: bytes,
        calibration: _core.CalibrationParams | None = None,
    ) -> None:
        classifier = open_classifier(tflite)
        self._names = manifest.label_names
        self._firmware = _core.Firmware(
            manifest.firmware_params(calibration), lambda window: classifier.scores(window[None])[0]
        )

    def push(self, samples: Samples) -> list[Recognition]:
        """Take samples; return the gestures they complete."""
        return self._push(samples, slice(None))

    def push_and_score(self, samples: Samples) -> tuple[list[Recognition], list[ScoresReported]]:
        """As `push`; and what a board would report of the scores of each window."""
        found: list[Recognition] = []
        scores: list[ScoresReported] = []
        for row in range(len(samples)):
            windows = self._firmware.counters.windows
            found += self._push(samples, slice(row, row + 1))
            if self._firmware.counters.windows != windows:
                shares = self._firmware.scores / _core.SCORE_LEVELS
                time_us = int(samples.device_time_us[row])
                scores.append(ScoresReported(time_us, tuple(shares.tolist())))
        return found, scores

    def _push(self, samples: Samples, rows: slice) -> list[Recognition]:
        times_us, gyr_dps = samples.device_time_us[rows], samples.gyr_or_zero_dps[rows]
        events = self._firmware.push(times_us, samples.acc_g[rows], gyr_dps)
        return [
            Recognition(
                event.device_time_us,
                self._names[event.label],
                event.score / _core.SCORE_LEVELS,
                "host",
            )
            for event in events
        ]


def until(events: Iterator[LinkEvent], seconds: float | None) -> Iterator[LinkEvent]:
    """The events of the first `seconds` of the board's time; all of them without a limit."""
    if seconds is None:
        yield from events
        return
    end_us: float = np.inf  # until the first sample
    for event in events:
        if isinstance(event, SamplesReceived) and len(event.samples):
            times_us = event.samples.device_time_us
            end_us = int(times_us[0]) + round(seconds * 1e6) if end_us == np.inf else end_us
            if times_us[0] >= end_us:
                return
            yield SamplesReceived(event.samples.rows(times_us < end_us))
        elif not isinstance(event, GestureReported) or event.device_time_us < end_us:
            yield event


def recognitions(events: Iterator[LinkEvent], host: HostRecogniser | None) -> Iterator[Recognition]:
    """Gestures in the order they are reported; the host's own only where `host` is given."""
    for event in events:
        if isinstance(event, GestureReported):
            yield Recognition(event.device_time_us, event.label, event.score, "board")
        elif isinstance(event, SamplesReceived) and host is not None:
            yield from host.push(event.samples)
