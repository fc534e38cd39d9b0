"""Which board the options mean."""

from pathlib import Path

import numpy as np
import pytest

from imu_gesture.calibration.guided import Guidance
from imu_gesture.errors import CalibrationError, InputError
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import GestureReported, LinkEvent, SamplesReceived
from imu_gesture.link.virtual.transport import VirtualTransport
from imu_gesture.live.recogniser import until
from imu_gesture.samples import concatenate
from imu_gesture.workflow.boards import (
    Where,
    calibrating_hand,
    open_link,
    virtual_device,
    virtual_sensors,
)
from imu_gesture.workflow.calibrating import guide
from tests.live.small_model import small_model


def spreads_dps(seconds: int, seed: int = 0, with_model: bool = True) -> list[float]:
    """How far the rates spread in each second that a virtual board sends."""
    model = small_model() if with_model else None
    with open_link(Where(virtual=True, seed=seed), model) as link:
        samples = concatenate(
            [e.samples for e in until(link.events(), seconds) if isinstance(e, SamplesReceived)]
        )
    parts = np.array_split(samples.gyr_or_zero_dps, seconds)
    return [float(part.std(axis=0).max()) for part in parts]


@pytest.mark.parametrize(
    "where",
    [
        Where(),
        Where(port=""),
        Where(port="COM3", virtual=True),
        Where(port="COM3", ble=""),
        Where(port="COM3", replay=Path("a.mcap")),
        Where(virtual=True, replay=Path("a.mcap")),
    ],
)
def test_a_board_is_asked_for_in_one_way(where: Where) -> None:
    with pytest.raises(InputError, match="--port PORT, --ble, or --virtual"):
        open_link(where)


def test_a_port_is_opened_only_when_it_is_entered() -> None:
    link = open_link(Where(port="/dev/no-such-port"))
    assert isinstance(link, BoardLink)
    assert link.info.source == "/dev/no-such-port"


def test_the_seed_chooses_board_and_person() -> None:
    ids = set()
    for seed in (1, 2):
        with open_link(Where(virtual=True, seed=seed)) as link:
            ids.add(link.info.device_id)
    assert len(ids) == 2
    assert spreads_dps(3, seed=1) == spreads_dps(3, seed=1) != spreads_dps(3, seed=2)


def test_with_a_model_its_gestures_are_shown_again_and_again() -> None:
    assert sum(spread > 30 for spread in spreads_dps(20)) > 8


def test_gestures_that_nobody_knows_are_not_shown() -> None:
    manifest, tflite = small_model()
    labels = tuple(
        label.model_copy(update={"name": f"my-{label.name}"}) for label in manifest.labels
    )
    model = (manifest.model_copy(update={"labels": labels}), tflite)
    with open_link(Where(virtual=True, seed=0), model) as link:
        events = list(until(link.events(), 20))
    names = {event.label for event in events if isinstance(event, GestureReported)}
    assert names <= {"my-circle", "my-wave"}
    assert sum(isinstance(event, SamplesReceived) for event in events) > 5


def test_without_a_model_the_hand_rests_and_nothing_is_recognised() -> None:
    with open_link(Where(virtual=True, seed=0)) as link:
        assert not any(isinstance(event, GestureReported) for event in until(link.events(), 10))
    assert max(spreads_dps(10, with_model=False)) < 10


class Blind:
    """A person who looks at nothing of what is shown."""

    def hear(self, event: LinkEvent) -> None: ...

    def show(self, guidance: Guidance) -> None: ...


def calibrated(*faults: str) -> tuple[str, ...]:
    """What calibrating a virtual board with these faults has found."""
    device = virtual_device(3, sensors=virtual_sensors(3, faults), hand=calibrating_hand(3))
    transport = VirtualTransport(device)
    assert transport.read(20.0) == b""  # it was there before somebody came to calibrate it
    with BoardLink(transport, clock=transport.clock) as link:
        return guide(link, "2026-11-25", Blind()).findings


@pytest.mark.parametrize(
    ("faults", "sensors"),
    [
        ((), ()),
        (("gyroscope x flipped",), ("gyroscope",)),
        (("left-handed frame of Arduino_LSM9DS1",), ("accelerometer", "gyroscope")),
    ],
)
def test_faults_of_axes_are_found_by_calibrating(
    faults: tuple[str, ...], sensors: tuple[str, ...]
) -> None:
    findings = calibrated(*faults)
    assert tuple(finding.split(": x is flipped")[0] for finding in findings) == sensors


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("accelerometer in m/s2", "looks like m/s2 taken for g"),
        ("gyroscope in rad/s", "looks like rad/s taken for deg/s"),
    ],
)
def test_other_faults_are_named_by_calibrating(fault: str, problem: str) -> None:
    with pytest.raises(CalibrationError, match=problem):
        calibrated(fault)


def test_a_fault_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(InputError, match="no fault is called 'gremlins'; choose from: ") as caught:
        virtual_sensors(0, ["gremlins"])
    assert "magnetometer y flipped" in str(caught.value)
    assert "lost samples" in str(caught.value)
