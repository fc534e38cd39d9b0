"""`imu-gesture import`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imu_gesture.cli.options import FiniteRange, json_option, workspace_option

if TYPE_CHECKING:
    from imu_gesture.recording.importers.options import ImportOptions
    from imu_gesture.recording.importers.run import FileReport

_FINDINGS_SHOWN = 10


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@workspace_option
@click.option(
    "--format",
    "format_name",
    required=True,
    type=click.Choice(["arduino", "csv", "edge-impulse", "parquet", "sp-sw-har", "uhh", "wisdm"]),
    help="Layout of the files.",
)
@click.option(
    "--rate",
    "rate_hz",
    type=FiniteRange(min=0, min_open=True),
    help="Samples per second, where the files have no times.",
)
@click.option("--label", help="Gesture in all files.  [default: the file's name]")
@click.option("--participant", help="Who performed it.")
@click.option("--session", help="Which sitting it was.")
@click.option(
    "--pattern",
    help="Where label, participant and session stand in a path, such as '{participant}/{label}_*'.",
)
@click.option(
    "--segments", help="Where one gesture ends: file, blank-line, label, rows:119, gap:0.5."
)
@click.option("--acc", nargs=3, help="csv: columns of the accelerometer.  [default: aX aY aZ]")
@click.option("--gyr", nargs=3, help="csv: columns of the gyroscope.  [default: gX gY gZ]")
@click.option("--no-gyr", is_flag=True, help="csv: there is no gyroscope.")
@click.option("--mag", nargs=3, help="csv: columns of the magnetometer.")
@click.option("--acc-unit", type=click.Choice(["g", "m/s2", "mg"]), default="g", show_default=True)
@click.option(
    "--gyr-unit",
    type=click.Choice(["deg/s", "rad/s", "mdeg/s"]),
    default="deg/s",
    show_default=True,
)
@click.option("--mag-unit", type=click.Choice(["uT", "G", "mG"]), default="uT", show_default=True)
@click.option("--time", help="csv: column of the times.")
@click.option(
    "--time-unit", type=click.Choice(["s", "ms", "us", "ns"]), default="s", show_default=True
)
@click.option("--label-column", help="csv: column that names the gesture in each row.")
@click.option(
    "--acc-range", "acc_range_g", type=float, help="Full scale in g, to find clipped samples."
)
@click.option("--gyr-range", "gyr_range_dps", type=float, help="Full scale in deg/s.")
@click.option("--prefix", default="", help="Put before the names of the new recordings.")
@json_option
def import_(
    source: Path, workspace: Path, format_name: str, prefix: str, as_json: bool, **said: Any
) -> None:
    """Import other people's recordings: a file, or all files below a folder.

    Whatever is odd about them is said with file and line: damaged rows, duplicates, clipped
    samples, times that go back, a rate that is not the stated one.
    """
    from imu_gesture.recording.importers.run import find_sources, import_sources
    from imu_gesture.workspace import Workspace

    sources = find_sources(source, format_name)
    recordings = Workspace(workspace).recordings
    reports = []
    for report in import_sources(sources, format_name, _options(said), recordings, prefix):
        reports.append(report)
        if not as_json:
            click.echo(_as_text(report))
    segments = sum(sum(report.segments.values()) for report in reports)
    if as_json:
        click.echo(
            json.dumps({"files": [asdict(report) for report in reports], "segments": segments})
        )
        return
    click.echo(
        f"{segments} segments from {len(reports)} files in {recordings}; next: imu-gesture train"
    )


def _options(said: dict[str, Any]) -> ImportOptions:
    from imu_gesture.recording.importers.options import (
        CsvLayout,
        ImportOptions,
        Segmentation,
        parse_segmentation,
    )

    layout = CsvLayout(
        acc=said["acc"] or CsvLayout.acc,
        gyr=None if said["no_gyr"] else (said["gyr"] or CsvLayout.gyr),
        mag=said["mag"],
        acc_unit=said["acc_unit"],
        gyr_unit=said["gyr_unit"],
        mag_unit=said["mag_unit"],
        time=said["time"],
        time_unit=said["time_unit"],
        label=said["label_column"],
        segments=parse_segmentation(said["segments"])
        if said["segments"]
        else Segmentation("label" if said["label_column"] else "file"),
    )
    return ImportOptions(
        csv=layout,
        rate_hz=said["rate_hz"],
        label=said["label"],
        participant=said["participant"],
        session=said["session"],
        pattern=said["pattern"],
        acc_range_g=said["acc_range_g"],
        gyr_range_dps=said["gyr_range_dps"],
    )


def _as_text(report: FileReport) -> str:
    rate = "times made from the stated rate"
    if report.found_rate_hz:
        rate = f"measured {report.found_rate_hz:.2f} Hz"
    if report.stated_rate_hz:
        rate += f", stated {report.stated_rate_hz:g} Hz"
    labels = ", ".join(f"{count} {name}" for name, count in report.segments.items())
    lines = [f"{report.source}: {report.samples} samples, {labels or 'nothing new'} ({rate})"]
    lines += [f"  {f.kind}: {f.where}: {f.message}" for f in report.findings[:_FINDINGS_SHOWN]]
    hidden = len(report.findings) - _FINDINGS_SHOWN
    if hidden > 0:
        lines.append(f"  ... and {hidden} more (all of them with --json)")
    return "\n".join(lines)
