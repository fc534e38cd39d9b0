"""Model packages where scores here are the board's byte for byte, and where they may not be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.deploy.golden import GOLDEN_WINDOWS
from imu_gesture.deploy.package import model_package
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.virtual.transport import VirtualTransport
from imu_gesture.workflow.boards import virtual_device
from imu_gesture.workflow.updating import update
from tests.live.small_model import small_model
from tests.models.manifests import triggered

_PARAMS_SIZE, _FIRST_PARAM_BYTES = slice(6, 8), 294
GOLDEN, SCORES = np.zeros((0, 16, 6), np.int8), np.zeros((0, 6), np.int8)
_GOLDEN = slice(10, 12)  # how many windows: in a package's head, see model_package.h
_CODE = (
    "from imu_gesture.deploy.package import model_package\n"
    "from tests.live.small_model import small_model\n"
    "print(model_package(*small_model(1, {most_spread})).hex())"
)


def test_what_came_later_travels_with_the_model_and_takes_no_room_where_it_says_nothing() -> None:
    manifest, tflite = small_model()
    rejecting, _ = small_model(0, 300)
    usual, triggers, rejects = (
        _core.model_package(
            said.firmware_params(),
            list(said.label_names),
            bytes(8),
            4096,
            GOLDEN,
            SCORES[:, : said.firmware_params().decision.outputs].copy(),
            tflite,
        )
        for said in (manifest, triggered(manifest), rejecting)
    )
    sizes = [
        int.from_bytes(package[_PARAMS_SIZE], "little") for package in (usual, triggers, rejects)
    ]
    assert sizes == [_FIRST_PARAM_BYTES, _FIRST_PARAM_BYTES + 49, _FIRST_PARAM_BYTES + 51]
    assert [_core.package_problem(package) for package in (usual, triggers, rejects)] == [0, 0, 0]


@pytest.mark.parametrize("size", [0, 293, 346, 1000])
def test_parameters_that_are_too_few_or_too_many_are_of_another_version(size: int) -> None:
    manifest, tflite = small_model()
    package = bytearray(model_package(manifest, tflite))
    package[_PARAMS_SIZE] = size.to_bytes(2, "little")
    assert _core.package_problem(bytes(package)) == 2


@pytest.mark.parametrize("most_spread", [0, 300], ids=["scores", "scores and logits"])
@pytest.mark.parametrize(
    ("missing", "windows"), [([], GOLDEN_WINDOWS), (["tflite_micro"], 0)], ids=["exact", "not"]
)
def test_a_board_takes_it_and_checks_it_with_windows_only_where_they_are_right(
    missing: list[str], windows: int, most_spread: int, run_python: Callable[..., str]
) -> None:
    package = bytes.fromhex(run_python(_CODE.format(most_spread=most_spread), missing=missing))
    assert int.from_bytes(package[_GOLDEN], "little") == windows
    with BoardLink(VirtualTransport(virtual_device(0, small_model(0)))) as link:
        update(link, package, lambda _, __: None)
        assert link.model_id == small_model(1, most_spread)[0].model_id
