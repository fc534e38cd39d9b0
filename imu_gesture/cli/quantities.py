"""Sizes and counts as people write them: 12KB, 400k."""

from __future__ import annotations

import re
from collections.abc import Mapping

import click


class Quantity(click.ParamType[int]):
    """A whole number of something, with a unit's letter or without; more than none."""

    def __init__(self, name: str, factors: Mapping[str, int], example: str) -> None:
        self.name = name
        self._factors, self._example = factors, example

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """The number, or a usage error."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", str(value).lower())
        factor = self._factors.get(found[2]) if found else None
        number = int(float(found[1]) * factor) if found and factor else 0
        if number < 1:
            self.fail(f"{value!r} is no {self.name}; write it as {self._example}.", param, ctx)
        return number


BYTES = Quantity(
    "size", {"": 1, "b": 1, "k": 1024, "kb": 1024, "kib": 1024}, "12KB, 12.5KB or 12288"
)
COUNT = Quantity("count", {"": 1, "k": 1000, "m": 1_000_000}, "400k, 1.5M or 400000")
