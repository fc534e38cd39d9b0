"""A virtual board with a virtual radio: what the peripherals of BlueZ and of bumble serve."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from math import inf

from imu_gesture import _core
from imu_gesture.link.virtual.device import VirtualDevice
from imu_gesture.link.virtual.faults import FaultParams, FaultyPath

_BLOCK_AGE_US = 100_000


@dataclass(frozen=True)
class RadioParams:
    """What a board's radio can do.

    Attributes:
        mtu: the longest ATT packet it agrees to; ArduinoBLE's is 247.
        interval_s: time between two moments in which it may send.
        packets_at_once: so many then, and not one more: ArduinoBLE blocks when four are queued.
        write_bytes_per_s: what comes from the host takes its time.
    """

    mtu: int = 247
    interval_s: float = 0.015
    packets_at_once: int = 4
    write_bytes_per_s: float = inf


class BleBoard:
    """The board, its radio and the hand that carries it. Its methods may be called by any thread.

    Args:
        device: the board; nobody else may use it meanwhile.
        name: what it advertises.
        faults: what goes wrong on the way to the host.
        radio: what its radio can do.

    Attributes:
        address: of its radio.
        card: what it shows to who connects.
        refusing: whether it refuses what is written to it.
        notifications, sent_bytes: what its radio has sent so far.
        started_s: when its clock was at zero, by time.monotonic.
    """

    def __init__(
        self,
        device: VirtualDevice,
        name: str = "gesture0",
        faults: FaultParams | None = None,
        radio: RadioParams | None = None,
    ) -> None:
        self.device = device
        self.name = name
        self.radio = radio or RadioParams()
        self.address = _random_static_address(device.identity.device_id)
        self.card = _core.card(device.identity.device_id)
        self.refusing = False
        self.notifications = 0
        self.sent_bytes = 0
        self._faults = FaultyPath(faults or FaultParams(), seed=0)
        self.started_s = time.monotonic()
        self._stalled_until_s = 0.0
        self._in_reach = True
        self._connected = False
        self._dropping = False
        self._lock = threading.Lock()

    def plug(self) -> None:
        """Carry it back into reach."""
        self._in_reach = True

    def unplug(self) -> None:
        """Carry it out of reach; the board goes on."""
        with self._lock:
            self._in_reach = False
            self._dropping = self._connected

    def reset(self) -> None:
        """Press the reset button, which ends the connection too."""
        with self._lock:
            self.device.reset()
            self._dropping = self._connected

    def stall(self, seconds: float) -> None:
        """Carry nothing to the host for so long; the board goes on."""
        self._stalled_until_s = time.monotonic() + seconds

    # What a peripheral asks and tells.

    @property
    def advertising(self) -> bool:
        """Whether hosts can hear it and connect."""
        return self._in_reach and not self._connected

    @property
    def dropping(self) -> bool:
        """Whether its connection is to be ended."""
        return self._dropping

    def on_connected(self) -> None:
        """A host has connected."""
        with self._lock:
            self._connected = True
            self._dropping = not self._in_reach
            self.device.link_up(_core.MAX_PACKET, _BLOCK_AGE_US, trusted=False)

    def on_disconnected(self) -> None:
        """The connection has ended."""
        with self._lock:
            self._connected = self._dropping = False
            self.device.link_down()

    def on_written(self, datagram: bytes) -> bool:
        """The host has written; False where that is refused."""
        time.sleep(len(datagram) / self.radio.write_bytes_per_s)
        with self._lock:
            if not self.refusing:
                self.device.hear(datagram, stream=False)
            return not self.refusing

    def live(self, subscribed: bool) -> list[bytes]:
        """Let time pass until now; what the radio sends in this moment."""
        with self._lock:
            now_s = time.monotonic()
            self.device.advance(now_s - self.started_s)
            sent: list[bytes] = []
            if subscribed and not self._dropping and now_s >= self._stalled_until_s:
                for _ in range(self.radio.packets_at_once):
                    packet = self.device.say()
                    if packet is None:
                        break
                    sent += self._faults.carry(packet)
            self.notifications += len(sent)
            self.sent_bytes += sum(map(len, sent))
            return sent


def _random_static_address(device_id: bytes) -> str:
    """An address of the kind whose two highest bits are set, as the board's chip has one."""
    octets = [device_id[0] | 0xC0, *device_id[1:6]]
    return ":".join(f"{octet:02X}" for octet in octets)
