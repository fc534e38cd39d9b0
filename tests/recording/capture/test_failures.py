"""What ends a recording before its time: each leaves a whole file, and says what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from imu_gesture.errors import ImuGestureError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.recording.capture import CapturePlan, Source, capture
from imu_gesture.recording.mcap_file import labels_path, read_recording
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.performer import REST, Action, Performer
from tests import make
from tests.conftest import RunPython
from tests.recording.capture.board import Person

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")

if sys.platform != "win32":
    from imu_gesture.link.virtual.port import VirtualPort

PLAN = CapturePlan("wave", repeats=9, hands_free=True)
FIRST = "1 of 9"


def shaken_board(seed: int) -> VirtualDevice:
    return VirtualDevice(
        Device(LSM9DS1_BOARD, seed), Performer(seed), [[Action("wave"), Action(REST, 1.0)]]
    )


def unplug(port: VirtualPort) -> None:
    port.unplug()


def change_boards(port: VirtualPort) -> None:
    port.unplug()
    port.device = shaken_board(seed=2)
    port.plug()


@pytest.mark.parametrize(
    ("mischief", "message"),
    [
        pytest.param(unplug, r"the board is gone \(.*plug it in again.*waited 0\.6 s", id="pulled"),
        pytest.param(change_boards, "another board .* plug the first one in again", id="another"),
    ],
)
def test_a_board_that_does_not_come_back(
    mischief: Callable[[VirtualPort], None], message: str, tmp_path: Path
) -> None:
    path, person = tmp_path / "a.mcap", Person()
    with VirtualPort(shaken_board(seed=1), tmp_path / "tty") as port:
        person.after = lambda text: mischief(port) if text == FIRST else None
        link = BoardLink(SerialPort(str(port.path)), patience_s=0.6)
        with link, pytest.raises(ImuGestureError, match=message):
            capture(Source(link), path, PLAN, person)
    samples = read_recording(path).samples
    assert 1.5 < samples.duration_s < 5.0
    (label,) = make.labels_of(path)
    assert label.end_s < samples.duration_s
    assert any("waiting for it" in text for text in person.heard)


FILL = """
import resource, sys
from pathlib import Path
from imu_gesture.errors import RecordingError
from imu_gesture.recording.capture import CapturePlan, Source, Sitting, Desk
from imu_gesture.recording.mcap_file import labels_path, read_recording
from imu_gesture.recording.repair import repair_recording
from imu_gesture.labels import read_labels
from imu_gesture.workflow.boards import virtual_link

most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
for limit in [0, 1000, 30_000, 60_000, 200_000]:
    path = Path(sys.argv[1]) / f"{limit}.mcap"
    with virtual_link(0) as link:
        sitting = Sitting(Source(link), lambda plan, device: path, Desk())
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
        try:
            sitting.record(CapturePlan("wave", repeats=30))
        except RecordingError as error:
            print(limit, error)
        else:
            sys.exit(f"{limit}: no error")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    if path.exists():
        repair_recording(path)  # the index may not have fitted
        found, labels = read_recording(path), read_labels(labels_path(path))
        (report,) = sitting.reports
        assert [l.name for l in labels] == ["wave"] * len(report.labels), limit
        print(limit, len(found.samples), "samples", len(labels), "labels")
"""


def test_a_full_disk(run_python: RunPython, tmp_path: Path) -> None:
    said = run_python(FILL, tmp_path)
    assert "samples are kept" in said
    errors = [line for line in said.splitlines() if "File too large" in line]
    assert len(errors) == 5
    assert not (tmp_path / "0.mcap").exists()
    kept = {line.split()[0]: line for line in said.splitlines() if line.endswith("labels")}
    assert int(kept["200000"].split()[1]) > int(kept["30000"].split()[1]) > 0
    assert int(kept["200000"].split()[3]) >= 3


def test_a_board_lost_before_its_first_sample_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    with VirtualPort(shaken_board(seed=1), tmp_path / "tty") as port:
        link = BoardLink(SerialPort(str(port.path)), patience_s=0.3)
        with link, pytest.raises(ImuGestureError, match="plug it in again"):
            port.unplug()
            capture(Source(link), path, PLAN)
    assert not path.exists()
    assert not labels_path(path).exists()
