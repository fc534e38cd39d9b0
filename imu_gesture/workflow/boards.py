"""Which link a user's options mean."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from imu_gesture import _core
from imu_gesture.deploy.cost.memory import own_memory
from imu_gesture.deploy.golden import model_proof
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.model_check import check_model
from imu_gesture.errors import InputError, ModelError
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.inference.flatbuffer import read_facts
from imu_gesture.labels import BACKGROUND
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import Link
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.text.columns import parse_columns
from imu_gesture.link.text.link import TextLink
from imu_gesture.link.virtual.device import Classify, DeviceFaults, OnBoardModel, VirtualDevice
from imu_gesture.link.virtual.transport import VirtualTransport
from imu_gesture.recording.replay_link import ReplayLink
from imu_gesture.simulation.chips import LSM9DS1_BOARD
from imu_gesture.simulation.dance import FACES, DancePlan, DancingHand, PosingHand
from imu_gesture.simulation.device import Device
from imu_gesture.simulation.errors import DATASHEET, ENVIRONMENT
from imu_gesture.simulation.faults import FAULTS
from imu_gesture.simulation.performer import GESTURES, REST, Action, Hand, Performer
from imu_gesture.simulation.sensors import SensorModel

if TYPE_CHECKING:
    from imu_gesture.link.virtual.bluez_peripheral import BluezPeripheral
    from imu_gesture.link.virtual.faults import FaultParams
    from imu_gesture.link.virtual.port import VirtualPort

_NEXT_BOARD = 1_000_003  # added to a seed, for a board that no other seed is likely to name
_SHORT_REST_S = 0.1
_CALIBRATION = DancePlan(rest_s=30.0)  # time enough to begin in another terminal
_FACES = DancePlan(poses=FACES, turns=0, eight_s=0.0)
_BETWEEN = (Action(REST, 1.0), Action(BACKGROUND, 2.0))


@dataclass(frozen=True)
class Where:
    """Where the user's board is.

    Attributes:
        port: it is on this serial port.
        ble: it has Bluetooth, and this name, id or address; empty: it is the only one.
        text: and its sketch is not ours, but prints these columns; empty: what its header says.
        virtual: it is in this process; `seed` chooses the board and the person who holds it.
        replay: it is a recording.
    """

    port: str | None = None
    ble: str | None = None
    text: str | None = None
    virtual: bool = False
    seed: int = 0
    replay: Path | None = None


def open_link(
    where: Where, model: tuple[ModelManifest, bytes] | None = None, real_time: bool = False
) -> Link:
    """A link to the user's board; a virtual one carries `model`.

    `real_time`: time of a virtual board or a recording goes as the true one does, not as fast as
    the computer.

    Someone shows the virtual one those gestures of the model that they know, again and again.

    Raises:
        InputError: none, or more than one place is named, or the columns make no sense.
    """
    named = [bool(where.port), where.ble is not None, where.virtual, where.replay is not None]
    if sum(named) != 1:
        raise InputError(
            "say where the board is: --port PORT, --ble, or --virtual for a virtual one, or "
            "--replay FILE"
        )
    if where.text is not None and not where.port:
        raise InputError("--text and --columns are for a board at --port, and only for that")
    if where.replay is not None:
        return ReplayLink(where.replay, real_time)
    if where.ble is not None:
        return ble_link(where.ble)
    if where.port and where.text is not None:
        columns = parse_columns(where.text) if where.text else None
        return TextLink(SerialPort(where.port), columns)
    if where.port:
        return BoardLink(SerialPort(where.port))
    return virtual_link(where.seed, model, real_time)


def open_links(
    where: Where,
    ports: Sequence[str],
    radios: Sequence[str] = (),
    boards: int = 1,
    real_time: bool = False,
) -> list[Link]:
    """As `open_link`, to several boards at once; several virtual ones are held by one person.

    Their time goes as the true one does, for they have no clock in common but that.

    Raises:
        InputError: no board or different kinds of boards are asked for.
    """
    if where.virtual and boards > 1 and not ports and not radios:
        return [_virtual_companion(where.seed, number) for number in range(boards)]
    if boards > 1:
        raise InputError("--boards is for virtual ones; say --port or --ble for each board instead")
    if len(set(ports)) < len(ports) or len(set(radios)) < len(radios):
        raise InputError(f"the same board twice: {', '.join([*ports, *radios])}")
    each = [replace(where, port=port) for port in ports]
    each += [replace(where, ble=name) for name in radios]
    return [open_link(one, real_time=real_time) for one in each or [where]]


def _virtual_companion(seed: int, number: int) -> Link:
    """One of several boards on one hand, which follows cues without delay."""
    sensors = virtual_sensors(seed + number * _NEXT_BOARD)
    device = VirtualDevice(sensors, Performer(seed), [[Action(REST, _SHORT_REST_S)]])
    transport = VirtualTransport(device, real_time=True)
    return BoardLink(transport, clock=transport.clock, on_cue=device.cue)


def ble_link(name: str | None = None) -> BoardLink:
    """A link over Bluetooth to the board of this name, id or address, or to the only one."""
    from imu_gesture.link.ble.radio import BleRadio

    return BoardLink(BleRadio(name or None))


def virtual_link(
    seed: int, model: tuple[ModelManifest, bytes] | None = None, real_time: bool = False
) -> BoardLink:
    """A link to a virtual board in this process, with Rev1's sensors."""
    device = virtual_device(seed, model)
    transport = VirtualTransport(device, real_time)
    return BoardLink(transport, clock=transport.clock, on_cue=device.cue)


def dancing_link(seed: int, real_time: bool = False) -> BoardLink:
    """A link to a virtual board whose person goes through a calibration, and then rests.

    On cue the person goes through another one.
    """
    device = VirtualDevice(virtual_sensors(seed), DancingHand(seed))
    transport = VirtualTransport(device, real_time)
    return BoardLink(transport, clock=transport.clock, on_cue=device.cue)


def calibrating_hand(seed: int) -> Hand:
    """Calibrates a board again and again, each time after half a minute of rest."""
    return DancingHand(seed, _CALIBRATION, again=True)


def laid_link(seed: int, model: tuple[ModelManifest, bytes]) -> BoardLink:
    """A link to a virtual board which somebody lays on each of its faces, again and again."""
    device = virtual_device(seed, model, hand=DancingHand(seed, _FACES, again=True))
    transport = VirtualTransport(device)
    return BoardLink(transport, clock=transport.clock)


def posing_link(seed: int) -> BoardLink:
    """A link to a virtual board whose person holds the poses of `imu-gesture mount`."""
    transport = VirtualTransport(
        VirtualDevice(Device(LSM9DS1_BOARD, seed), PosingHand(seed)), False
    )
    return BoardLink(transport, clock=transport.clock)


def virtual_device(
    seed: int,
    model: tuple[ModelManifest, bytes] | None = None,
    errors: DeviceFaults | None = None,
    sensors: SensorModel | None = None,
    hand: Hand | None = None,
) -> VirtualDevice:
    """A virtual board, which is shown those gestures of its model that the virtual person knows.

    Or what another `hand` does.
    """
    sensors = sensors or virtual_sensors(seed)
    performer = hand or Performer(seed)
    if model is None:
        return VirtualDevice(sensors, performer, errors=errors)
    manifest, tflite = model
    classifier = open_classifier(tflite)
    firmware = _core.Firmware(
        manifest.firmware_params(), lambda window: classifier.scores(window[None])[0]
    )
    proof = model_proof(manifest, tflite)
    arena_bytes = own_memory(manifest).arena_bytes
    carried = OnBoardModel(
        manifest.label_names, firmware, manifest.model_id, opened, proof, arena_bytes
    )
    known = [name for name in manifest.label_names if name in GESTURES]
    plans = [[Action(name), *_BETWEEN] for name in known] or [list(_BETWEEN)]
    device = VirtualDevice(sensors, performer, plans, carried, errors)
    device.core.use_arena(manifest.arena.used_bytes)
    return device


def virtual_sensors(seed: int, faults: Sequence[str] = ()) -> Device:
    """Rev1's sensors, with `FAULTS` and what its surroundings do to it (`ENVIRONMENT`) by name.

    Raises:
        InputError: no fault has this name.
    """
    for name in faults:
        if name not in FAULTS and name not in ENVIRONMENT:
            known = ", ".join(sorted([*FAULTS, *ENVIRONMENT]))
            raise InputError(f"no fault is called {name!r}; choose from: {known}")
    around = {family for family in ENVIRONMENT if family in faults}
    chosen = [FAULTS[name] for name in faults if name in FAULTS]
    return Device(LSM9DS1_BOARD, seed, DATASHEET | around, chosen)


def opened(tflite: bytes) -> Classify | None:
    """What the virtual board's interpreter makes of a model that came over a link."""
    try:
        check_model(read_facts(tflite))
        classifier = open_classifier(tflite)
    except ModelError:
        return None
    return lambda window: np.asarray(classifier.scores(window[None])[0])


def virtual_port(
    path: Path, device: VirtualDevice, faults: FaultParams | None = None
) -> VirtualPort:
    """A virtual board on a pseudo-terminal at `path`.

    Raises:
        InputError: this system has no pseudo-terminals, or something else is at `path`.
    """
    try:
        from imu_gesture.link.virtual.port import VirtualPort
    except ImportError as error:
        raise InputError("this system has no pseudo-terminals; use --virtual instead") from error
    if path.exists() and not path.is_symlink():
        raise InputError(f"{path}: exists and is not a virtual port; choose another place (--pty)")
    return VirtualPort(device, path, faults)


def virtual_air(
    devices: Sequence[VirtualDevice], faults: FaultParams | None = None
) -> BluezPeripheral:
    """Virtual boards behind a virtual Bluetooth service.

    Raises:
        InputError: this system does not talk to Bluetooth over D-Bus.
    """
    if sys.platform != "linux":
        raise InputError("virtual boards with Bluetooth need Linux; use --virtual instead")
    from imu_gesture.link.virtual.ble_board import BleBoard
    from imu_gesture.link.virtual.bluez_peripheral import BluezPeripheral

    boards = [BleBoard(device, f"gesture{number}", faults) for number, device in enumerate(devices)]
    return BluezPeripheral(boards)
