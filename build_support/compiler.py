"""A C++ compiler from PyPI, for systems that have none.

On Windows, Python's own libraries want Microsoft's compiler, so none is brought along there.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ZIG = "ziglang==0.17.1"  # as requirements/compiler.txt has it
_COMPILERS = ("c++", "g++", "clang++")
_TOOLS = ("cc", "c++", "ar", "ranlib")


def compiler_is_missing() -> bool:
    """Whether a compiler has to be brought along."""
    named = os.environ.get("CXX")
    return os.name == "posix" and not any(map(shutil.which, [named] if named else _COMPILERS))


@contextmanager
def with_compiler() -> Iterator[None]:
    """Zig under the usual names, first on the path, where the system has no compiler."""
    if not compiler_is_missing():
        yield
        return
    print("no C++ compiler is on PATH: compiling with the one of the package ziglang", flush=True)
    before = {name: os.environ.get(name) for name in ("PATH", "CC", "CXX")}
    with TemporaryDirectory() as folder:
        for tool in _TOOLS:
            script = Path(folder) / tool
            script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ziglang {tool} "$@"\n')
            script.chmod(0o755)
        os.environ["PATH"] = os.pathsep.join([folder, before["PATH"] or ""])
        os.environ["CC"], os.environ["CXX"] = f"{folder}/cc", f"{folder}/c++"
        try:
            yield
        finally:
            os.environ.update({name: value for name, value in before.items() if value is not None})
            for name in (name for name, value in before.items() if value is None):
                del os.environ[name]
