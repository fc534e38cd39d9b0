"""Label tracks, as a person or Audacity may leave them."""

from pathlib import Path

import pytest

from imu_gesture.errors import RecordingError
from imu_gesture.labels import (
    Label,
    background_label,
    format_labels,
    parse_labels,
    read_labels,
)


def test_round_trip_keeps_microseconds_and_names() -> None:
    labels = [
        Label(0.0, 1.000001, "wave"),
        Label(2.5, 3.123456, 'left "hook"'),
        Label(3600.0, 3601.25, "Kreis groß 圆"),
    ]
    assert parse_labels(format_labels(labels), "x") == labels


def test_what_audacity_adds_is_skipped() -> None:
    text = "1.0\t2.0\twave\n\\\t100.0\t200.0\n\n3\t3\tmark\n"
    assert parse_labels(text, "x") == [Label(1.0, 2.0, "wave"), Label(3.0, 3.0, "mark")]


def test_a_name_with_a_tab_or_line_break_stays_one_name() -> None:
    track = format_labels([Label(0.0, 1.0, "left\thook\nhigh\u2028er")])
    assert parse_labels(track, "x") == [Label(0.0, 1.0, "left hook high er")]


@pytest.mark.parametrize(
    "line",
    ["1.0 2.0 wave", "1.0\t2.0", "one\ttwo\twave", "2.0\t1.0\twave", "-1\t2\twave", "1\t2\t "],
)
def test_a_line_that_is_no_label_is_named(line: str) -> None:
    with pytest.raises(RecordingError, match=r"labels\.txt:2"):
        parse_labels(f"0\t1\tok\n{line}\n", "labels.txt")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"0\t1\tGr\xf6\xdfe\n", r"a\.txt: byte 6 is not UTF-8"), (None, r"a\.txt: cannot be read")],
)
def test_a_track_that_cannot_be_read_is_named(
    content: bytes | None, message: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(RecordingError, match=message):
        read_labels(tmp_path / "a.txt")


def test_a_track_that_notepad_saved_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf0\t1\twave\r\n")
    assert read_labels(tmp_path / "a.txt") == [Label(0.0, 1.0, "wave")]


@pytest.mark.parametrize(
    ("name", "is_background", "class_name", "activity"),
    [
        ("background", True, "background", None),
        ("background/drinking tea", True, "background", "drinking tea"),
        ("backgrounds", False, "backgrounds", None),
        ("wave", False, "wave", None),
        ("wave/left", False, "wave/left", None),
    ],
)
def test_background_may_say_what_was_done(
    name: str, is_background: bool, class_name: str, activity: str | None
) -> None:
    label = Label(0.0, 1.0, name)
    assert (label.is_background, label.class_name) == (is_background, class_name)
    assert label.activity == activity
    if is_background:
        assert background_label(activity) == name
