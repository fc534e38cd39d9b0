"""Model packages where scores here are the board's byte for byte, and where they may not be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from imu_gesture.deploy.golden import GOLDEN_WINDOWS
from imu_gesture.link.board_link import BoardLink
from imu_gesture.link.virtual.transport import VirtualTransport
from imu_gesture.workflow.boards import virtual_device
from imu_gesture.workflow.updating import update
from tests.live.small_model import small_model

_GOLDEN = slice(10, 12)  # how many windows: in a package's head, see model_package.h
_CODE = (
    "from imu_gesture.deploy.package import model_package\n"
    "from tests.live.small_model import small_model\n"
    "print(model_package(*small_model(1, {most_spread})).hex())"
)


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
