"""The machines that the core is built for."""

import pytest

from tests.firmware.compilers import TARGETS, Target


@pytest.fixture(params=TARGETS, ids=lambda target: target.name)
def target(request: pytest.FixtureRequest) -> Target:
    chosen: Target = request.param
    if chosen.missing:
        pytest.skip(f"{chosen.missing} is not installed (.ci/run names its package)")
    return chosen
