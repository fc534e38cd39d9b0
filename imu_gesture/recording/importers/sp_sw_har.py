"""Import of the GeoTec watch and phone measurements: people who sit, stand up, walk and turn.

`sNN_RR_sw.csv` has `x_acc,y_acc,z_acc` in m/s² with gravity, `x_gyro,y_gyro,z_gyro` in rad/s,
`timestamp` in Unix ms and `label`, the activity (Matey-Sanz, Casteleyn and Granell 2023,
doi 10.1016/j.dib.2023.109809). All of it is background.
"""

from __future__ import annotations

from dataclasses import replace

from imu_gesture.labels import background_label
from imu_gesture.recording.importers.csv_file import import_csv
from imu_gesture.recording.importers.imported import ImportedFile, Source, SourceSegment
from imu_gesture.recording.importers.options import CsvLayout, ImportOptions, Segmentation

_LAYOUT = CsvLayout(
    acc=("x_acc", "y_acc", "z_acc"),
    gyr=("x_gyro", "y_gyro", "z_gyro"),
    acc_unit="m/s2",
    gyr_unit="rad/s",
    time="timestamp",
    time_unit="ms",
    label="label",
    segments=Segmentation("label"),
)
_PATTERN = "**/{participant}_{session}_*"


def import_sp_sw_har(source: Source, options: ImportOptions) -> ImportedFile:
    """Import one file; `SITTING_DOWN` becomes `background/sitting down`."""
    pattern = options.pattern or _PATTERN
    imported = import_csv(source, replace(options, csv=_LAYOUT, pattern=pattern))
    info = imported.info.model_copy(update={"source": f"{source.name} (sp-sw-har)"})
    segments = tuple(_as_background(segment) for segment in imported.segments)
    return replace(imported, segments=segments, info=info)


def _as_background(segment: SourceSegment) -> SourceSegment:
    activity = (segment.label or "").lower().replace("_", " ").strip()
    return replace(segment, label=background_label(activity or None))
