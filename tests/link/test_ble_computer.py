"""What users are told when it is their computer's Bluetooth, by the real bleak on D-Bus."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)

from imu_gesture import _core
from imu_gesture.errors import LinkError
from imu_gesture.link.ble.errors import NotNowError, as_link_error
from imu_gesture.link.ble.radio import BleRadio
from imu_gesture.link.ble.scan import scan
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.virtual.ble_board import BleBoard
from tests.link.places import QUICK, WITH_DBUS, air, device

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is Linux's")


def reason(name: str) -> BleakError:
    why = BleakBluetoothNotAvailableReason[name]
    return BleakBluetoothNotAvailableError("no", why)


@on_linux
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (reason("POWERED_OFF"), "bluetoothctl power on"),
        (reason("NO_BLUETOOTH"), "no Bluetooth Low Energy radio"),
        (reason("NO_BLE_CENTRAL_ROLE"), "no Bluetooth Low Energy radio"),
        (reason("DENIED_BY_SYSTEM"), "usermod -a -G bluetooth"),
        (reason("UNKNOWN"), "is it on"),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", ["x"]), "bluetoothd"),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", ["x"]), "-G bluetooth"),
        (BleakDBusError("org.bluez.Error.NotReady", ["Resource Not Ready"]), "power on"),
        (PermissionError(13, "Permission denied"), "usermod -a -G bluetooth"),
        (FileNotFoundError(2, "No such file"), "system_bus_socket"),
    ],
)
def test_trouble_of_the_computer_is_told_with_its_cure(error: Exception, words: str) -> None:
    told = as_link_error(error, "left")
    assert isinstance(told, NotNowError)
    assert words in str(told)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "does not answer"),
        (BleakDeviceNotFoundError("X", "gone"), "was heard and is gone"),
        (BleakError("device 'dev_X' not found"), "was heard and is gone"),
        (BleakCharacteristicNotFoundError(_core.BLE_CARD), "deploy"),
        (BleakGATTProtocolError(14), "refused a request"),
        (BleakDBusError("org.bluez.Error.Failed", ["le-connection-abort-by-local"]), "nearer"),
    ],
)
def test_trouble_with_a_board_names_it_and_may_be_tried_again(error: Exception, words: str) -> None:
    told = as_link_error(error, "left")
    assert not isinstance(told, NotNowError)
    assert str(told).startswith("left: ")
    assert words in str(told)


@on_linux
def test_no_bus_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nothing'}")
    with pytest.raises(LinkError, match="no D-Bus system bus"):
        scan(0.1)


@WITH_DBUS
def test_no_bluetoothd_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from imu_gesture.link.virtual.private_bus import PrivateBus

    with PrivateBus() as bus:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
        with pytest.raises(LinkError, match="systemctl enable --now bluetooth"):
            BleRadio(None, None, QUICK).open()


@WITH_DBUS
def test_other_devices_in_the_air_are_not_boards(monkeypatch: pytest.MonkeyPatch) -> None:
    from imu_gesture.link.virtual.bluez_service import Bystander

    board = BleBoard(device(), "left")
    others = [Bystander("phone", "C4:00:00:00:00:01"), Bystander("", "C4:00:00:00:00:02")]
    with air("bluez", [board], monkeypatch, bystanders=others) as room:
        assert [one.name for one in scan(0.4)] == ["left"]
        with BoardLink(room.radio()) as link:
            assert link.info.source == "left"


@WITH_DBUS
def test_a_board_this_computer_holds_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        air("bluez", [BleBoard(device(), "left")], monkeypatch) as room,
        BoardLink(room.radio()),
        pytest.raises(LinkError, match=r"connected to this computer already: left \("),
    ):
        room.radio().open()
