"""A search on disk: what decides it, and one line for each trial, written when it is whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from imu_gesture.errors import InputError
from imu_gesture.recording.durable import sync, write_whole
from imu_gesture.workflow.search.trials import Trial

SETUP_NAME, TRIALS_NAME = "search.json", "trials.jsonl"
_FORMAT = 1

Setup = Mapping[str, object]  # plain values that decide every trial


@dataclass(frozen=True)
class SearchFolder:
    """`searches/NAME/`; what is not whole there, because somebody pulled the plug, is left out."""

    path: Path

    def known(self, setup: Setup) -> list[Trial]:
        """The trials of a search that was begun before; none of a new one.

        Raises:
            InputError: the search that is there was another one.
        """
        if not (self.path / SETUP_NAME).exists():
            return []
        self._check(_with_format(setup))
        return self.trials()

    def begin(self, setup: Setup) -> None:
        """Make ready for trials to be kept."""
        if (self.path / SETUP_NAME).exists():
            self._cut_torn_line()
            return
        self.path.mkdir(parents=True, exist_ok=True)
        write_whole(self.path / TRIALS_NAME, b"")
        text = json.dumps(_with_format(setup), indent=2) + "\n"
        write_whole(self.path / SETUP_NAME, text.encode())

    def setup(self) -> dict[str, object]:
        """What decided the search.

        Raises:
            InputError: there is none, or a newer version made it.
        """
        file = self.path / SETUP_NAME
        if not file.exists():
            there = sorted(found.parent.name for found in self.path.parent.glob(f"*/{SETUP_NAME}"))
            names = f"there are {', '.join(there)}" if there else "make one with imu-gesture search"
            raise InputError(f"no search in {self.path}; {names}")
        found: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
        if found.get("format") != _FORMAT:
            raise InputError(f"{file}: made by another version of imu-gesture; use another --name")
        return found

    def trials(self) -> list[Trial]:
        """All whole trials, by number."""
        text = (self.path / TRIALS_NAME).read_text(encoding="utf-8")
        whole = text[: text.rfind("\n") + 1]
        trials = [Trial.from_json(json.loads(line)) for line in whole.splitlines()]
        return sorted({trial.number: trial for trial in trials}.values(), key=lambda t: t.number)

    def keep(self, trial: Trial) -> None:
        """Write a trial down, for good."""
        with (self.path / TRIALS_NAME).open("ab") as file:
            file.write((json.dumps(trial.as_json()) + "\n").encode())
            sync(file)

    def _check(self, wanted: dict[str, object]) -> None:
        found = self.setup()
        for name, value in wanted.items():
            if found.get(name) != value:
                raise InputError(
                    f"{self.path} was searched with other {name.replace('_', ' ')} "
                    f"({_short(found.get(name))}, now {_short(value)}); use another --name, or "
                    "delete the folder"
                )

    def _cut_torn_line(self) -> None:
        file = self.path / TRIALS_NAME
        content = file.read_bytes()
        if not content.endswith(b"\n"):
            write_whole(file, content[: content.rfind(b"\n") + 1])


def _with_format(setup: Setup) -> dict[str, object]:
    """As it is read again."""
    plain: dict[str, object] = json.loads(json.dumps({"format": _FORMAT, **setup}))
    return plain


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) < 60 else f"{text[:56]}..."
