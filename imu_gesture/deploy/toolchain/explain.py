"""What arduino-cli, PlatformIO, the compiler and bossac say, in words that say what to do."""

from __future__ import annotations

import re
import sys

from imu_gesture.deploy.toolchain.cures import CURES, EXIT_CODES

_ERROR = re.compile(
    r"^(?P<file>(?:[A-Za-z]:)?[^\s:][^:\n]*):(?P<line>\d+):(?:\d+:)? (?:fatal )?error: "
    r"(?P<text>.*)$",
    re.MULTILINE,
)
_NO_HEADER = "No such file or directory"
_MOST_ERRORS = 3


def explain(output: str, code: int = 1, system: str = sys.platform) -> str:
    """Why a tool has failed and what to do, from what it has said.

    Args:
        output: all that it said.
        code: its exit code.
        system: on which it ran.
    """
    errors = [(f"{m['file']}:{m['line']}: {m['text']}") for m in _ERROR.finditer(output)]
    if errors and not any(_NO_HEADER in error for error in errors):
        return _not_compiled(errors)  # then whatever else was wrong did not matter
    for cure in CURES:
        if re.search(cure.pattern, output):
            first = f"{errors[0]}; " if errors else ""
            return first + cure.on(system)
    if errors:
        return _not_compiled(errors)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    said = lines[-1] if lines else "it said nothing"
    return f"{said}; {EXIT_CODES[code]}" if code in EXIT_CODES else said


def _not_compiled(errors: list[str]) -> str:
    more = len(errors) - _MOST_ERRORS
    told = "\n  ".join(errors[:_MOST_ERRORS])
    return f"it does not compile:\n  {told}" + (f"\n  and {more} more" if more > 0 else "")
