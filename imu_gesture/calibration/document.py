"""What is known of boards, as versioned JSON: written whole, read strictly."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from imu_gesture.errors import CalibrationError
from imu_gesture.recording.durable import write_whole

_MOST_PROBLEMS = 3


class Entry(BaseModel):
    """A part of a document: does not change, and has no fields that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _Version(BaseModel):
    version: int


_Model = TypeVar("_Model", bound=BaseModel)
_Document = TypeVar("_Document", bound=Entry)


def write_document(path: Path, document: Entry) -> None:
    """Write a document, making its folder; a crash leaves the one before.

    Raises:
        CalibrationError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, f"{document.model_dump_json(indent=2)}\n".encode())
    except OSError as error:
        raise CalibrationError(f"{path}: cannot be written ({error.strerror})") from error


def read_document(path: Path, kind: type[_Document], newest: int, cure: str) -> _Document:
    """Read what `write_document` wrote.

    The version is looked at first: a newer document has fields that are unknown here.

    Args:
        path: the file.
        kind: of document.
        newest: version that this program knows.
        cure: what to do about a damaged one.

    Raises:
        CalibrationError: it is missing, damaged, or too new.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CalibrationError(f"{path}: cannot be read ({error.strerror})") from error
    problems: list[str] = []
    found = _validated(_Version, content, problems)
    if found is not None and found.version > newest:
        raise CalibrationError(
            f"{path}: version {found.version} is newer than this program knows ({newest}); "
            "update imu-gesture"
        )
    document = _validated(kind, content, problems)
    if document is None or problems:
        told = "; ".join(list(dict.fromkeys(problems))[:_MOST_PROBLEMS])
        raise CalibrationError(f"{path}: {told}; {cure}")
    return document


def _validated(kind: type[_Model], content: bytes, problems: list[str]) -> _Model | None:
    """The document; None, and what is wrong with it added to the problems."""
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        for one in error.errors():
            place = ".".join(str(part) for part in one["loc"]) or "the file"
            problems.append(f"{place}: {one['msg']}")
        return None
