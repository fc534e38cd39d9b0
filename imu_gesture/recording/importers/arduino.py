"""Import of the Arduino tutorials' layout: `aX,aY,aZ,gX,gY,gZ` in g and deg/s, 119 rows a gesture.

The capture sketch prints an empty line after each gesture; many files have lost them. The stated
rate and ranges are those of the Arduino_LSM9DS1 library.
"""

from __future__ import annotations

from dataclasses import replace

from imu_gesture.recording.importers.csv_file import import_csv
from imu_gesture.recording.importers.imported import ImportedFile, Source
from imu_gesture.recording.importers.options import ImportOptions, Segmentation, Triple
from imu_gesture.recording.importers.table import read_header

RATE_HZ = 119.0
ROWS_PER_GESTURE = 119
ACC_RANGE_G = 4.0
GYR_RANGE_DPS = 2000.0
_MAG: Triple = ("mX", "mY", "mZ")


def import_arduino(source: Source, options: ImportOptions) -> ImportedFile:
    """Import one file of the capture sketch; options that are set override the layout's own."""
    given = options.csv.segments
    has_mag = set(_MAG) <= set(read_header(source))
    layout = replace(
        options.csv,
        mag=options.csv.mag or (_MAG if has_mag else None),
        segments=given if given.kind != "file" else Segmentation("auto", rows=ROWS_PER_GESTURE),
    )
    return import_csv(
        source,
        replace(
            options,
            csv=layout,
            rate_hz=options.rate_hz or RATE_HZ,
            acc_range_g=options.acc_range_g or ACC_RANGE_G,
            gyr_range_dps=options.gyr_range_dps or GYR_RANGE_DPS,
        ),
    )
