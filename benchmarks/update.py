"""Models and commands over the air: power cuts, forgeries, damage, and how long an update takes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from form import Options, Row, run_benchmark, say

from imu_gesture import _core
from imu_gesture.deploy import demonstration
from imu_gesture.deploy.manifest import ModelManifest, model_id, read_run
from imu_gesture.deploy.package import model_package
from imu_gesture.link.ble.radio import BleRadio
from imu_gesture.link.ble.scan import BleBackends
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.virtual.ble_board import BleBoard, RadioParams
from imu_gesture.link.virtual.bluez_peripheral import BluezPeripheral
from imu_gesture.link.virtual.bumble_peripheral import BumblePeripheral
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.link.virtual.transport import VirtualTransport
from imu_gesture.workflow.boards import virtual_device
from imu_gesture.workflow.updating import pair, update

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.firmware.compilers import build_sanitized

_PIECE = 220
_BYTES_PER_S = 5000.0
_PEERS = {"": "BlueZ's API on D-Bus", ".bumble": "bumble's HCI, L2CAP and ATT"}
Model = tuple[ModelManifest, bytes]


def measure(options: Options) -> Iterator[Row]:
    """All rows."""
    built_in = read_run(demonstration.FOLDER)
    yield power_cuts(built_in, 20 if options.quick else 1000)
    yield from commands(built_in, 10_000 if options.quick else 1_000_000)
    for peer in _PEERS:
        yield over_the_air(built_in, peer)


def other_model(model: Model, number: int) -> Model:
    """The same network with one weight changed, so that it is another model that runs."""
    manifest, tflite = model
    changed = bytearray(tflite)
    at = len(changed) // 2 + number % 64
    changed[at] ^= 1
    return manifest.model_copy(update={"model_id": model_id(bytes(changed))}), bytes(changed)


def power_cuts(built_in: Model, cuts: int) -> Row:
    """Of a whole update by another model; after each the board is started again."""
    say(f"{cuts} power cuts")
    rng = np.random.default_rng(0)
    old, new = other_model(built_in, 1), other_model(built_in, 2)
    package = model_package(*new)
    first = virtual_device(0, built_in)
    assert sent_without_a_link(first, model_package(*old))
    flash, bad, kept = first.core.flash.content, 0, 0
    device = virtual_device(0, built_in)
    for cut in rng.integers(0, 3 * len(package), cuts).tolist():
        device.core.flash.content = flash
        device.core.reset()
        device.core.flash.cut_after(cut)
        finished = sent_without_a_link(device, package)
        device.core.flash.cut_after(-1)
        device.core.reset()
        runs = running(device)
        known = {old[0].model_id, new[0].model_id}
        bad += runs not in known or (finished and runs != new[0].model_id)
        kept += runs == new[0].model_id
    note = f"{cuts} cuts in {len(package)} bytes and their erasing; {kept} times the new model ran"
    return Row("update.invalid_after_power_cut", bad, "boards", note=note)


def sent_without_a_link(device: VirtualDevice, package: bytes) -> bool:
    """Every command straight to the core; True when the board says the new model runs."""
    visitor = _Visitor(device.core)
    begin = _core.BeginUpdate()
    begin.size, begin.sha256 = len(package), hashlib.sha256(package).digest()
    if not visitor.obeyed(begin):
        return False
    for start in range(0, len(package), _PIECE):
        part = _core.WriteUpdate()
        part.offset, part.bytes = start, package[start : start + _PIECE]
        if not visitor.obeyed(part):
            return False
    return visitor.obeyed(_core.EndUpdate())


def running(device: VirtualDevice) -> str:
    """Id of the model that the board says it runs."""
    return _Visitor(device.core).hello.model_id.hex()


class _Visitor:
    """The other end of a link."""

    def __init__(self, core: _core.Device) -> None:
        self._core, self._asked = core, 0
        core.link_up(_core.MAX_PACKET, 100_000, 0)
        (self.hello,) = [p for p in self._said() if isinstance(p, _core.Hello)]

    def answer(self, command: object) -> _core.Ack:
        self._asked = (self._asked + 1) % 2**16
        packet = _core.encode(command, self._asked)  # type: ignore[call-overload]
        self._core.receive_datagram(packet, 0)
        answers = [p for p in self._said() if isinstance(p, _core.Ack)]
        return answers[-1] if answers else _core.Ack()

    def obeyed(self, command: object) -> bool:
        return bool(self.answer(command).status == _core.AckStatus.DONE.value)

    def _said(self) -> list[object]:
        found: list[object] = []
        decoder = _core.PacketDecoder()
        while (packet := self._core.transmit()) is not None:
            found += decoder.feed_datagram(packet)
        return found


def commands(built_in: Model, messages: int) -> Iterator[Row]:
    """Of strangers to a paired board, then of a mistaken owner; the sanitizers watch."""
    say(f"{messages} forged and random commands, and as many damaged ones")
    with TemporaryDirectory() as folder:
        package = Path(folder) / "package"
        package.write_bytes(model_package(*built_in))
        program = build_sanitized("fuzz_commands", Path(folder))
        started_s = time.monotonic()
        command = [program, str(package), str(messages), "0"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    crashed = int(done.returncode != 0)
    ran = f"twice {messages} messages, {time.monotonic() - started_s:.0f} s"
    note = done.stderr.strip().splitlines()[-1] if crashed else f"{ran}, ASan and UBSan"
    yield Row("forged.crashes", crashed, "crashes", note=note)
    if not crashed:
        seen = json.loads(done.stdout)
        forged = "bare, random tags, said again, changed, cut off"
        yield Row("forged.accepted", seen["obeyed"], "commands", note=forged)
        yield Row("forged.flash_changed", seen["changed"], "boards", note=forged)
        kept = f"{seen['kept']} kept: they could run"
        yield Row("forged.damaged_models_tried", seen["tried"], "models", note=kept)


def over_the_air(built_in: Model, peer: str) -> Row:
    """A paired computer sends a model to a board whose radio carries 5 kB/s."""
    say(f"an update over {_PEERS[peer]}")
    package = model_package(*other_model(built_in, 3))
    with TemporaryDirectory() as keys:
        os.environ["IMU_GESTURE_KEYS"] = keys
        owner = virtual_device(0, built_in)
        with BoardLink(VirtualTransport(owner)) as link:
            pair(link)
        device = virtual_device(0, built_in)
        device.core.flash.content = owner.core.flash.content
        device.core.reset()
        board = BleBoard(device, radio=RadioParams(write_bytes_per_s=_BYTES_PER_S))
        with _air(peer, board) as backends, BoardLink(BleRadio(None, backends)) as link:
            started_s = time.monotonic()
            update(link, package, lambda _, __: None)
            seconds = time.monotonic() - started_s
    note = f"{len(package)} bytes at {_BYTES_PER_S / 1000:g} kB/s, sealed; {_PEERS[peer]}"
    return Row(f"update.seconds_12k{peer}", seconds, "s", note=note)


@contextmanager
def _air(peer: str, board: BleBoard) -> Iterator[BleBackends]:
    if peer:
        with BumblePeripheral([board]) as bumble:
            yield bumble.backends
        return
    with BluezPeripheral([board]) as bluez:
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = bluez.address
        yield BleBackends()


if __name__ == "__main__":
    assert Path(demonstration.FOLDER).is_dir()
    run_benchmark("update", measure)
