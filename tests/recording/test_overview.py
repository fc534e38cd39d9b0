"""The overview: what is in a recording, in a few figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.errors import RecordingError
from imu_gesture.labels import Label
from imu_gesture.recording.mcap_file import labels_path
from imu_gesture.recording.overview import overview
from imu_gesture.samples import Samples
from tests import make


def with_silence(samples: Samples, row: int, silence_us: int) -> Samples:
    times_us = samples.device_time_us.copy()
    times_us[row:] += silence_us
    return replace(samples, device_time_us=times_us)


def test_who_what_and_how_much(tmp_path: Path) -> None:
    labels = [Label(0, 1, "up"), Label(1, 2, "down"), Label(2, 3, "up")]
    path = make.write(
        tmp_path, "a", make.noise(596), labels, participant="zoe", session="2", source="virtual"
    )
    found = overview(path)
    assert (found.path, found.source) == (str(path), "virtual")
    assert (found.participant, found.session) == ("zoe", "2")
    assert found.labels == {"up": 2, "down": 1}
    assert (found.samples, found.gaps, found.lost_samples) == (596, 0, 0)
    assert found.duration_s == pytest.approx(5.0)
    assert found.rate_hz == pytest.approx(119, rel=1e-3)


@pytest.mark.parametrize(
    ("step_us", "gaps"),
    [
        (_core.DEFAULT_MAX_GAP_US - 1, 0),
        (_core.DEFAULT_MAX_GAP_US, 0),
        (_core.DEFAULT_MAX_GAP_US + 1, 1),
        (5_000_000, 1),
    ],
)
def test_gaps_are_the_silences_that_the_core_does_not_bridge(
    step_us: int, gaps: int, tmp_path: Path
) -> None:
    samples = make.noise(100)
    usual_us = int(samples.device_time_us[40] - samples.device_time_us[39])
    samples = with_silence(samples, 40, step_us - usual_us)
    assert overview(make.write(tmp_path, "a", samples, [])).gaps == gaps
    how = _core.ConditionerParams(20_000)
    columns = (samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps)
    assert len(np.unique(_core.condition(how, *columns)[2])) == gaps + 1


def test_holes_in_the_sequence_are_lost_samples(tmp_path: Path) -> None:
    sequence = np.arange(100)
    sequence[20:] += 3
    sequence[70:] += 2
    path = make.write(tmp_path, "a", replace(make.noise(100), sequence=sequence), [])
    assert overview(path).lost_samples == 5


@pytest.mark.parametrize("n", [0, 1])
def test_a_recording_too_short_for_a_rate(n: int, tmp_path: Path) -> None:
    found = overview(make.write(tmp_path, "a", make.noise(n), []))
    assert (found.samples, found.duration_s, found.rate_hz, found.gaps) == (n, 0.0, 0.0, 0)


def test_a_recording_without_a_label_track(tmp_path: Path) -> None:
    path = make.write(tmp_path, "a", make.noise(5), [])
    labels_path(path).unlink()
    assert overview(path).labels == {}


def test_a_damaged_label_track_is_named_with_its_line(tmp_path: Path) -> None:
    path = make.write(tmp_path, "a", make.noise(5), [Label(0, 1, "up")])
    with labels_path(path).open("a", encoding="utf-8") as track:
        track.write("oops\n")
    with pytest.raises(RecordingError, match=r"a\.txt:2"):
        overview(path)
