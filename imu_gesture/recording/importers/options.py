"""What the user may say about the files to import."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from imu_gesture.errors import InputError

AccUnit = Literal["g", "m/s2", "mg"]
GyrUnit = Literal["deg/s", "rad/s", "mdeg/s"]
MagUnit = Literal["uT", "G", "mG"]
TimeUnit = Literal["s", "ms", "us", "ns"]

G_PER_UNIT: dict[str, float] = {"g": 1.0, "m/s2": 1.0 / 9.80665, "mg": 1e-3}
DPS_PER_UNIT: dict[str, float] = {"deg/s": 1.0, "rad/s": 57.29577951308232, "mdeg/s": 1e-3}
UT_PER_UNIT: dict[str, float] = {"uT": 1.0, "G": 100.0, "mG": 0.1}
US_PER_UNIT: dict[TimeUnit, float] = {"s": 1e6, "ms": 1e3, "us": 1.0, "ns": 1e-3}

Triple = tuple[str, str, str]


@dataclass(frozen=True)
class Segmentation:
    """How a file is cut: not at all (`file`), at empty lines, by rows, at gaps, by label column.

    `auto` is empty lines where there are any, else rows.
    """

    kind: Literal["auto", "file", "blank-line", "rows", "gap", "label"] = "file"
    rows: int = 0
    gap_s: float = 0.0

    @property
    def isolated(self) -> bool:
        """Whether nothing is known between the segments."""
        return self.kind not in ("file", "label")


def parse_segmentation(text: str) -> Segmentation:
    """`file`, `blank-line`, `label`, `rows:119` or `gap:0.5`."""
    kind, _, number = text.partition(":")
    try:
        if kind == "rows" and int(number) > 0:
            return Segmentation("rows", rows=int(number))
        if kind == "gap" and float(number) > 0:
            return Segmentation("gap", gap_s=float(number))
    except ValueError:
        pass
    if kind in ("file", "blank-line", "label") and not number:
        return Segmentation(kind)  # type: ignore[arg-type]
    raise InputError(
        f"segments {text!r} not understood; use file, blank-line, label, rows:119 or gap:0.5"
    )


@dataclass(frozen=True)
class CsvLayout:
    """Which columns hold what, and in which unit."""

    acc: Triple = ("aX", "aY", "aZ")
    gyr: Triple | None = ("gX", "gY", "gZ")
    mag: Triple | None = None
    acc_unit: AccUnit = "g"
    gyr_unit: GyrUnit = "deg/s"
    mag_unit: MagUnit = "uT"
    time: str | None = None
    time_unit: TimeUnit = "s"
    label: str | None = None
    segments: Segmentation = Segmentation()


@dataclass(frozen=True)
class ImportOptions:
    """What holds for every file of one import."""

    csv: CsvLayout = CsvLayout()
    rate_hz: float | None = None
    label: str | None = None
    participant: str | None = None
    session: str | None = None
    pattern: str | None = None
    acc_range_g: float | None = None
    gyr_range_dps: float | None = None


@dataclass(frozen=True)
class PathFacts:
    """What a file's path says by the user's pattern."""

    label: str | None
    participant: str
    session: str


def facts_of_path(name: str, options: ImportOptions, default_pattern: str) -> PathFacts:
    """Label, participant and session of a file: the option, else the pattern, else a default.

    A pattern such as `{participant}/{label}_*` is matched against the path without its suffix.
    """
    pattern = options.pattern or default_pattern
    stem = re.sub(r"\.[^./]*$", "", name)
    match = _pattern_regex(pattern).fullmatch(stem)
    if match is None and options.pattern is not None:
        raise InputError(f"{name}: does not match the pattern {pattern!r}")
    found = match.groupdict() if match else {}
    return PathFacts(
        label=options.label or found.get("label"),
        participant=options.participant or found.get("participant") or "unknown",
        session=options.session or found.get("session") or "1",
    )


def _pattern_regex(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\{label\}|\{participant\}|\{session\}|\*\*/|\*)", pattern)
    wildcards = {"*": "[^/]*", "**/": "(?:.*/)?"}
    regex = "".join(
        f"(?P<{part[1:-1]}>[^/]+?)"
        if part.startswith("{") and part.endswith("}")
        else wildcards.get(part, re.escape(part))
        for part in parts
    )
    try:
        return re.compile(regex)
    except re.error as error:
        raise InputError(f"pattern {pattern!r} names a part twice ({error})") from error
