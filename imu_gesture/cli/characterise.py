"""`imu-gesture characterise`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imu_gesture.cli.options import json_option

if TYPE_CHECKING:
    from imu_gesture.calibration.characterise import Characteristics


@click.command()
@click.argument("recording", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=lambda _, __, path: _drawable(path),
    help="Also draw the Allan deviation into this file: .png, .svg or .pdf.",
)
@click.option("--show", is_flag=True, help="Also draw it in a window.")
@json_option
def characterise(recording: Path, plot: Path | None, show: bool, as_json: bool) -> None:
    """Say what a board's sensors are like, from a recording in which it lay still.

    Noise density, bias instability (Allan deviation), measured rate, temperature slope; each only
    where the recording is long enough: two minutes, ten minutes, and five kelvin. To make one:
    imu-gesture record --label background --seconds 1800
    """
    from imu_gesture.calibration.characterise import characterise as figures_of
    from imu_gesture.live.display import check_display
    from imu_gesture.live.window import Window
    from imu_gesture.recording.mcap_file import read_recording
    from imu_gesture.report.allan_figure import AllanView, save_allan

    if show:
        check_display()
    found = figures_of(read_recording(recording))
    click.echo(json.dumps(_as_object(found)) if as_json else _as_text(recording, found))
    if plot is not None:
        save_allan(found, recording.name, plot)
        click.echo(f"{plot}: Allan deviation", err=True)
    if show:
        Window(AllanView(found, recording.name), closes="close").run()


def _drawable(path: Path | None) -> Path | None:
    if path is None:
        return None
    from imu_gesture.report.allan_figure import FORMATS

    if path.suffix.removeprefix(".").lower() not in FORMATS:
        raise click.BadParameter(f"{path}: choose a name that ends in .{', .'.join(FORMATS)}")
    return path


def _as_object(found: Characteristics) -> dict[str, Any]:
    def figures(values: Any) -> list[float] | None:
        return None if values is None else [float(value) for value in values]

    return {
        "duration_s": found.duration_s,
        "rate_hz": found.time_base.rate_hz,
        "rate_error": found.time_base.error,
        "gyr_noise_dps_per_rt_hz": figures(found.gyr.density),
        "gyr_bias_instability_dps": figures(found.gyr.bias_instability),
        "acc_noise_g_per_rt_hz": figures(found.acc.density),
        "acc_bias_instability_g": figures(found.acc.bias_instability),
        "gyr_offset_dps_per_k": figures(found.slope.per_k) if found.slope else None,
        "allan_tau_s": figures(found.gyr_allan.tau_s),
        "gyr_allan_dps": found.gyr_allan.deviation.tolist(),
        "acc_allan_g": found.acc_allan.deviation.tolist(),
        "refusals": list(found.refusals),
    }


def _as_text(recording: Path, found: Characteristics) -> str:
    base = found.time_base
    stated = "" if base.error is None else f", stated {base.stated_hz:g} Hz ({base.error:+.1%})"
    lines = [
        f"{recording}: {found.duration_s:.0f} s at rest",
        f"rate                     {base.rate_hz:.2f} Hz{stated}",
    ]
    if found.gyr.density is not None:
        lines.append(_line("gyroscope noise", found.gyr.density, "deg/s/√Hz"))
        lines.append(_line("angular random walk", found.gyr.density * 60, "deg/√h"))
    if found.gyr.bias_instability is not None:
        lines.append(_line("gyroscope instability", found.gyr.bias_instability * 3600, "deg/h"))
    if found.acc.density is not None:
        lines.append(_line("accelerometer noise", found.acc.density * 1e6, "µg/√Hz"))
    if found.acc.bias_instability is not None:
        lines.append(_line("accelerometer instability", found.acc.bias_instability * 1e6, "µg"))
    if found.slope is not None:
        lines.append(_line("gyroscope offset slope", found.slope.per_k, "deg/s/K"))
    return "\n".join([*lines, *(f"not told: {refusal}" for refusal in found.refusals)])


def _line(name: str, values: Any, unit: str) -> str:
    x, y, z = values
    return f"{name:24} x {x:.3g}  y {y:.3g}  z {z:.3g}  {unit}"
