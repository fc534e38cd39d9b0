"""Counts off the wire as samples in physical units, by what the board has said of its sensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from imu_gesture import _core
from imu_gesture.errors import LinkError
from imu_gesture.samples import Samples


def in_units(columns: _core.SampleColumns, entry: Any, hello: _core.Hello | None) -> Samples:
    """Those rows that `entry` of a ledger keeps; of three values, the magnetometer's.

    Raises:
        LinkError: nobody knows the sensors' scales.
    """
    if hello is None:
        raise LinkError("samples came before the board had introduced itself")
    counts = np.ascontiguousarray(columns.counts[entry.keep])
    nothing, no_times = np.zeros((0, 3), np.float32), np.zeros(0, np.int64)
    if columns.values == 3:
        mag_ut = _core.counts_to_units(counts, hello.mag_ut_per_lsb)
        return Samples(no_times, nothing, nothing, no_times, entry.device_time_us, mag_ut)
    acc, gyr = np.ascontiguousarray(counts[:, :3]), np.ascontiguousarray(counts[:, 3:])
    return Samples(
        device_time_us=entry.device_time_us,
        acc_g=_core.counts_to_units(acc, hello.acc_g_per_lsb),
        gyr_dps=_core.counts_to_units(gyr, hello.gyr_dps_per_lsb),
        sequence=entry.sequence,
    )
