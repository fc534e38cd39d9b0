"""In the guest: a virtual board on bumble's controllers, the kernel's stack, bluetoothd, bleak."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bumble.transport import open_transport
from bumble.transport.common import Transport
from dbus_fast import BusType, Message, Variant
from dbus_fast.aio import MessageBus

from imu_gesture.link.ble.loop import ble_loop
from imu_gesture.link.ble.radio import BleRadio
from imu_gesture.link.ble.session import BleTimes
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import LinkEvent, LinkInterrupted, LinkResumed
from imu_gesture.link.virtual.ble_board import BleBoard
from imu_gesture.link.virtual.bumble_peripheral import BumblePeripheral
from imu_gesture.link.virtual.private_bus import PrivateBus
from tests.link.hearing import inertial, lost_in
from tests.link.places import device
from tests.vm.run import WORKED

SLOW = BleTimes(scan_s=30.0, settle_s=3.0, connect_s=60.0, mtu_s=10.0, write_s=30.0, open_s=180.0)
AWAY_S = (4.0, 6.0)  # the board is out of reach
LISTENING_S = 20.0
STARTING_S = 30


def main(packages: Path) -> None:
    say("started")
    board = BleBoard(device())
    with BumblePeripheral([board]) as peripheral, PrivateBus() as bus:
        transport = ble_loop().run(attach_kernel(peripheral))
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = bus.address
        bluetoothd = subprocess.Popen([packages / "usr/libexec/bluetooth/bluetoothd", "-n"])
        ble_loop().run(power_on())
        stream(board)
        bluetoothd.terminate()
        bluetoothd.wait()
        ble_loop().run(transport.close())
    say(WORKED)


async def attach_kernel(peripheral: BumblePeripheral) -> Transport:
    """A controller in the board's room becomes the kernel's hci0."""
    transport = await open_transport("vhci")
    peripheral.air.controller("hci0", transport.source, transport.sink)
    return transport


async def power_on() -> None:
    """Ask bluetoothd for it, as the system's settings do, as soon as it is there."""
    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    for _ in range(STARTING_S):
        call = Message(
            destination="org.bluez",
            path="/org/bluez/hci0",
            interface="org.freedesktop.DBus.Properties",
            member="Set",
            signature="ssv",
            body=["org.bluez.Adapter1", "Powered", Variant("b", True)],
        )
        answer = await bus.call(call)
        if answer is not None and answer.error_name is None:
            break
        await asyncio.sleep(1.0)
    bus.disconnect()


def stream(board: BleBoard) -> None:
    """Listen, with the board out of reach for some time."""
    with BoardLink(BleRadio(None, None, SLOW), patience_s=120.0) as link:
        longest = link.conversation.max_packet
        say(f"connected with {link.info.device_id}, {longest} bytes a packet")
        for after_s, deed in zip(AWAY_S, (board.unplug, board.plug), strict=True):
            threading.Timer(after_s, deed).start()
        found = list(listen(link))
    say(f"{board.device.sent} sent, {inertial(found)} received, {lost_in(found)} reported lost")
    changes = [type(event) for event in found if isinstance(event, LinkInterrupted | LinkResumed)]
    assert changes == [LinkInterrupted, LinkResumed]
    assert inertial(found) + lost_in(found) == board.device.sent
    assert longest == 244


def listen(link: BoardLink) -> Iterator[LinkEvent]:
    end_s = time.monotonic() + LISTENING_S
    for event in link.events():
        yield event
        if time.monotonic() > end_s:
            break
    yield from link.finish()


def say(text: str) -> None:
    sys.stdout.write(f"guest, {time.monotonic():.0f} s: {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
