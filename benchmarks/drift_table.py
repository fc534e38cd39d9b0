"""Right answers by family, level, arm and front end; what was lost, and what came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from drift_cases import Case
from drift_device import Arm
from form import Row
from numpy.typing import NDArray

_FALL_POINTS = 3.0  # smaller falls say nothing about recovery
_ON = {"bias": Arm.ONLINE, "warm-up": Arm.ONLINE, "scale": Arm.DAY_0}
_ON |= {"gyro-bias": Arm.ONLINE, "mount": Arm.ONLINE, "time": Arm.ONLINE, "axes": Arm.DAY_0}

Cell = tuple[str, str, bool, str]  # family, level, with rest at the start, front end


@dataclass
class Table:
    """Answers of one set; `protocol` says how they came about."""

    name: str
    protocol: str
    _right: defaultdict[Cell, defaultdict[Arm, list[NDArray[np.bool_]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def add(self, case: Case, arm: Arm, front_end: str, right: NDArray[np.bool_]) -> None:
        """Take in one device's answers."""
        self._right[case.family, case.level, case.rested, front_end][arm].append(right)

    def rows(self) -> Iterator[Row]:
        """The summary, then every cell."""
        yield self._cost()
        for family in dict.fromkeys(cell[0] for cell in self._right if cell[0] != "clean"):
            yield self._recovery(family)
        for cell in self._right:
            yield self._cell(cell)

    def _accuracy(self, cell: Cell, arm: Arm) -> float:
        return float(np.concatenate(self._right[cell][arm]).mean())

    def _clean(self, cell: Cell) -> float:
        return self._accuracy(("clean", "none", cell[2], cell[3]), Arm.OFF)

    def _cost(self) -> Row:
        costs = {
            f"{cell[3]}, {_start(cell)}": 100
            * (self._accuracy(cell, Arm.OFF) - self._accuracy(cell, Arm.ONLINE))
            for cell in self._right
            if cell[0] == "clean"
        }
        note = "; ".join(f"{name} {cost:+.2f}" for name, cost in costs.items())
        worst = max(costs.values())
        return Row(
            f"{self.name}.clean.cost_points", worst, "points", note=f"{note}; {self.protocol}"
        )

    def _recovery(self, family: str) -> Row:
        """Over all cells that fell far enough: what came back, as a share of what was lost.

        Where none did: the deepest fall.
        """
        on = _ON[family]
        fallen = {
            cell: 100 * (self._clean(cell) - self._accuracy(cell, Arm.OFF))
            for cell in self._right
            if cell[0] == family
        }
        deepest = max(fallen.values())
        fallen = {cell: fall for cell, fall in fallen.items() if fall >= _FALL_POINTS}
        if not fallen:
            note = f"deepest; below {_FALL_POINTS:g} points nothing is to recover; {self.protocol}"
            return Row(f"{self.name}.{family}.fall_points", deepest, "points", note=note)
        shares = {cell: self._share(cell, on) for cell in fallen}
        worst = min(shares, key=lambda cell: shares[cell])
        arms = [arm for arm in self._right[worst] if arm not in (Arm.OFF, on)]
        peers = {arm.value: self._pooled(fallen, arm) for arm in arms}
        note = (
            f"{on.value}; pooled over {len(fallen)} cells that fell by {_FALL_POINTS:g} points or "
            f"more, {sum(fallen.values()) / len(fallen):.1f} on average; worst cell "
            f"{shares[worst]:.3f}: {worst[3]}, {worst[1]}, {_start(worst)}, fell "
            f"{fallen[worst]:.1f}"
        )
        return Row(f"{self.name}.{family}.recovery", self._pooled(fallen, on), "share", peers, note)

    def _share(self, cell: Cell, on: Arm) -> float:
        off = self._accuracy(cell, Arm.OFF)
        return (self._accuracy(cell, on) - off) / (self._clean(cell) - off)

    def _pooled(self, fallen: dict[Cell, float], on: Arm) -> float:
        gained = sum(
            self._accuracy(cell, on) - self._accuracy(cell, Arm.OFF)
            for cell in fallen
            if on in self._right[cell]
        )
        return 100 * gained / sum(fallen.values())

    def _cell(self, cell: Cell) -> Row:
        family, level, _, front_end = cell
        arms = {arm: self._accuracy(cell, arm) for arm in self._right[cell]}
        on = _ON.get(family, Arm.ONLINE)
        peers = {arm.value: value for arm, value in arms.items() if arm != on}
        if family != "clean":
            peers["clean"] = self._clean(cell)
        worst = min(float(right.mean()) for right in self._right[cell][on])
        start = "" if cell[2] else ".no_rest"
        name = f"{self.name}.{front_end}.{family}.{level}{start}".replace(" ", "_")
        note = f"{on.value}, {_start(cell)}; worst device {worst:.3f}"
        return Row(name, arms[on], "accuracy", peers, note)


def _start(cell: Cell) -> str:
    return "3 s of rest first" if cell[2] else "no rest first"
