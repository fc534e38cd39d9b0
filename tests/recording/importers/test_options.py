"""What the user says about files: segments, and patterns for label, participant and session."""

from __future__ import annotations

import pytest

from imu_gesture.errors import InputError
from imu_gesture.recording.importers.options import (
    ImportOptions,
    PathFacts,
    Segmentation,
    facts_of_path,
    parse_segmentation,
)


@pytest.mark.parametrize(
    ("text", "expected", "isolated"),
    [
        ("file", Segmentation("file"), False),
        ("label", Segmentation("label"), False),
        ("blank-line", Segmentation("blank-line"), True),
        ("rows:119", Segmentation("rows", rows=119), True),
        ("gap:0.5", Segmentation("gap", gap_s=0.5), True),
        ("gap:2", Segmentation("gap", gap_s=2.0), True),
    ],
)
def test_segments(text: str, expected: Segmentation, isolated: bool) -> None:
    assert parse_segmentation(text) == expected
    assert expected.isolated == isolated


@pytest.mark.parametrize(
    "text",
    [
        *("", "row:119", "rows", "rows:", "rows:0", "rows:-1", "rows:1.5", "Rows:119"),
        *("gap", "gap:0", "gap:-1", "gap:nan", "file:1", "label:x", "auto"),
    ],
)
def test_segments_not_understood_are_quoted_with_what_is(text: str) -> None:
    with pytest.raises(InputError, match=f"'{text}' not understood; use file, blank-line"):
        parse_segmentation(text)


@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [
        ("wave.csv", None, ("wave", "unknown", "1")),
        ("deep/down/wave.csv", None, ("wave", "unknown", "1")),
        ("left.hook.csv", None, ("left.hook", "unknown", "1")),
        ("zoe/wave_01.csv", "{participant}/{label}_*", ("wave", "zoe", "1")),
        ("zoe/wave_01_2.csv", "{participant}/{label}_*", ("wave", "zoe", "1")),
        ("zoe/2/wave.csv", "{participant}/{session}/{label}", ("wave", "zoe", "2")),
        ("a/b/zoe-wave.csv", "**/{participant}-{label}", ("wave", "zoe", "1")),
        ("zoe-wave.csv", "**/{participant}-{label}", ("wave", "zoe", "1")),
        ("s1/wave (3).csv", "s{session}/{label} (*)", ("wave", "unknown", "1")),
        ("x/take7.csv", "*/take{session}", (None, "unknown", "7")),
    ],
)
def test_the_path_says_label_participant_and_session(
    name: str, pattern: str | None, expected: tuple[str | None, str, str]
) -> None:
    assert facts_of_path(name, ImportOptions(pattern=pattern), "**/{label}") == PathFacts(*expected)


def test_an_option_outweighs_the_path() -> None:
    pattern = "{participant}/{session}/{label}"
    options = ImportOptions(pattern=pattern, label="up", participant="kim", session="9")
    assert facts_of_path("zoe/2/wave.csv", options, "**") == PathFacts("up", "kim", "9")


@pytest.mark.parametrize("name", ["wave.csv", "a/b/wave_1.csv", "zoe/wave.csv"])
def test_a_path_that_does_not_match_the_pattern_is_refused(name: str) -> None:
    options = ImportOptions(pattern="{participant}/{label}_*")
    with pytest.raises(InputError, match=f"{name}: does not match the pattern"):
        facts_of_path(name, options, "**/{label}")


def test_a_pattern_that_names_a_part_twice_is_refused() -> None:
    with pytest.raises(InputError, match="names a part twice"):
        facts_of_path("a/a.csv", ImportOptions(pattern="{label}/{label}"), "**")
