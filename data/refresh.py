"""Make what is shipped anew: recordings, demonstration model and embedding.

    python data/refresh.py                  all of it, and the model in `firmware_sketch`
    python data/refresh.py --embedding      the embedding of simulated people only

Recordings and model come out the same where processor and versions are.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from imu_gesture.deploy import demonstration, pretrained
from imu_gesture.deploy.manifest import MANIFEST_NAME, MODEL_NAME
from imu_gesture.labels import BACKGROUND
from imu_gesture.learning.fewshot_job import PretrainingConfig
from imu_gesture.recording.capture import CapturePlan, Source, capture
from imu_gesture.simulation.performer import GESTURES
from imu_gesture.workflow.boards import virtual_link
from imu_gesture.workflow.demo import run_demo
from imu_gesture.workflow.pretraining import pretrain_workspaces
from imu_gesture.workspace import Workspace

HERE = Path(__file__).parent
SEED = 7
REPEATS = 3


def main() -> None:
    """Everything, or the embedding only."""
    if sys.argv[1:] != ["--embedding"]:
        refresh_demonstration()
    pretrain_workspaces([], pretrained.FOLDER, PretrainingConfig())


def refresh_demonstration() -> None:
    """Record, then train."""
    recordings = HERE / "recordings"
    shutil.rmtree(recordings, ignore_errors=True)
    recordings.mkdir()
    with virtual_link(SEED) as link:
        source = Source(link)
        for label in (*GESTURES, BACKGROUND):
            seconds = 10.0 if label == BACKGROUND else 2.0
            plan = CapturePlan(label, REPEATS, seconds, participant="virtual")
            capture(source, recordings / f"{label}.mcap", plan)
    with TemporaryDirectory() as folder:
        result = run_demo(Workspace(Path(folder)), tell=print)
        for name in (MODEL_NAME, MANIFEST_NAME):
            shutil.copy(result.run.folder / name, demonstration.FOLDER / name)
        model = HERE.parent / "firmware_sketch" / "src" / "model"
        shutil.rmtree(model, ignore_errors=True)
        shutil.copytree(result.sketch / "src" / "model", model)


if __name__ == "__main__":
    main()
