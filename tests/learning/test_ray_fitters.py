"""Which clusters and nodes are refused; what runs on them is in `workflow/search`."""

from __future__ import annotations

import pytest

from imu_gesture.learning.fitters import FitterLostError
from imu_gesture.learning.ray_fitters import check_versions
from imu_gesture.provenance import installed_versions

HERE = installed_versions(("imu-gesture", "tensorflow", "keras", "numpy", "tflite-micro"))


def test_a_node_with_the_same_versions_will_do() -> None:
    check_versions(HERE)


@pytest.mark.parametrize("package", ["python", "imu-gesture", "tensorflow"])
def test_a_node_with_another_version_is_named_with_it(package: str) -> None:
    said = rf"node .* has {package} {HERE[package]}, and 0\.0 is wanted; install the same versions"
    with pytest.raises(FitterLostError, match=said):
        check_versions({**HERE, package: "0.0"})


def test_a_package_that_only_the_node_has_counts_too() -> None:
    without = {name: version for name, version in HERE.items() if name != "tflite-micro"}
    with pytest.raises(FitterLostError, match="and None is wanted"):
        check_versions(without)
