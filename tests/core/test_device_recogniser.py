"""A device with a model: it recognises, corrects, and says what it computes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture import _core
from tests.core import independent_wire as independent
from tests.core.test_device import LABELS, Host

SAMPLES = 16
Int8Array = NDArray[np.int8]


def firmware(
    inputs: list[Int8Array], calibration: _core.CalibrationParams | None = None
) -> _core.Firmware:
    def classify(window: Int8Array) -> Int8Array:
        inputs.append(window)
        return np.array([127, -128, -128], np.int8)

    params = _core.FirmwareParams(
        _core.ConditionerParams(20_000, 6, calibration or _core.CalibrationParams()),
        _core.WindowParams(SAMPLES, 1),
        _core.FeatureParams(np.zeros(6, np.float32), np.ones(6, np.float32)),
        _core.QuantisationParams(0.05, 0),
        _core.DecisionParams([200] * len(LABELS), 1, 500_000),
    )
    return _core.Firmware(params, classify)


def asked(host: Host, name: str, **fields: object) -> independent.Packet:
    command = getattr(_core, name)()
    for field, value in fields.items():
        setattr(command, field, value)
    return host.ask(command)[-1]


def values() -> NDArray[np.float32]:
    """Matrices near the identity, and offsets."""
    noise = np.random.default_rng(0).normal(0, 0.1, 24)
    matrix = np.eye(3).ravel()
    return (np.concatenate([matrix, np.zeros(3)] * 2) + noise).astype(np.float32)


def test_until_one_is_set_nothing_is_corrected() -> None:
    ack = asked(Host(firmware=firmware([])), "GetCalibration")
    identity = [*np.eye(3).ravel(), 0, 0, 0] * 2
    expected = bytes(8) + np.array(identity, "<f4").tobytes() + b"\0"
    assert bytes.fromhex(str(ack.fields["data"])) == expected


def test_a_calibration_is_applied_and_told() -> None:
    wanted = values()
    found: tuple[list[Int8Array], list[Int8Array]] = ([], [])
    host = Host(firmware=firmware(found[0]))
    ack = asked(host, "Calibration", calibration_id=b"profile1", values=wanted)
    assert ack.fields["status"] == int(_core.AckStatus.DONE)
    host.move(60)
    acc = _core.AffineParams(wanted[:9].reshape(3, 3), wanted[9:12])
    gyr = _core.AffineParams(wanted[12:21].reshape(3, 3), wanted[21:])
    built_in = Host(firmware=firmware(found[1], _core.CalibrationParams(acc, gyr)))
    built_in.move(60)
    assert len(found[0]) > 5
    assert np.array_equal(np.array(found[0]), np.array(found[1]))
    ack = asked(host, "GetCalibration")
    expected = b"profile1" + wanted.astype("<f4").tobytes() + b"\1"
    assert bytes.fromhex(str(ack.fields["data"])) == expected
    assert host.ask(_core.AskHello())[0].fields["calibration_id"] == b"profile1".hex()


@pytest.mark.parametrize("name", ["Calibration", "GetCalibration", "RunVector"])
def test_a_board_without_a_model_has_nothing_to_correct(name: str) -> None:
    assert asked(Host(), name).fields["status"] != int(_core.AckStatus.DONE)


def test_scores_and_gestures_are_sent_where_they_are_asked_for() -> None:
    inputs: list[Int8Array] = []
    host = Host(firmware=firmware(inputs))
    host.start(_core.STREAM_GESTURES | _core.STREAM_SCORES)
    host.move(60)
    packets = [independent.decode_packet(packet) for packet in host.packets()]
    scores = [packet for packet in packets if packet.name == "Scores"]
    assert len(scores) == len(inputs) > 5
    assert {packet.fields["levels"] for packet in scores} == {"ff0000"}
    assert [p.fields["label"] for p in packets if p.name == "Gesture"] == [0]


def test_a_vector_that_is_written_in_parts_is_scored() -> None:
    inputs: list[Int8Array] = []
    host = Host(firmware=firmware(inputs))
    vector = np.random.default_rng(1).integers(-128, 128, SAMPLES * 6, np.int8)
    for offset in (0, 50):
        asked(host, "WriteVector", offset=offset, bytes=vector[offset : offset + 50].tobytes())
    ack = asked(host, "RunVector")
    assert bytes.fromhex(str(ack.fields["data"])) == b"\x7f\x80\x80"
    assert np.array_equal(inputs[0].ravel(), vector)
