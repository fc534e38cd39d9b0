"""Lines as a board prints them."""

from collections.abc import Iterable
from itertools import chain

import numpy as np

from imu_gesture.link.link import LinkEvent, SamplesReceived
from imu_gesture.link.text.columns import parse_columns
from imu_gesture.link.text.decoder import TextDecoder

TIMED = "time_us,ax,ay,az,gx,gy,gz"
HEADER = TIMED.encode()
STEP_US = 8403


def line(time_us: int, *values: float) -> bytes:
    """A sample line as the sketch formats it; values left out are zeros."""
    numbers = [*values, *[0.0] * (6 - len(values))]
    acc = ",".join(f"{number:.6f}" for number in numbers[:3])
    gyr = ",".join(f"{number:.4f}" for number in numbers[3:])
    return f"{time_us},{acc},{gyr}".encode()


def page(lines: Iterable[bytes], end: bytes = b"\r\n") -> bytes:
    """The header and lines, each with its end."""
    return b"".join(text + end for text in chain([HEADER], lines))


def samples(n: int, first: int = 0) -> list[bytes]:
    """Lines number `first` to `first + n` of a board that is shaken."""
    wobble = 0.5 * np.sin(np.arange(first, first + n))
    return [
        line((first + i) * STEP_US, 0, 0, 1 + float(value), 10 * float(value))
        for i, value in enumerate(wobble)
    ]


def decode(*chunks: bytes, columns: str | None = TIMED) -> list[LinkEvent]:
    """All events of a stream that arrives in these chunks, all at the same time."""
    decoder = TextDecoder(parse_columns(columns) if columns else None)
    return [event for chunk in chunks for event in decoder.feed(chunk, 0.0)]


def flat(events: Iterable[LinkEvent]) -> list[object]:
    """Events that compare: samples one by one, whatever chunk they came in."""
    found: list[object] = []
    for event in events:
        if isinstance(event, SamplesReceived):
            part = event.samples
            rows = np.column_stack([part.acc_g, part.gyr_or_zero_dps]).tolist()
            found += zip(part.device_time_us.tolist(), part.sequence.tolist(), rows, strict=True)
        else:
            found.append(event)
    return found


def times_us(events: Iterable[LinkEvent]) -> list[int]:
    """Device times of all samples."""
    received = [e.samples.device_time_us for e in events if isinstance(e, SamplesReceived)]
    return [int(time) for part in received for time in part]
