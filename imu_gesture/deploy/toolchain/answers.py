"""What arduino-cli answers with `--json`.

Read in its source, version 1.0.0 to 1.5.1: `internal/cli/compile`, `upload`, `version` and
`feedback`. A result is one object on standard output, also where compiling has failed. What ends it
early is one object on standard error, with all that the tools have said until then.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from imu_gesture.deploy.toolchain.process import Finished
from imu_gesture.deploy.toolchain.size import BuildSize, size_of


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Section(_Part):
    name: str = ""
    size: int = 0


class _BuilderResult(_Part):
    executable_sections_size: list[_Section] = Field(default_factory=list)


class _Compiled(_Part):
    compiler_out: str
    compiler_err: str
    builder_result: _BuilderResult | None = None
    success: bool
    error: str = ""
    warnings: list[str] = Field(default_factory=list)


class _Port(_Part):
    address: str = ""


class _Uploaded(_Part):
    stdout: str
    stderr: str
    updated_upload_port: _Port | None = None
    warnings: list[str] = Field(default_factory=list)


class _Streams(_Part):
    stdout: str = ""
    stderr: str = ""


class _Fatal(_Part):
    error: str
    output: _Streams | None = None
    warnings: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """Whether it has worked, and in words all that was said.

    Attributes:
        size: of the compiled sketch.
        port: where arduino-cli sees the board after uploading; empty where it does not say.
    """

    worked: bool
    text: str
    size: BuildSize = field(default_factory=BuildSize)
    port: str = ""


def compiled(done: Finished) -> Answer:
    """To `compile --json`."""
    found = _object(done.out)
    try:
        told = _Compiled.model_validate(found)
    except ValidationError:
        return _failed(done)
    text = _joined(*told.warnings, told.compiler_out, told.compiler_err, told.error)
    sections = told.builder_result.executable_sections_size if told.builder_result else []
    by_name = {section.name: section.size for section in sections}
    size = BuildSize(by_name.get("text"), by_name.get("data"))
    # One that does not fit has no sections, but is told to the user.
    return Answer(told.success and done.code == 0, text, size if sections else size_of(text))


def uploaded(done: Finished) -> Answer:
    """To `upload --json`."""
    try:
        told = _Uploaded.model_validate(_object(done.out))
    except ValidationError:
        return _failed(done)
    text = _joined(*told.warnings, told.stdout, told.stderr)
    port = told.updated_upload_port.address if told.updated_upload_port else ""
    return Answer(done.code == 0, text, port=port)


def version_in(done: Finished) -> str:
    """In the answer to `version --json`, or to `version`; empty where there is none."""
    found = _object(done.out)
    if isinstance(found, dict) and isinstance(found.get("VersionString"), str):
        return str(found["VersionString"])
    _, _, rest = done.out.partition("Version: ")
    return rest.split()[0] if rest.split() else ""


def _failed(done: Finished) -> Answer:
    """There is no result: it was ended early, or is no arduino-cli that is known here."""
    try:
        told = _Fatal.model_validate(_object(done.err))
    except ValidationError:
        return Answer(False, done.output)
    streams = told.output or _Streams()
    return Answer(False, _joined(*told.warnings, streams.stdout, streams.stderr, told.error))


def _object(output: str) -> object:
    """The first JSON object that begins a line; None where there is none."""
    start = 0 if output.startswith("{") else output.find("\n{") + 1
    try:
        return json.JSONDecoder().raw_decode(output, start)[0]
    except json.JSONDecodeError:
        return None


def _joined(*texts: str) -> str:
    return "\n".join(text.strip("\n") for text in texts if text.strip())
