"""What is installed, and so what a result was made with."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec


def installed_versions(packages: Iterable[str]) -> dict[str, str]:
    """Versions of Python and of those packages that are installed."""
    found = {"python": platform.python_version()}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def is_installed(module: str) -> bool:
    """Whether a module can be found, without loading it."""
    try:
        return find_spec(module) is not None
    except ValueError:  # it was made impossible to import
        return False
