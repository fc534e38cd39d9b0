"""Edge Impulse files as others make them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cbor2

from imu_gesture.recording.importers.edge_impulse import import_edge_impulse
from imu_gesture.recording.importers.imported import ImportedFile
from imu_gesture.recording.importers.options import ImportOptions
from tests.recording.importers import files

OPTIONS = ImportOptions()
ACC = [(f"acc{axis}", "m/s2") for axis in "XYZ"]
GYR = [(f"gyr{axis}", "dps") for axis in "XYZ"]


def document(sensors: list[tuple[str, str]] | None = None, **payload: Any) -> dict[str, Any]:
    sensors = ACC if sensors is None else sensors
    return {
        "protected": {"ver": "v1", "alg": "HS256"},
        "signature": "0" * 64,
        "payload": {
            "device_type": "MOBILE_CLIENT",
            "interval_ms": 16,
            "sensors": [{"name": name, "units": units} for name, units in sensors],
            "values": [[float(i + j) for i in range(len(sensors))] for j in range(4)],
            **payload,
        },
    }


def imported(
    folder: Path,
    content: dict[str, Any],
    name: str = "up.1.json",
    options: ImportOptions = OPTIONS,
) -> ImportedFile:
    encoded = cbor2.dumps(content) if name.endswith(".cbor") else json.dumps(content).encode()
    return import_edge_impulse(files.source(folder, encoded, name), options)
