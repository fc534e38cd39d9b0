"""What may go wrong with packets on their way: for tests, and to see what a program makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class FaultParams:
    """Share of packets that meet each fate."""

    drop: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    corrupt: float = 0.0


class FaultyPath:
    """Seeded faults on a sequence of packets or frames."""

    def __init__(self, params: FaultParams, seed: int) -> None:
        self._params = params
        self._rng = np.random.default_rng(seed)
        self._held: bytes | None = None

    def carry(self, packet: bytes) -> Iterator[bytes]:
        """What arrives when `packet` is sent."""
        params, rng = self._params, self._rng
        if rng.random() < params.drop:
            return
        if rng.random() < params.corrupt:
            changed = bytearray(packet)
            changed[rng.integers(len(changed))] ^= 1 << int(rng.integers(8))
            packet = bytes(changed)
        if self._held is None and rng.random() < params.reorder:
            self._held = packet
            return
        yield packet
        if self._held is not None:
            yield self._held
            self._held = None
        if rng.random() < params.duplicate:
            yield packet
