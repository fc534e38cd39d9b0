"""What is said of printed text that makes no sense: what was seen, and what to declare."""

from __future__ import annotations

from imu_gesture.link.text.columns import HELP, Columns, likely_time, suggestion
from imu_gesture.link.text.decoder import TextDecoder
from imu_gesture.link.text.lines import is_number, split_fields

_HOPELESS_LINES = 100  # so many damaged ones in a row are no accident
_HEADERLESS_LINES = 20
_ODD_PACE = 5.0  # a clock that is so many times too fast or slow is in another unit
_SHOWN = 60


def complaint(decoder: TextDecoder, binary: bool) -> str | None:
    """What is wrong for good with what `decoder` was fed; None while it may make sense.

    `binary`: whether there were bytes that no text holds.
    """
    columns = decoder.columns
    if columns is None:
        if decoder.bad_in_a_row < _HEADERLESS_LINES:
            return None
        reason = f" ({decoder.header_problem})" if decoder.header_problem else ""
        return _unreadable(decoder, f"have no header{reason}", binary)
    if decoder.bad_in_a_row >= _HOPELESS_LINES:
        return _unreadable(decoder, f"are not {columns.width} fields ({columns})", binary)
    return _wrong_times(decoder, columns)


def described(line: bytes) -> str:
    """A line as a user recognises it."""
    text = line.strip()[:_SHOWN].decode("utf-8", "replace")
    fields = split_fields(line)
    count = sum(is_number(field) for field in fields)
    return f"{text!r}: {count} numbers in {len(fields)} fields"


def likely_columns(line: bytes) -> str:
    """What a line may hold, as an example to declare."""
    fields = split_fields(line)
    numeric = bool(fields) and all(is_number(field) for field in fields)
    return suggestion(len(fields)) if numeric else HELP


def _unreadable(decoder: TextDecoder, how: str, binary: bool) -> str:
    if binary:
        return "sends packets, not text; the sketch of imu-gesture is read without --text"
    return (
        f"{decoder.bad_in_a_row} lines in a row {how}, the last is {described(decoder.last_bad)}; "
        f"say what is printed, such as --columns {likely_columns(decoder.last_bad)}"
    )


def _wrong_times(decoder: TextDecoder, columns: Columns) -> str | None:
    if decoder.doubted_in_a_row >= _HOPELESS_LINES:
        return (
            f"the times of {decoder.doubted_in_a_row} lines in a row do not follow each other in "
            f"steps below 0.25 s ({columns}), the last is {described(decoder.last_bad)}; declare "
            "the time column and its unit: time_us, time_ms or time_s, or - to skip it"
        )
    if decoder.pace is not None and not 1 / _ODD_PACE < decoder.pace < _ODD_PACE:
        return (
            f"the time column ({columns}) advances {decoder.pace:.1g} s in a second; its unit may "
            f"be {likely_time(columns, decoder.pace)}"
        )
    return None
