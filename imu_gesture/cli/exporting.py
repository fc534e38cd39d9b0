"""`imu-gesture export`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from imu_gesture.cli.options import json_option, workspace_option

if TYPE_CHECKING:
    from imu_gesture.recording.exporters.run import FileReport

_FINDINGS_SHOWN = 10


@click.command("export")
@click.argument("recordings", nargs=-1, type=click.Path(path_type=Path))
@workspace_option
@click.option(
    "--format",
    "format_name",
    required=True,
    type=click.Choice(["csv", "edge-impulse-cbor", "edge-impulse-json", "parquet"]),
    help="What to write.",
)
@click.option(
    "--output",
    "-o",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the new files; none is ever overwritten.",
)
@click.option("--per-label", is_flag=True, help="A file for each labelled stretch.")
@click.option(
    "--hmac-key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Edge Impulse: sign with the HMAC key in this file.",
)
@json_option
def export(
    recordings: tuple[Path, ...],
    workspace: Path,
    format_name: str,
    folder: Path,
    per_label: bool,
    hmac_key_file: Path | None,
    as_json: bool,
) -> None:
    """Write recordings in other programs' formats.

    Takes all recordings of the workspace if none is named. Whatever a format cannot hold is said.
    """
    from imu_gesture.recording.exporters.piece import ExportOptions
    from imu_gesture.recording.exporters.run import export_recordings
    from imu_gesture.workspace import Workspace

    key = hmac_key_file.read_bytes().strip() if hmac_key_file else None
    chosen = list(recordings) or Workspace(workspace).recording_files()
    reports = []
    for report in export_recordings(chosen, format_name, folder, ExportOptions(key), per_label):
        reports.append(report)
        if not as_json:
            click.echo(_as_text(report))
    files = sum(len(report.files) for report in reports)
    if as_json:
        click.echo(json.dumps({"recordings": [asdict(r) for r in reports], "files": files}))
        return
    click.echo(f"{files} files from {len(reports)} recordings in {folder}")


def _as_text(report: FileReport) -> str:
    lines = [f"{report.recording}: {report.samples} samples in {len(report.files)} files"]
    lines += [f"  {f.kind}: {f.where}: {f.message}" for f in report.findings[:_FINDINGS_SHOWN]]
    hidden = len(report.findings) - _FINDINGS_SHOWN
    if hidden > 0:
        lines.append(f"  ... and {hidden} more (all of them with --json)")
    return "\n".join(lines)
