"""One deed of each kind. What a board sends is never part of a command, a topic or an address."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.request import Request, urlopen

from imu_gesture.errors import InputError
from imu_gesture.live.actions.file import GestureActions
from imu_gesture.live.actions.places import Place, mqtt_place, osc_place
from imu_gesture.live.recogniser import Recognition
from imu_gesture.provenance import is_installed

_PROGRAM_S = 30.0  # after which a program is ended
_ANSWER_S = 5.0

Deed = Callable[[Recognition], None]

_NEEDS = {"key": ("pynput",), "mqtt": ("paho",), "osc": ("pythonosc",)}


def deeds_of(actions: GestureActions) -> Iterator[tuple[str, Deed]]:
    """Each with a name for people.

    Raises:
        InputError: a package is missing, or a key is unknown.
    """
    for kind, modules in _NEEDS.items():
        if getattr(actions, kind) is not None and not all(map(is_installed, modules)):
            raise InputError(
                f"actions of the kind {kind!r} need packages that are not installed; "
                "`pip install 'imu-gesture[actions]'`"
            )
    if actions.run is not None:
        yield f"run {actions.run[0]}", _program(tuple(actions.run))
    if actions.key is not None:
        yield f"key {actions.key}", _keys(actions.key)
    if actions.http is not None:
        yield actions.http, _post(actions.http)
    if actions.mqtt is not None:
        yield actions.mqtt, _publish(mqtt_place(actions.mqtt))
    if actions.osc is not None:
        yield actions.osc, _send_osc(osc_place(actions.osc))


def _program(command: tuple[str, ...]) -> Deed:
    def deed(gesture: Recognition) -> None:
        told = {"IMU_GESTURE": gesture.label, "IMU_GESTURE_SCORE": f"{gesture.score:.3f}"}
        done = subprocess.run(
            command,
            env=os.environ | told,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PROGRAM_S,
            check=False,
        )
        if done.returncode:
            raise OSError(f"it ended with code {done.returncode}")

    return deed


def _post(address: str) -> Deed:
    def deed(gesture: Recognition) -> None:
        headers = {"Content-Type": "application/json"}
        request = Request(address, _message(gesture), headers, method="POST")  # noqa: S310
        with urlopen(request, timeout=_ANSWER_S):  # noqa: S310 - only http and https are read
            pass

    return deed


def _publish(place: Place) -> Deed:
    def deed(gesture: Recognition) -> None:
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion

        client = Client(CallbackAPIVersion.VERSION2)
        client.connect(place.host, place.port)
        client.loop_start()
        try:
            client.publish(place.name, _message(gesture), qos=1).wait_for_publish(_ANSWER_S)
        finally:
            client.disconnect()
            client.loop_stop()

    return deed


def _send_osc(place: Place) -> Deed:
    def deed(gesture: Recognition) -> None:
        from pythonosc.udp_client import SimpleUDPClient

        with closing(SimpleUDPClient(place.host, place.port)) as client:
            client.send_message(place.name, [gesture.label, float(gesture.score)])

    return deed


def _keys(text: str) -> Deed:
    """Presses all keys of such as "ctrl+shift+a" together."""
    keyboard = _keyboard()
    names = text.lower().split("+")
    unknown = [name for name in names if len(name) != 1 and not hasattr(keyboard.Key, name)]
    if unknown or not text:
        known = ", ".join(key.name for key in keyboard.Key)
        raise InputError(f"key {text!r}: there is no {unknown[0]!r}; letters, and {known}")
    keys = [name if len(name) == 1 else keyboard.Key[name] for name in names]

    def deed(_: Recognition) -> None:
        controller = keyboard.Controller()
        with controller.pressed(*keys[:-1]):
            controller.tap(keys[-1])

    return deed


def _keyboard() -> Any:
    """The module of pynput, which has no types."""
    try:
        from pynput import keyboard
    except ImportError as error:  # it looks for a display at once
        raise InputError(f"keys cannot be pressed here ({error})") from error
    return keyboard


def _message(gesture: Recognition) -> bytes:
    return json.dumps(gesture.__dict__).encode()
