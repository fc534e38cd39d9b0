"""Edge Impulse's data acquisition format and its `info.labels`, as we read the published pages.

https://docs.edgeimpulse.com/tools/specifications/data-acquisition/json-cbor
https://docs.edgeimpulse.com/tools/specifications/data-annotation/ei-labels
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

LABELS_NAME = "info.labels"
NO_SIGNATURE = "0" * 64
_SHOWN = 60

_LARGEST = 1e30  # finite as float32 in every unit

Reading = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=-_LARGEST, lt=_LARGEST)]


class Protected(BaseModel):
    """How the file is signed; `iat` is when it was made, in seconds since 1970."""

    ver: Literal["v1"] = "v1"
    alg: Literal["HS256", "none"]
    iat: float | None = Field(None, ge=0, lt=9e9)


class Sensor(BaseModel):
    """One axis."""

    name: str
    units: str


class Payload(BaseModel):
    """The readings: a row for each interval, in it a number for each axis."""

    device_name: str | None = None
    device_type: str
    interval_ms: float = Field(ge=1e-3, lt=1e9)
    sensors: tuple[Sensor, ...] = Field(min_length=1)
    values: list[list[Reading]]

    @field_validator("values", mode="before")
    @classmethod
    def _unflatten(cls, values: Any) -> Any:
        """A single axis may be written as numbers without rows."""
        if not isinstance(values, list):
            return values
        if any(isinstance(value, str) for value in values):
            raise ValueError("the readings are in a binary attachment, which is not supported")
        return [[value] if isinstance(value, int | float) else value for value in values]

    @model_validator(mode="after")
    def _is_a_table(self) -> Self:
        for number, row in enumerate(self.values):
            if len(row) != len(self.sensors):
                raise ValueError(
                    f"row {number} of values has {len(row)} numbers for {len(self.sensors)} sensors"
                )
        return self


class Acquisition(BaseModel):
    """One file."""

    protected: Protected
    signature: str = Field(pattern="^[0-9a-fA-F]{64}$")
    payload: Payload


class FileLabel(BaseModel):
    """What a whole file shows; the bounds of `multi-label` are not read."""

    type: Literal["label", "unlabeled", "multi-label"]
    label: str | None = None


class LabelledFile(BaseModel):
    """One file in `info.labels`; `path` counts from the folder that holds it."""

    model_config = ConfigDict(frozen=True)

    path: str
    category: str = "split"
    label: FileLabel | None = None
    metadata: dict[str, str] | None = None


class LabelsFile(BaseModel):
    """The content of `info.labels`."""

    version: Literal[1] = 1
    files: list[LabelledFile]


def first_problem(error: ValidationError) -> str:
    """What is wrong first, and where in the file."""
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"])) or "the file"
    found = "" if first["type"] == "value_error" else f", found {str(first['input'])[:_SHOWN]!r}"
    return f"{where}: {first['msg'].removeprefix('Value error, ')}{found}"
