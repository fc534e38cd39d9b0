"""`imu-gesture pretrain`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from imu_gesture.cli.options import epoch_bar, json_option, seed_option, workspace_option


@click.command()
@workspace_option
@click.option(
    "--from",
    "sources",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Another workspace with gestures to learn from; may be given several times.",
)
@seed_option("Of weights and episodes.")
@json_option
def pretrain(workspace: Path, sources: tuple[Path, ...], seed: int, as_json: bool) -> None:
    """Learn what gestures are like, for `imu-gesture teach`: a minute or two.

    From simulated people, and from the recordings of every workspace that --from names. An
    embedding that has seen the gestures it is judged by later on flatters itself: leave out the
    workspace in which you will teach.
    """
    from imu_gesture.learning.fewshot_job import PretrainingConfig
    from imu_gesture.workflow.pretraining import pretrain_workspaces
    from imu_gesture.workflow.teaching import new_embedding_folder
    from imu_gesture.workspace import Workspace

    folder = new_embedding_folder(Workspace(workspace))
    places = [Workspace(source) for source in sources]
    with epoch_bar(quiet=as_json) as progress:
        manifest = pretrain_workspaces(places, folder, PretrainingConfig(seed=seed), progress)
    if as_json:
        entry = {"embedding": str(folder), "manifest": manifest.model_dump(mode="json")}
        click.echo(json.dumps(entry))
        return
    click.echo(f"embedding in {folder}, learnt from {', '.join(manifest.sets)}")
    click.echo(
        f"{manifest.episode_accuracy:.1%} of the last windows lay nearest to their own gesture; "
        "next: imu-gesture teach"
    )
