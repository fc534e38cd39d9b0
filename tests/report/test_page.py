"""The report as a page: everything is in it, nothing is fetched, and a browser shows it."""

from __future__ import annotations

import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from imu_gesture.deploy.cost.report import build_report
from imu_gesture.labels import BACKGROUND
from imu_gesture.learning.events import Watch
from imu_gesture.learning.robustness import Strain
from imu_gesture.learning.tuning import CurvePoint, Tuned, default_setting
from imu_gesture.report.page import marked, training_page
from imu_gesture.report.page_parts import confusion, curve, of_people
from imu_gesture.workflow.judgement import Judgement
from imu_gesture.workflow.training import TrainingRun
from tests.dataset import cases
from tests.models import handmade
from tests.models.manifests import manifest
from tests.report.judged import evaluation

COMMAND = ["train", "-w", "my place", "--seed", "3"]
CHROMIUM = shutil.which("chromium")


def run_with(folder: Path, judged: Judgement, warnings: tuple[str, ...] = ()) -> TrainingRun:
    said = manifest(handmade.tflite())
    report = build_report(said, handmade.tflite())
    return TrainingRun(folder, said, report, cases.windows(12), judged, warnings, ("go on",), 12.3)


def judged() -> Judgement:
    return Judgement({"a": "0"}, evaluation(), None, (Strain("board turned", 0.25),))


class _Texts(HTMLParser):
    """What a reader sees, and what a browser would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.fetched: list[str] = []
        self._skipping = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipping = tag == "style"
        self.fetched += [f"{tag} {name}" for name, _ in attrs if name in {"src", "href", "data"}]
        if tag in {"script", "link", "iframe", "object"}:
            self.fetched.append(tag)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._skipping = False

    def handle_data(self, data: str) -> None:
        if not self._skipping and data.strip():
            self.texts.append(" ".join(data.split()))


def read(page: str) -> _Texts:
    reader = _Texts()
    reader.feed(page)
    return reader


def test_three_numbers_stand_first_and_nothing_is_fetched(tmp_path: Path) -> None:
    reader = read(training_page(run_with(tmp_path, judged()), COMMAND))
    assert reader.fetched == []
    first = reader.texts.index("90.0 %")
    assert reader.texts[first + 1] == "right on what was held out"
    assert reader.texts[first + 3 : first + 5] == ["unknown", "false activations an hour"]
    assert reader.texts[first + 7] == "a decision on the board, estimated"
    assert "board turned" in reader.texts
    assert "25.0 %" in reader.texts
    assert "imu-gesture train -w 'my place' --seed 3" in reader.texts


def test_without_an_evaluation_it_says_so(tmp_path: Path) -> None:
    run = run_with(tmp_path, Judgement({}))
    said = run.manifest.model_copy(update={"scores": None})
    reader = read(training_page(TrainingRun(**{**vars(run), "manifest": said}), COMMAND))
    assert "not measured" in reader.texts
    assert "What is taken for what" not in reader.texts


def test_what_the_user_has_typed_cannot_break_the_page(tmp_path: Path) -> None:
    warning = "<script>alert(1)</script> see `inspect <b>`"
    reader = read(training_page(run_with(tmp_path, judged(), (warning,)), ["train", "<i>"]))
    assert reader.fetched == []
    assert "<script>alert(1)</script> see" in reader.texts
    assert "inspect <b>" in reader.texts


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("`a` b", "<code>a</code> b"),
        ("a `b`", "a <code>b</code>"),
        ("a < `b>` & c", "a &lt; <code>b&gt;</code> &amp; c"),
    ],
)
def test_what_is_to_be_typed_is_marked(text: str, html: str) -> None:
    assert marked(text) == html


def test_the_table_counts_what_was_taken_for_what() -> None:
    down, up = confusion(evaluation())
    assert [cell.count for cell in down.cells] == [5, 1]
    assert [cell.right for cell in down.cells] == [True, False]
    assert down.recall == pytest.approx(5 / 6)
    assert up.recall == 1.0


def test_people_come_the_worst_first() -> None:
    whose = np.repeat(["anna", "ben"], 6)
    people = of_people(cases.windows(12, participant=whose), evaluation())
    assert [(person.name, person.examples) for person in people] == [("ben", 6), ("anna", 6)]
    assert people[0].accuracy < people[1].accuracy == 1.0


def tuned(*points: tuple[int, float, Watch]) -> Tuned:
    made = tuple(CurvePoint(shift, recall, 1.0, 1.0, watch) for shift, recall, watch in points)
    return Tuned(default_setting(("wave", BACKGROUND)), 0.5, made, enough=False)


def test_the_curve_is_drawn_to_scale() -> None:
    drawn = curve(tuned((-12, 1.0, Watch(8, 2.0)), (0, 0.5, Watch(2, 2.0))))
    assert drawn is not None
    assert drawn.per_hour == 4.0
    left, right = drawn.points[1], drawn.points[0]
    assert (right.x, right.y) == (drawn.width, 0)
    assert (left.x, left.y) == (drawn.width / 4, drawn.height / 2)
    assert (left.chosen, right.chosen) == (True, False)


def test_without_background_there_is_no_curve() -> None:
    assert curve(tuned((0, 1.0, Watch(0, 0.0)))) is None


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_browser_shows_it(tmp_path: Path) -> None:
    from matplotlib.image import imread

    page = tmp_path / "report.html"
    page.write_text(training_page(run_with(tmp_path, judged()), COMMAND), encoding="utf-8")
    picture = tmp_path / "report.png"
    options = "--headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1000,2400"
    command = [str(CHROMIUM), *options.split(), f"--screenshot={picture}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=60, cwd=tmp_path)
    pixels = (imread(picture)[:, :, :3] * 255).round().astype(int)
    bars = (pixels == [0x00, 0x72, 0xB2]).all(axis=-1)
    rows = np.flatnonzero(bars.sum(axis=1) > 600)  # three bars side by side
    assert 3 <= len(rows) <= 5
    ink = np.asarray((pixels < 0x60).all(axis=-1), np.bool_)
    assert ink[rows[-1] + 5 : rows[-1] + 45].any()  # the numbers are under them
    assert not ink[:, -8:].any()  # nothing runs out of the page
    assert ink[rows[-1] + 400 :].any()
