"""The user's folder: `recordings/`, `calibration/`, `mounts.json`, `models/<run>/`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from imu_gesture.errors import InputError


@dataclass(frozen=True)
class Workspace:
    """Where each stage finds what the one before it left."""

    root: Path

    @property
    def recordings(self) -> Path:
        """Folder of MCAP files and their labels."""
        return self.root / "recordings"

    @property
    def models(self) -> Path:
        """Folder with one folder for each training run."""
        return self.root / "models"

    def calibration_file(self, device_id: str) -> Path:
        """Where the profile of one board is kept."""
        return self.root / "calibration" / f"{_file_stem(device_id)}.json"

    @property
    def mounts_file(self) -> Path:
        """Where it is kept how boards sit on the body."""
        return self.root / "mounts.json"

    def recording_files(self) -> list[Path]:
        """All recordings, by name.

        Raises:
            InputError: there are none.
        """
        files = sorted(self.recordings.glob("*.mcap"))
        if not files:
            raise InputError(
                f"{self.recordings}: no recordings; make some with `imu-gesture record`, or bring "
                "some with `imu-gesture import`"
            )
        return files

    def new_recording(self, name: str) -> Path:
        """A path for a new recording: `name.mcap`, or `name-2.mcap`, ... where that exists."""
        self.recordings.mkdir(parents=True, exist_ok=True)
        stem = _file_stem(name)
        path, number = self.recordings / f"{stem}.mcap", 1
        while path.exists():
            number += 1
            path = self.recordings / f"{stem}-{number}.mcap"
        return path

    def runs(self) -> list[Path]:
        """Folders of finished training runs, the newest last; those named otherwise come first."""
        folders = [path.parent for path in self.models.glob("*/manifest.json")]
        return sorted(folders, key=lambda folder: (_run_number(folder), folder.name))

    def new_run(self) -> Path:
        """Create the next run's folder: `run-001`, `run-002`, ..."""
        numbers = [_run_number(folder) for folder in self.models.glob("run-*")]
        folder = self.models / f"run-{max(numbers, default=0) + 1:03d}"
        folder.mkdir(parents=True)
        return folder

    def run(self, name: str | None) -> Path:
        """The named run, or the newest.

        Raises:
            InputError: there is no such run.
        """
        runs = {path.name: path for path in self.runs()}
        if not runs:
            raise InputError(f"{self.models}: no model; make one with `imu-gesture train`")
        if name is None:
            return list(runs.values())[-1]
        if name not in runs:
            raise InputError(f"{self.models}: no run {name!r}; there are {', '.join(runs)}")
        return runs[name]


def _file_stem(name: str) -> str:
    """The name, without what file systems dislike."""
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in name)


def _run_number(folder: Path) -> int:
    """The number in `run-007`; 0 for any other name."""
    number = folder.name.removeprefix("run-")
    return int(number) if number.isdecimal() else 0
