"""Nine axes over Bluetooth, from virtual boards to the real bleak: what it costs and loses."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from faults import FAULTS, Count, endure, virtual_device
from form import Row, say

from imu_gesture.link.ble.radio import BleRadio
from imu_gesture.link.ble.scan import BleBackends
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.link import SamplesLost, SamplesReceived
from imu_gesture.link.virtual.ble_board import BleBoard, RadioParams
from imu_gesture.link.virtual.bluez_peripheral import BluezPeripheral
from imu_gesture.link.virtual.bumble_peripheral import BumblePeripheral

_PEERS = {"": "BlueZ's API on D-Bus", ".bumble": "bumble's HCI, L2CAP and ATT"}
_SLOW = RadioParams(interval_s=0.03, packets_at_once=1)  # 33 notifications a second, at most
_MACOS_MTU = 185


@dataclass
class _Heard:
    """What one host has got of one board."""

    count: Count
    ages_s: list[float] = field(default_factory=list)  # of the oldest sample in each piece


def ble(quick: bool) -> Iterator[Row]:
    """All rows about Bluetooth."""
    seconds, rounds = (2.0, 1) if quick else (60.0, 5)
    for peer, what in _PEERS.items():
        say(f"Bluetooth, {what}: {seconds:g} s for each of four kinds of link")
        yield from _one_board(peer, seconds)
        yield from _other_radios(peer, seconds)
        yield _four_boards(peer, seconds)
    yield from _faults(rounds)


def _one_board(peer: str, seconds: float) -> Iterator[Row]:
    board = BleBoard(virtual_device(0))
    with _air(peer, [board]) as backends:
        rates, heard = _rates(board, backends, seconds)
    note = f"LSM9DS1, nine axes, {seconds:g} s; {_PEERS[peer]}; {heard.count}"
    yield Row(f"ble.bytes_per_s{peer}", rates[0], "B/s", note=note)
    yield Row(f"ble.notifications_per_s{peer}", rates[1], "1/s", note=note)
    missing = heard.count.sent - heard.count.received
    yield Row(f"ble.lost_samples{peer}", missing, "samples", note=note)
    median_ms, p99_ms = 1e3 * np.percentile(heard.ages_s, [50, 99])
    age = f"{note}; of the oldest sample in a packet when it is handed to the program"
    yield Row(f"ble.age_median_ms{peer}", median_ms, "ms", note=age)
    yield Row(f"ble.age_p99_ms{peer}", p99_ms, "ms", note=age)


def _other_radios(peer: str, seconds: float) -> Iterator[Row]:
    board = BleBoard(virtual_device(0), radio=RadioParams(mtu=_MACOS_MTU))
    with _air(peer, [board]) as backends:
        rates, heard = _rates(board, backends, seconds)
    note = f"MTU {_MACOS_MTU}, as macOS offers; {_PEERS[peer]}; {heard.count}"
    yield Row(f"ble.notifications_per_s_mtu185{peer}", rates[1], "1/s", note=note)
    board = BleBoard(virtual_device(0), radio=_SLOW)
    with _air(peer, [board]) as backends:
        heard = _listen(BleRadio(None, backends), board, seconds)
    note = f"{_SLOW}; {_PEERS[peer]}; {heard.count}"
    missing = heard.count.sent - heard.count.received
    yield Row(f"ble.lost_samples_slow_radio{peer}", missing, "samples", note=note)


def _four_boards(peer: str, seconds: float) -> Row:
    boards = [BleBoard(virtual_device(seed), f"gesture{seed}") for seed in range(4)]
    counts: list[Count] = []
    with _air(peer, boards) as backends:

        def listen(board: BleBoard) -> None:
            counts.append(_listen(BleRadio(board.name, backends), board, seconds).count)

        threads = [threading.Thread(target=listen, args=(board,)) for board in boards]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(counts) == len(boards)
    total = sum(counts, Count(0, 0, 0))
    note = f"four boards at once for {seconds:g} s; {_PEERS[peer]}; {total}"
    return Row(
        f"ble.four_boards_lost_samples{peer}", total.sent - total.received, "samples", note=note
    )


def _faults(rounds: int) -> Iterator[Row]:
    for peer, what in _PEERS.items():
        say(f"{rounds} rounds of faults over Bluetooth, {what}")
        total = Count(0, 0, 0)
        for seed in range(rounds):
            board = BleBoard(virtual_device(seed), faults=FAULTS)
            with _air(peer, [board]) as backends:
                total += endure(board, BleRadio(None, backends))
        note = f"{what}: {total}; {FAULTS}, out of reach, reset"
        yield Row(f"faults.unreported_samples_ble{peer}", total.unreported, "samples", note=note)


@contextmanager
def _air(peer: str, boards: Sequence[BleBoard]) -> Iterator[BleBackends]:
    if peer:
        with BumblePeripheral(boards) as bumble:
            yield bumble.backends
    else:
        with BluezPeripheral(boards) as bluez:
            os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = bluez.address
            yield BleBackends()


def _rates(
    board: BleBoard, backends: BleBackends, seconds: float
) -> tuple[tuple[float, float], _Heard]:
    """Bytes and notifications a second that the board's radio sent."""
    heard = _listen(BleRadio(None, backends), board, seconds)
    return (board.sent_bytes / seconds, board.notifications / seconds), heard


def _listen(radio: BleRadio, board: BleBoard, seconds: float) -> _Heard:
    heard = _Heard(Count(0, 0, 0))
    received = lost = 0
    with BoardLink(radio) as link:
        board.notifications = board.sent_bytes = 0
        end_s = time.monotonic() + seconds
        for event in _all_events(link, end_s):
            if isinstance(event, SamplesReceived) and len(event.samples):
                received += len(event.samples)
                taken_s = board.started_s + event.samples.device_time_us[0] * 1e-6
                heard.ages_s.append(time.monotonic() - taken_s)
            elif isinstance(event, SamplesLost):
                lost += event.count or 0
    heard.count = Count(board.device.sent, received, lost)
    return heard


def _all_events(link: BoardLink, end_s: float) -> Iterator[object]:
    for event in link.events():
        yield event
        if time.monotonic() > end_s:
            break
    yield from link.finish()
