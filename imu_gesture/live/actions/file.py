"""The file that says what each gesture sets off. Nothing else is ever done."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from imu_gesture.errors import InputError
from imu_gesture.live.actions.places import http_place, mqtt_place, osc_place

Program = Annotated[list[str], Field(min_length=1)]
HttpPlace = Annotated[str, AfterValidator(http_place)]
MqttPlace = Annotated[str, AfterValidator(lambda text: mqtt_place(text) and text)]
OscPlace = Annotated[str, AfterValidator(lambda text: osc_place(text) and text)]


class GestureActions(BaseModel):
    """What one gesture sets off, all of it at once.

    Attributes:
        run: a program and its arguments, without a shell between.
        key: keys to press together, such as "ctrl+right".
        http: an address that gets a POST with JSON.
        mqtt: mqtt://HOST[:PORT]/TOPIC that gets the same JSON.
        osc: osc://HOST:PORT/ADDRESS that gets name and score.
        cooldown_s: so long after it has set something off, the gesture sets off nothing.
        least_score: a report with a lower score sets off nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    run: Program | None = None
    key: str | None = None
    http: HttpPlace | None = None
    mqtt: MqttPlace | None = None
    osc: OscPlace | None = None
    cooldown_s: float = Field(default=1.0, ge=0, allow_inf_nan=False)
    least_score: float = Field(default=0.0, ge=0, le=1)


_FILE = TypeAdapter(dict[str, GestureActions])


def read_actions(file: Path, known: Collection[str]) -> dict[str, GestureActions]:
    """By gesture; `known` are those that the model can report.

    Raises:
        InputError: the file cannot be read, says something else, or names another gesture.
    """
    try:
        with file.open("rb") as opened:
            actions = _FILE.validate_python(tomllib.load(opened))
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: is not TOML ({error})") from error
    except ValidationError as error:
        raise InputError(f"{file}: {_first(error)}") from error
    strange = [name for name in actions if name not in known]
    if strange:
        raise InputError(
            f"{file}: the model reports no {', '.join(map(repr, strange))}; it reports "
            f"{', '.join(known)}"
        )
    return actions


def _first(error: ValidationError) -> str:
    """Where the first thing is that is wrong, and what."""
    wrong = error.errors()[0]
    where, said = ".".join(map(str, wrong["loc"])), wrong["msg"].removeprefix("Value error, ")
    if wrong["type"] == "extra_forbidden":
        said = f"there is no such setting; there are {', '.join(GestureActions.model_fields)}"
    return f"{where}: {said}"
