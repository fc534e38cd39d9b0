"""The board at the end of a link: the right model, the same scores, the same from raw samples."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_gesture import _core
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.verify.emulated import event_bytes
from imu_gesture.deploy.verify.rung import Rung, failed, first_difference, passed, skipped
from imu_gesture.device import DeviceInfo
from imu_gesture.errors import BoardError, ImuGestureError, ModelError
from imu_gesture.inference.classifier import Classifier, Int8Array
from imu_gesture.link.answers import status_of
from imu_gesture.link.board_link import BoardLink
from imu_gesture.samples import Samples

_MODEL, _SCORES, _STREAM = "board runs the model", "board's scores", "board from raw samples on"
_HEADS = 4 + 1 + 8 + 5  # of a seal, and of a Feed
_VECTOR_PIECE = 64
_LONGEST_STEP_US = 60_000
_COUNTS = (-32768, 32767)
_TRACE = struct.Struct("<IIIHI")


def model_rung(link: BoardLink, manifest: ModelManifest) -> Rung:
    """By the id that the board tells."""
    if link.model_id.lstrip("0") != manifest.model_id.lstrip("0"):
        has = f"model {link.model_id}" if link.model_id else "no model"
        return failed(
            _MODEL, f"it runs {has}, not {manifest.model_id}; `imu-gesture update` or upload it"
        )
    return passed(_MODEL, f"{link.info.board} {link.info.device_id}, model {link.model_id}")


def scores_rung(link: BoardLink, classifier: Classifier, windows: Int8Array) -> Rung:
    """Stored windows (n, samples, channels) through the board's own interpreter."""
    found = np.array([_scored(link, window) for window in windows], np.int8)
    difference = first_difference(classifier.scores(windows), found, "window")
    if difference:
        return failed(_SCORES, difference)
    return passed(_SCORES, f"{len(windows)} windows")


def _scored(link: BoardLink, window: Int8Array) -> Int8Array:
    content = window.tobytes()
    for start in range(0, len(content), _VECTOR_PIECE):
        part = _core.WriteVector()
        part.offset, part.bytes = start, content[start : start + _VECTOR_PIECE]
        _done(link, part)
    return np.frombuffer(_done(link, _core.RunVector()), np.int8)


@dataclass
class _Trace:
    """The host's own running checksums, beside which the board's are held."""

    windows: int = 0
    inputs_crc: int = 0
    scores_crc: int = 0
    events: int = 0
    events_crc: int = 0

    def as_tuple(self) -> tuple[int, ...]:
        return self.windows, self.inputs_crc, self.scores_crc, self.events, self.events_crc


class _Host:
    """The same firmware here, under the calibration that the board has."""

    def __init__(
        self,
        manifest: ModelManifest,
        classifier: Classifier,
        calibration: _core.CalibrationParams,
    ) -> None:
        self.trace, self.newest = _Trace(), np.zeros((0, 0), np.int8)
        self._classifier = classifier
        self._firmware = _core.Firmware(manifest.firmware_params(calibration), self._classify)

    def push(self, samples: Samples) -> None:
        columns = (samples.device_time_us, samples.acc_g, samples.gyr_or_zero_dps)
        for event in self._firmware.push(*columns):
            self.trace.events += 1
            self.trace.events_crc = zlib.crc32(event_bytes(event), self.trace.events_crc)

    def _classify(self, window: Int8Array) -> Int8Array:
        self.newest = window
        scores: Int8Array = np.asarray(self._classifier.scores(window[None])[0])
        self.trace.windows += 1
        self.trace.inputs_crc = zlib.crc32(window.tobytes(), self.trace.inputs_crc)
        self.trace.scores_crc = zlib.crc32(scores.tobytes(), self.trace.scores_crc)
        return scores


def stream_rung(
    link: BoardLink, samples: Samples, manifest: ModelManifest, classifier: Classifier
) -> Rung:
    """Raw samples, as counts of the board's own scales, in the place of its sensors'."""
    counts = as_counts(samples, link.info)
    host = _Host(manifest, classifier, _calibration(link))
    parts = list(_parts(samples.device_time_us, _samples_a_packet(link)))
    for number, part in enumerate(parts):
        flags = (_core.FEED_BEGINS if number == 0 else 0) | (
            _core.FEED_ENDS if number == len(parts) - 1 else 0
        )
        times_us = samples.device_time_us[part]
        found = _TRACE.unpack(_done(link, _feed(flags, times_us, counts[part])))
        host.push(in_units(times_us, counts[part], link.info))
        if found != host.trace.as_tuple():
            return failed(_STREAM, _explain(link, host, found, int(times_us[-1])))
    trace = host.trace
    return passed(
        _STREAM, f"{len(samples)} samples, {trace.windows} windows, {trace.events} events"
    )


def as_counts(samples: Samples, info: DeviceInfo) -> NDArray[np.int16]:
    """(n, 6) as a board of these scales would have read them."""
    columns = (
        (samples.acc_g, info.acc_g_per_lsb),
        (samples.gyr_or_zero_dps, info.gyr_dps_per_lsb),
    )
    counts = [np.rint(values.astype(np.float64) / (scale or 1.0)) for values, scale in columns]
    return np.hstack(counts).clip(*_COUNTS).astype(np.int16)


def in_units(times_us: NDArray[np.int64], counts: NDArray[np.int16], info: DeviceInfo) -> Samples:
    """What the board's core makes of counts (n, 6)."""
    acc, gyr = np.ascontiguousarray(counts[:, :3]), np.ascontiguousarray(counts[:, 3:])
    return Samples(
        times_us,
        _core.counts_to_units(acc, info.acc_g_per_lsb or 1.0),
        _core.counts_to_units(gyr, info.gyr_dps_per_lsb or 1.0),
        np.arange(len(times_us), dtype=np.int64),
    )


def _calibration(link: BoardLink) -> _core.CalibrationParams:
    data = _done(link, _core.GetCalibration())
    values = np.frombuffer(data, "<f4", 24, 8).astype(np.float32)
    acc = _core.AffineParams(values[:9].reshape(3, 3), values[9:12])
    gyr = _core.AffineParams(values[12:21].reshape(3, 3), values[21:])
    return _core.CalibrationParams(acc, gyr, bool(data[-1]))


def _samples_a_packet(link: BoardLink) -> int:
    room = link.max_packet - _core.PACKET_OVERHEAD - _HEADS
    return int(room // _core.FEED_SAMPLE_BYTES)


def _parts(times_us: NDArray[np.int64], size: int) -> Iterator[slice]:
    """Stretches of so many samples at most, without a step that does not fit."""
    gaps = np.flatnonzero(np.diff(times_us) > _LONGEST_STEP_US) + 1
    for start, stop in zip([0, *gaps.tolist()], [*gaps.tolist(), len(times_us)], strict=True):
        for first in range(start, stop, size):
            yield slice(first, min(first + size, stop))


def _feed(flags: int, times_us: NDArray[np.int64], counts: NDArray[np.int16]) -> _core.Feed:
    steps = np.diff(times_us, prepend=times_us[0]).astype("<u2")
    records = np.hstack([steps.view("<i2")[:, None], counts.astype("<i2")])
    command = _core.Feed()
    command.flags, command.device_time_us = flags, int(times_us[0]) % 2**32
    command.samples = records.tobytes()
    return command


def _explain(link: BoardLink, host: _Host, found: tuple[int, ...], time_us: int) -> str:
    windows, inputs_crc, scores_crc, events, _ = found
    trace, at = host.trace, f"at {time_us * 1e-6:.3f} s of the samples"
    if windows != trace.windows:
        return f"{at}: {trace.windows} windows expected, {windows} found"
    if inputs_crc != trace.inputs_crc:
        newest = np.frombuffer(_newest_input(link, host.newest.size), np.int8)
        difference = first_difference(
            host.newest[None], newest.reshape(host.newest.shape)[None], "input"
        )
        return f"{at}, window {windows - 1}: {difference or 'an input before it differs'}"
    if scores_crc != trace.scores_crc:
        return f"{at}, window {windows - 1}: the same input, other scores"
    return f"{at}: {trace.events} events expected, {events} found, or others"


def _newest_input(link: BoardLink, size: int) -> bytes:
    content = b""
    while len(content) < size:
        command = _core.ReadInput()
        command.offset = len(content)
        content += _done(link, command)
    return content


def _done(link: BoardLink, command: object) -> bytes:
    ack = link.order(command)
    if ack.status == _core.AckStatus.UNKNOWN_COMMAND.value:
        raise BoardError("the board's sketch does not know this; deploy the sketch anew")
    if ack.status != _core.AckStatus.DONE.value:
        raise BoardError(f"the board does not take it ({status_of(ack)})")
    return bytes(ack.data)


def check_comparable(classifier: Classifier) -> None:
    """Whether a difference would be the board's fault.

    Raises:
        ModelError: it may be the runtime's here.
    """
    if not classifier.exact:
        raise ModelError(
            f"scores here are from {classifier.name}, which may be a step off the board's; install "
            "tflite-micro (Linux) to compare"
        )


def left_open(error: ImuGestureError) -> list[Rung]:
    """The rungs for which there is no comparison."""
    return [skipped(name, str(error)) for name in (_SCORES, _STREAM)]
