"""Whether a window can be opened here; Qt itself would end the program with nothing to catch."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from imu_gesture.errors import WindowError
from imu_gesture.provenance import is_installed

_PACKAGES = {"matplotlib": "matplotlib", "PySide6": "PySide6-Essentials"}

_LIBRARIES = (
    "libegl1 libglib2.0-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 "
    "libxkbcommon-x11-0"
)


def check_display() -> None:
    """Make sure that a window can be opened.

    Raises:
        WindowError: not here; says what is missing and what to do.
    """
    check_packages("matplotlib", "PySide6")
    if not sys.platform.startswith("linux"):
        return
    _check_reachable()
    if not os.environ.get("WAYLAND_DISPLAY"):
        check_loadable(_plugin())


def check_packages(*modules: str) -> None:
    """Make sure that what draws is installed.

    Raises:
        WindowError: it is not.
    """
    missing = [_PACKAGES.get(module, module) for module in modules if not is_installed(module)]
    if missing:
        raise WindowError(
            f"not installed: {', '.join(missing)}; run: pip install 'imu-gesture[window]'"
        )


def _check_reachable() -> None:
    from matplotlib._c_internal_utils import display_is_valid

    names = ("DISPLAY", "WAYLAND_DISPLAY")
    said = [f"{name}={os.environ[name]}" for name in names if os.environ.get(name)]
    if not said:
        raise WindowError(
            "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set); "
            "log in with a desktop, or with ssh -X"
        )
    if not display_is_valid():
        raise WindowError(
            f"the display does not answer ({', '.join(said)}); is it the right one, and may "
            "this user draw on it?"
        )


def _plugin() -> Path:
    """What Qt will load to draw on an X display."""
    import PySide6

    return Path(PySide6.__path__[0]) / "Qt" / "plugins" / "platforms" / "libqxcb.so"


def check_loadable(library: Path) -> None:
    """Load a library of Qt before Qt does: the linker names what it misses.

    Raises:
        WindowError: it cannot be loaded.
    """
    try:
        ctypes.CDLL(str(library))
    except OSError as error:
        raise WindowError(
            f"Qt cannot be loaded ({error}); on Debian and Ubuntu: apt install {_LIBRARIES}"
        ) from error
