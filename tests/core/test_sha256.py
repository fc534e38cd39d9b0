"""`sha256.h` through what rests on it, against Python's own hashlib and hmac."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np
import pytest

from imu_gesture import _core


@pytest.mark.parametrize("size", [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000, 20_000])
def test_digests_are_hashlibs(size: int) -> None:
    data = np.random.default_rng(size).bytes(size)
    assert _core.sha256(data) == hashlib.sha256(data).digest()


@pytest.mark.parametrize("size", [0, 1, 64, 200])
def test_tags_are_hmacs(size: int) -> None:
    key, data = np.random.default_rng(size).bytes(32), np.random.default_rng(size + 1).bytes(size)
    assert _core.hmac_sha256(key, data) == hmac.digest(key, data, "sha256")
