"""What speaks where our sketch should: told from the bytes that came instead of an answer."""

from __future__ import annotations

from typing import Literal

from imu_gesture.link.text.complaint import described, likely_columns

Voice = Literal["nothing", "text", "something else"]

_DEPLOY = "put ours on it (`imu-gesture deploy`)"


def voice_of(heard: bytes) -> Voice:
    """What the bytes are."""
    if not heard:
        return "nothing"
    printable = sum(32 <= byte < 127 or byte in b"\r\n\t" for byte in heard)
    return "text" if printable > 0.9 * len(heard) else "something else"


def stranger(heard: bytes, seconds: float) -> str:
    """What is said of a board that does not answer for so long."""
    silent = f"no answer in {seconds:g} s"
    match voice_of(heard):
        case "nothing":
            return (
                f"{silent}, and nothing else; is there another sketch on the board? Press its "
                f"reset button, or {_DEPLOY}; a sketch that prints numbers is read with --text"
            )
        case "text":
            line = _whole_line(heard)
            return (
                f"{silent}, but text such as {described(line)}: another sketch is on the board; "
                f"record what it prints (--text --columns {likely_columns(line)}), or {_DEPLOY}"
            )
    return (
        f"{silent}, but {len(heard)} bytes that are neither ours nor text; is another sketch on "
        f"the board? Press its reset button, or {_DEPLOY}; other sketches are read with --text"
    )


def _whole_line(heard: bytes) -> bytes:
    """The newest line of which both ends were heard, or what there is."""
    lines = [line for line in heard.split(b"\n")[1:-1] if line.strip()]
    return lines[-1] if lines else heard
