"""Where no window can be opened, it is said why; the command's messages are in tests/cli."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from imu_gesture.errors import WindowError
from imu_gesture.live.display import check_display, check_loadable, check_packages


@pytest.mark.usefixtures("screen")
def test_a_display_that_answers_will_do() -> None:
    check_display()


def test_a_library_that_is_none_is_refused_with_what_to_install(tmp_path: Path) -> None:
    broken = tmp_path / "libqxcb.so"
    broken.write_bytes(b"")
    with pytest.raises(WindowError, match=r"Qt cannot be loaded \(.*libqxcb.*apt install .*xcb"):
        check_loadable(broken)


@pytest.mark.parametrize(
    ("module", "package"), [("PySide6", "PySide6-Essentials"), ("matplotlib", "matplotlib")]
)
def test_a_missing_package_is_named(
    module: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(WindowError, match=f"not installed: {package};"):
        check_packages("numpy", module)
