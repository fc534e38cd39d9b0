"""Which link a user's options mean."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from imu_gesture import _core
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.errors import InputError
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.labels import BACKGROUND
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import Link
from imu_gesture.link.serial_port import SerialPort
from imu_gesture.link.text_link import TextLink
from imu_gesture.link.virtual_device import OnBoardModel, VirtualDevice
from imu_gesture.link.virtual_transport import VirtualTransport
from imu_gesture.simulation.performer import GESTURES, REST, Action, Performer
from imu_gesture.simulation.sensors import LSM9DS1, ImuModel

if TYPE_CHECKING:
    from imu_gesture.link.bluez_peripheral import BluezPeripheral
    from imu_gesture.link.faults import FaultParams
    from imu_gesture.link.virtual_port import VirtualPort

BLE_PORT = "ble:"  # what a port begins with that is none
_BETWEEN = (Action(REST, 1.0), Action(BACKGROUND, 2.0))


def open_link(
    port: str | None,
    virtual: bool,
    seed: int,
    text: bool = False,
    model: tuple[ModelManifest, bytes] | None = None,
    real_time: bool = False,
) -> Link:
    """A link to the board at `port`, or to a virtual one that carries `model`.

    `port`: a serial one, or BLE_PORT and the board's name, which may be left out.

    `text`: the board's sketch is not ours, but prints samples.

    `real_time`: the virtual one's time goes as the true one does, not as fast as the computer.

    Someone shows the virtual one those gestures of the model that they know, again and again.

    Raises:
        InputError: neither or both are asked for, or text over Bluetooth.
    """
    if bool(port) == virtual:
        raise InputError(
            "say where the board is: --port PORT, --ble, or --virtual for a virtual one"
        )
    if port and port.startswith(BLE_PORT):
        if text:
            raise InputError("text comes over a serial port only: --port PORT")
        return ble_link(port.removeprefix(BLE_PORT))
    if port:
        return TextLink(port) if text else BoardLink(SerialPort(port))
    return virtual_link(seed, model, real_time)


def ble_link(name: str | None = None) -> BoardLink:
    """A link over Bluetooth to the board of this name, id or address, or to the only one."""
    from imu_gesture.link.ble_radio import BleRadio

    return BoardLink(BleRadio(name or None))


def virtual_link(
    seed: int, model: tuple[ModelManifest, bytes] | None = None, real_time: bool = False
) -> BoardLink:
    """A link to a virtual board in this process, with Rev1's sensors."""
    device = virtual_device(seed, model)
    transport = VirtualTransport(device, real_time)
    return BoardLink(transport, clock=transport.clock, on_cue=device.cue)


def virtual_device(seed: int, model: tuple[ModelManifest, bytes] | None = None) -> VirtualDevice:
    """A virtual board, which is shown those gestures of its model that the virtual person knows."""
    sensors, performer = ImuModel(LSM9DS1, seed), Performer(seed)
    if model is None:
        return VirtualDevice(sensors, performer)
    manifest, tflite = model
    classifier = open_classifier(tflite)
    firmware = _core.Firmware(
        manifest.firmware_params(), lambda window: classifier.scores(window[None])[0]
    )
    carried = OnBoardModel(manifest.label_names, firmware, manifest.model_id)
    known = [name for name in manifest.label_names if name in GESTURES]
    plans = [[Action(name), *_BETWEEN] for name in known] or [list(_BETWEEN)]
    return VirtualDevice(sensors, performer, plans, carried)


def virtual_port(
    path: Path, seed: int, model: tuple[ModelManifest, bytes], faults: FaultParams | None = None
) -> VirtualPort:
    """A virtual board on a pseudo-terminal at `path`, shown its own gestures again and again.

    Raises:
        InputError: this system has no pseudo-terminals, or something else is at `path`.
    """
    try:
        from imu_gesture.link.virtual_port import VirtualPort
    except ImportError as error:
        raise InputError("this system has no pseudo-terminals; use --virtual instead") from error
    if path.exists() and not path.is_symlink():
        raise InputError(f"{path}: exists and is not a virtual port; choose another place (--pty)")
    return VirtualPort(virtual_device(seed, model), path, faults)


def virtual_air(
    count: int, seed: int, model: tuple[ModelManifest, bytes], faults: FaultParams | None = None
) -> BluezPeripheral:
    """So many virtual boards behind a virtual Bluetooth service, seeded one after the other.

    Raises:
        InputError: this system does not talk to Bluetooth over D-Bus.
    """
    if sys.platform != "linux":
        raise InputError("virtual boards with Bluetooth need Linux; use --virtual instead")
    from imu_gesture.link.ble_board import BleBoard
    from imu_gesture.link.bluez_peripheral import BluezPeripheral

    boards = [
        BleBoard(virtual_device(seed + number, model), f"gesture{number}", faults)
        for number in range(count)
    ]
    return BluezPeripheral(boards)
