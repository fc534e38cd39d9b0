"""From the link to the disk: what crashes cost, and how fast recordings open."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from ble import ble
from clock import clock
from faults import faults
from form import Options, Row, run_benchmark, say
from kill9 import INFO, PIECE, kill_many, piece, seeded_samples
from mcap.reader import make_reader
from month import month
from recorded import recorded
from wire import decoding, fuzzing

from imu_gesture.dataset.segments import load_labelled
from imu_gesture.labels import Label, format_labels
from imu_gesture.link.link import ClockProbed, ScoresReported, TemperatureMeasured
from imu_gesture.recording.mcap_file import RecordingWriter, labels_path

_HOUR_S = 3600.0
_OPENINGS = 5


def measure(options: Options) -> Iterator[Row]:
    """All rows."""
    yield from crashes(options.quick)
    yield from opening(options.quick)
    yield from recorded(options.quick)
    yield from clock(options.quick)
    yield from faults(options.quick)
    yield from ble(options.quick)
    yield from fuzzing(options.quick)
    yield from decoding(options.quick)
    yield from month(options.quick)


def crashes(quick: bool) -> Iterator[Row]:
    """Recording processes that are killed with signal 9."""
    kills = 10 if quick else 100
    say(f"{kills} recordings killed")
    outcomes = kill_many(kills)
    unreadable = [outcome.problem for outcome in outcomes if outcome.problem]
    note = f"{kills} kills, nine axes in real time, seeds 0 to {kills - 1}"
    files = "; ".join([note, *unreadable[:3]])
    yield Row("kill9.unreadable_files", len(unreadable), "files", note=files)
    losses_s = [outcome.loss_s for outcome in outcomes]
    of_which = f"{note}; median {median(losses_s):.2f} s"
    yield Row("kill9.worst_loss_s", max(losses_s), "s", note=of_which)
    differing = sum(outcome.differing_samples for outcome in outcomes)
    yield Row("kill9.differing_samples", differing, "samples", note=note)
    events = sum(outcome.differing_events for outcome in outcomes)
    yield Row("kill9.differing_events", events, "events", note=f"{note}; one behind each piece")
    unreported = sum(outcome.unreported_lost for outcome in outcomes)
    lost = "1 % of the samples lost before they were handed over"
    yield Row("kill9.unreported_lost_samples", unreported, "samples", note=f"{note}; {lost}")


def opening(quick: bool) -> Iterator[Row]:
    """An hour of nine axes, written as while recording, opened for training."""
    say("an hour of nine axes")
    ours_s: list[float] = []
    others_s: list[float] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hour.mcap"
        count, closing_s = _write_hour(path)
        for _ in range(1 if quick else _OPENINGS):
            started = time.monotonic()
            recording = load_labelled(path).recording
            assert len(recording.samples) == count
            assert recording.clock is not None
            between = time.monotonic()
            _read_with_mcap(path)
            ours_s.append(between - started)
            others_s.append(time.monotonic() - between)
        note = f"{count} inertial samples, {len(recording.log)} events, "
        note += f"{path.stat().st_size / 1e6:.0f} MB"
    runs = f"{note}, median of {len(ours_s)}"
    peers = {"mcap_reader": median(others_s)}
    yield Row("recording.open_1h_s", median(ours_s), "s", peers, runs)
    verdict = f"{note}; the verdict included"
    yield Row("recording.close_1h_s", closing_s, "s", note=verdict)


def _write_hour(path: Path) -> tuple[int, float]:
    """As a board sends it, with a probe of its clock, temperature and scores in between.

    Returns: how many inertial samples, and how long closing took.
    """
    samples = seeded_samples(_HOUR_S, seed=0)
    with RecordingWriter(path, INFO) as writer:
        for start in range(0, len(samples), PIECE):
            part = piece(samples, start, PIECE)
            writer.append(part)
            now_us = int(part.device_time_us[-1])
            writer.note(ScoresReported(now_us, (0.25, 0.5, 0.25)))
            if start % (12 * PIECE) == 0:
                now_s = now_us * 1e-6
                writer.note(ClockProbed(now_us, now_s - 1e-3, now_s + 1e-3))
                writer.note(TemperatureMeasured(now_us, 25.0))
        started = time.monotonic()
        writer.close()
        closing_s = time.monotonic() - started
    labels = [Label(1.0, 2.0, "circle")]
    labels_path(path).write_text(format_labels(labels), encoding="utf-8")
    return len(samples), closing_s


def _read_with_mcap(path: Path) -> None:
    """What the MCAP project's own reader takes for the same bytes and checks, without arrays."""
    with path.open("rb") as stream:
        for _ in make_reader(stream, validate_crcs=True).iter_messages(log_time_order=False):
            pass


if __name__ == "__main__":
    run_benchmark("links", measure)
