"""Which link a user's options mean."""

from __future__ import annotations

from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.errors import InputError
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.link.link import Link
from imu_gesture.link.serial_link import SerialLink
from imu_gesture.link.virtual_link import VirtualLink
from imu_gesture.simulation.board import VirtualBoard
from imu_gesture.simulation.performer import GESTURES, Performer
from imu_gesture.simulation.sensors import LSM9DS1, ImuModel


def open_link(
    port: str | None, virtual: bool, seed: int, model: tuple[ModelManifest, bytes] | None = None
) -> Link:
    """A link to the board at `port`, or to a virtual one that carries `model`.

    Someone shows the virtual one those gestures of the model that they know, again and again.

    Raises:
        InputError: neither or both are asked for.
    """
    if bool(port) == virtual:
        raise InputError("say where the board is: --port PORT, or --virtual for a virtual one")
    if port:
        return SerialLink(port)
    sensors = ImuModel(LSM9DS1, seed)
    if model is None:
        return VirtualLink(VirtualBoard(sensors), Performer(seed))
    manifest, tflite = model
    board = VirtualBoard(sensors, manifest.firmware_params(), open_classifier(tflite))
    shows = [name for name in manifest.label_names if name in GESTURES]
    return VirtualLink(board, Performer(seed), manifest.label_names, shows)
