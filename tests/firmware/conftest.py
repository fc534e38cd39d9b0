"""The machines that the core is built for, and the IMU drivers with their modelled chips."""

import shutil
from pathlib import Path

import pytest

from tests.firmware import imu_bench
from tests.firmware.compilers import TARGETS, Target


@pytest.fixture(params=TARGETS, ids=lambda target: target.name)
def target(request: pytest.FixtureRequest) -> Target:
    chosen: Target = request.param
    if chosen.missing:
        pytest.skip(f"{chosen.missing} is not installed (.ci/run names its package)")
    return chosen


@pytest.fixture(scope="session")
def imu(tmp_path_factory: pytest.TempPathFactory) -> imu_bench.Run:
    """Runs the drivers with the settings of `imu_run.cpp`."""
    if shutil.which("g++") is None:
        pytest.skip("g++ is not installed")
    folder: Path = tmp_path_factory.mktemp("imu")
    program = imu_bench.build(folder)
    return lambda **settings: imu_bench.run(program, folder, **settings)


@pytest.fixture(params=[1, 2], ids=["lsm9ds1", "bmi270"])
def board(request: pytest.FixtureRequest) -> int:
    """A board revision."""
    revision: int = request.param
    return revision
