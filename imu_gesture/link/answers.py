"""What a board's answers mean, and who it says it is."""

from __future__ import annotations

import numpy as np

from imu_gesture import _core
from imu_gesture.device import BOARDS, DeviceInfo
from imu_gesture.errors import BoardError
from imu_gesture.link.questions import Question

_COUNTS = 32768  # full scale of 16-bit readings
_FORBIDDEN = (
    "over Bluetooth it obeys only a computer that was paired with it: connect it by USB and run "
    "`imu-gesture pair`"
)


def taken_note_of(_: _core.Ack, __: Question) -> None:
    """A board without a model has nothing to correct, and says so."""


def obeyed(ack: _core.Ack, _: Question) -> None:
    """Raises BoardError: the board has refused."""
    if ack.status != _core.AckStatus.DONE.value:
        raise BoardError(f"the board does not obey ({status_of(ack)})")


def status_of(ack: _core.Ack) -> str:
    """The answer in words."""
    if ack.status == _core.AckStatus.FORBIDDEN.value:
        return _FORBIDDEN
    names = {status.value: status.name.lower().replace("_", " ") for status in _core.AckStatus}
    return names.get(ack.status, f"status {ack.status}")


def check_agreed(ack: _core.Ack) -> None:
    """Raises BoardError: the board does not want to talk, and why."""
    if ack.status == _core.AckStatus.UNSUPPORTED_PROTOCOL.value:
        oldest, newest = ack.data
        raise BoardError(
            f"the board speaks protocol {oldest} to {newest}, this program "
            f"{_core.PROTOCOL_VERSION}; put the sketch of this version on it "
            "(`imu-gesture deploy`)"
        )
    if ack.status == _core.AckStatus.LINK_TOO_NARROW.value:
        raise BoardError(
            f"the link carries {ack.data[0]} bytes at once, {_core.MIN_PACKET} are needed; "
            "the computer's Bluetooth has not agreed on a larger size: connect again"
        )
    if ack.status == _core.AckStatus.BUSY.value:
        raise BoardError(
            "the board is talking over USB, and to one host at a time; close the program that "
            "has its serial port, or use that port"
        )


def device_info(hello: _core.Hello) -> DeviceInfo:
    """The board as it introduces itself."""
    return DeviceInfo(
        device_id=hello.device_id.hex(),
        board=BOARDS.get(hello.board_revision, f"revision {hello.board_revision}"),
        firmware=".".join(str(part) for part in hello.firmware),
        protocol=hello.protocol,
        model_id=hello.model_id.hex() if any(hello.model_id) else "",
        stated_rate_hz=float(np.round(hello.imu_rate_hz, 3)) or None,
        acc_g_per_lsb=hello.acc_g_per_lsb,
        gyr_dps_per_lsb=hello.gyr_dps_per_lsb,
        mag_ut_per_lsb=hello.mag_ut_per_lsb or None,
        acc_range_g=hello.acc_g_per_lsb * _COUNTS,
        gyr_range_dps=hello.gyr_dps_per_lsb * _COUNTS,
    )
