"""Files that outlive a crash, and that two processes do not write at once."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl


def lock(stream: IO[bytes]) -> bool:
    """Claim a file until it is closed or the process ends; False where another one has it.

    Windows needs none: a file that is open cannot be replaced there.
    """
    if sys.platform != "win32":
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass  # some network drives know no locks
    return True


def sync(stream: IO[bytes]) -> None:
    """Everything written so far is on the disk when this returns."""
    stream.flush()
    os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """The names in a folder are on the disk when this returns, where the system has a way."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # some network drives cannot
                os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_whole(path: Path, content: bytes) -> None:
    """Put a whole file in the place of the one before, if any; a crash leaves one of the two."""
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as stream:
        stream.write(content)
        sync(stream)
    new.replace(path)


def replace(new: Path, old: Path) -> None:
    """Put `new`, which is on the disk, in the place of `old`: at no time is there none of them."""
    shutil.copymode(old, new)
    new.replace(old)
    sync_folder(old.parent)
