"""What a sitting records, and where to."""

from __future__ import annotations

from pathlib import Path

import pytest

from imu_gesture.errors import InputError
from imu_gesture.labels import BACKGROUND, Label
from imu_gesture.recording.capture import CapturePlan
from imu_gesture.workflow.boards import Where, open_links
from imu_gesture.workflow.sessions import has_background, judged, plans_for
from imu_gesture.workspace import Workspace
from tests import make


@pytest.mark.parametrize(
    ("labels", "seconds", "expected"),
    [
        (["wave"], None, [2.0]),
        (["wave", "push"], 1.5, [1.5, 1.5]),
        ([BACKGROUND], None, [60.0]),
        ([BACKGROUND], 20.0, [20.0]),
        ([BACKGROUND, "wave"], 1.5, [60.0, 1.5]),
        (["background/tea", "wave"], 1.5, [60.0, 1.5]),
        (["background/tea"], 20.0, [20.0]),
    ],
)
def test_seconds_are_for_gestures_first(
    labels: list[str], seconds: float | None, expected: list[float]
) -> None:
    plans = plans_for(labels, seconds, CapturePlan("", repeats=4, participant="anna"))
    assert [plan.seconds for plan in plans] == expected
    assert [plan.label for plan in plans] == labels
    assert {(plan.repeats, plan.participant) for plan in plans} == {(4, "anna")}


@pytest.mark.parametrize(
    ("names", "expected"), [([], False), (["wave"], False), (["wave", BACKGROUND], True)]
)
def test_background_is_found_in_any_label_track(
    names: list[str], expected: bool, tmp_path: Path
) -> None:
    labels = [Label(i, i + 0.5, name) for i, name in enumerate(names)]
    make.write(tmp_path / "recordings", "a", make.noise(400), labels)
    (tmp_path / "recordings" / "b.txt").write_text("no label track")
    assert has_background(Workspace(tmp_path)) is expected


def test_what_cannot_be_read_is_not_judged(tmp_path: Path) -> None:
    path = make.write(tmp_path, "a", make.noise(400), [])
    quality = judged(path)
    assert quality is not None
    assert quality.rate_hz == pytest.approx(119, abs=1)
    path.write_bytes(path.read_bytes()[:200])
    assert judged(path) is None


@pytest.mark.parametrize(
    ("ports", "virtual", "boards", "message"),
    [
        ([], False, 1, "--port PORT, --ble, or --virtual"),
        (["COM3"], True, 1, "--port PORT, --ble, or --virtual"),
        (["COM3"], False, 2, "--boards is for virtual ones"),
        (["COM3", "COM4", "COM3"], False, 1, "the same board twice"),
    ],
)
def test_boards_are_asked_for_in_one_way(
    ports: list[str], virtual: bool, boards: int, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        open_links(Where(virtual=virtual), ports, boards=boards)


def test_each_board_has_its_own_link() -> None:
    assert len(open_links(Where(), ["COM3", "COM4"])) == 2
    ids = set()
    for link in open_links(Where(virtual=True), [], boards=3):
        with link:
            ids.add(link.info.device_id)
    assert len(ids) == 3
