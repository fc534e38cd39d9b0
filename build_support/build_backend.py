"""scikit-build-core, with a compiler from PyPI where the system has none."""

from __future__ import annotations

from compiler import ZIG, compiler_is_missing, with_compiler
from scikit_build_core import build as _plain
from scikit_build_core.build import (
    build_sdist,
    get_requires_for_build_sdist,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

Settings = dict[str, list[str] | str] | None


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """What CMake needs, and a compiler where there is none."""
    return [*_plain.get_requires_for_build_wheel(config_settings), *_compiler()]


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    """The same for a checkout that is installed where it lies."""
    return [*_plain.get_requires_for_build_editable(config_settings), *_compiler()]


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Compile and pack."""
    with with_compiler():
        return _plain.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Compile, and lead imports to the checkout."""
    with with_compiler():
        return _plain.build_editable(wheel_directory, config_settings, metadata_directory)


def _compiler() -> list[str]:
    return [ZIG] if compiler_is_missing() else []
