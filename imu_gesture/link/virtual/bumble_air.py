"""Bluetooth without a radio: bumble's virtual controllers, all in one room."""

from __future__ import annotations

import asyncio

from bumble.controller import Controller
from bumble.device import Device, DeviceConfiguration
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import TransportSink, TransportSource

_HOST_ADDRESS = "C0:FF:EE:00:00:01"


class _RoomyController(Controller):
    """Carries a whole ATT packet in one piece, as controllers since Bluetooth 4.2 do."""

    le_acl_data_packet_length = 251


class BumbleAir:
    """A host, and a stack for every board; all of it runs in the event loop that makes it.

    Attributes:
        host: the computer's side.
        powered: whether its adapter is on.
        scanners: programs' scans that share the adapter's.
        connecting: held by who connects; a controller can do so once at a time.
    """

    def __init__(self) -> None:
        self._link = LocalLink()  # type: ignore[no-untyped-call]
        self.host = self.stack("host", _HOST_ADDRESS)
        self.powered = True
        self.scanners = 0
        self.connecting = asyncio.Lock()

    def controller(
        self, name: str, source: TransportSource | None = None, sink: TransportSink | None = None
    ) -> Controller:
        """A controller in the room; where it has a host already, that sends and gets packets so."""
        return _RoomyController(name, source, sink, self._link)

    def stack(self, name: str, address: str) -> Device:
        """A controller in the room with a host stack on it, still off; both on a random address."""
        controller = self.controller(name)
        config = DeviceConfiguration(name=name, address=Address(address))
        host = Host(controller_source=controller, controller_sink=controller)
        return Device(config=config, host=host)
