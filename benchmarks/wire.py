"""The protocol's decoder: noise against it, and its speed beside one in plain Python."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from cobs import cobs
from cobs.cobs import _cobs_py as cobs_in_python
from form import Row, say
from numpy.typing import NDArray

from imu_gesture import _core

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.firmware.compilers import build_sanitized

_BYTES = 100_000_000
_QUICK_BYTES = 10_000_000
_HOUR_SAMPLES = 3600 * 119
_TURNS = 5
_IMU_BLOCK = 2  # docs/protocol.md

Columns = tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int16]]


def fuzzing(quick: bool) -> Iterator[Row]:
    """Random and mutated bytes against the core, with the sanitizers watching."""
    wanted = _QUICK_BYTES if quick else _BYTES
    say(f"{wanted} random and mutated bytes")
    with TemporaryDirectory() as folder:
        program = build_sanitized("fuzz_wire", Path(folder))
        done = subprocess.run([program, str(wanted)], check=False, capture_output=True, text=True)
    crashed = int(done.returncode != 0)
    note = done.stderr.strip().splitlines()[-1] if crashed else f"{wanted} bytes, ASan and UBSan"
    yield Row("fuzz.crashes", crashed, "crashes", note=note)
    if not crashed:
        result = json.loads(done.stdout)
        accepted = f"{result['accepted']} packets accepted"
        yield Row("fuzz.false_packets", result["false"], "packets", note=accepted)


def decoding(quick: bool) -> Iterator[Row]:
    """An hour of samples, bytes to numpy; medians of turns taken one after the other."""
    say("decoding an hour of samples")
    stream = _hour_of_frames(_HOUR_SAMPLES // (20 if quick else 1))
    seconds: dict[str, list[float]] = {name: [] for name in (*_DECODERS, "memcpy")}
    for _ in range(_TURNS):
        decoded: list[Columns] = []
        for name, decode in _DECODERS.items():
            started = time.perf_counter()
            decoded.append(decode(stream))
            seconds[name].append(time.perf_counter() - started)
        started = time.perf_counter()
        bytearray(stream)
        seconds["memcpy"].append(time.perf_counter() - started)
        for other in decoded[1:]:
            for column in range(3):
                assert np.array_equal(decoded[0][column], other[column])
    core_s, python_s, extensions_s, memcpy_s = map(median, seconds.values())
    note = f"{len(stream) / 1e6:.1f} MB, median of {_TURNS}"
    peers = {"with_cobs_and_numpy_in_c": extensions_s / core_s}
    yield Row("decode.ratio_python", python_s / core_s, "times faster", peers, note)
    yield Row("decode.ratio_memcpy", core_s / memcpy_s, "times slower", note=note)


def _hour_of_frames(n: int) -> bytes:
    hello = _core.Hello()
    device = _core.Device(hello, [], None, heartbeat_timeout_us=2**31 - 1)
    device.link_up(182, 10**9, 0)
    start = _core.Start()
    device.receive_datagram(_core.encode(start, 1), 0)
    rng = np.random.default_rng(0)
    frames = []
    for first in range(0, n, 119):
        times_us = (first + np.arange(119)) * 8403
        counts = rng.normal(0, 3000, (119, 6)).astype(np.int16)
        device.take(times_us, counts)
        while (packet := device.transmit()) is not None:
            frames.append(_core.frame(packet))
    return b"".join(frames)


def _by_core(stream: bytes) -> Columns:
    found = _core.PacketDecoder().feed_stream(stream)
    parts = [event for event in found if isinstance(event, _core.SampleColumns)]
    (part,) = parts  # nothing else is in the stream, so the core hands out one set of columns
    return part.number, part.device_time_us, part.counts


_SAMPLE = struct.Struct("<H6h")
_TYPED = np.dtype([("step_us", "<u2"), ("counts", "<i2", 6)])


def _packets(stream: bytes, unstuff: Callable[[bytes], bytes]) -> Iterator[bytes]:
    for frame in stream.split(b"\0"):
        if frame:
            packet = unstuff(frame)
            size = packet[1]
            (crc,) = struct.unpack_from("<I", packet, size + 4)
            if len(packet) != size + 8 or crc != zlib.crc32(packet[:-4]):
                raise ValueError("damaged")
            if packet[0] == _IMU_BLOCK:
                yield packet


def _by_python(stream: bytes) -> Columns:
    """The standard library, and COBS in Python."""
    numbers: list[int] = []
    times_us: list[int] = []
    counts: list[tuple[int, ...]] = []
    for packet in _packets(stream, cobs_in_python.decode):
        number, time_us = struct.unpack_from("<II", packet, 4)
        for step_us, *sample in _SAMPLE.iter_unpack(packet[12:-4]):
            time_us += step_us
            numbers.append(number)
            times_us.append(time_us)
            counts.append(tuple(sample))
            number += 1
    return np.array(numbers, np.uint32), np.array(times_us, np.uint32), np.array(counts, np.int16)


def _by_extensions(stream: bytes) -> Columns:
    """The same with COBS and the blocks in C: the cobs extension and numpy."""
    numbers, times_us, counts = [], [], []
    for packet in _packets(stream, cobs.decode):
        number, time_us = struct.unpack_from("<II", packet, 4)
        samples = np.frombuffer(packet[12:-4], _TYPED)
        numbers.append(np.arange(number, number + len(samples), dtype=np.uint32))
        times_us.append((time_us + np.cumsum(samples["step_us"])).astype(np.uint32))
        counts.append(samples["counts"])
    return np.concatenate(numbers), np.concatenate(times_us), np.concatenate(counts)


_DECODERS: dict[str, Callable[[bytes], Columns]] = {
    "core": _by_core,
    "python": _by_python,
    "extensions": _by_extensions,
}
