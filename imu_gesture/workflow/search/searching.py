"""Search the recordings of a workspace for the best model that a budget allows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace

from imu_gesture.dataset.trust import load_trusted
from imu_gesture.errors import InputError
from imu_gesture.learning.fitters import FitterLostError, Fitters
from imu_gesture.provenance import installed_versions
from imu_gesture.workflow.correcting import readings_of
from imu_gesture.workflow.search.bench import Bench, training_seed
from imu_gesture.workflow.search.folder import SearchFolder
from imu_gesture.workflow.search.runner import Runner
from imu_gesture.workflow.search.sampling import GENERATION, check_optuna, generation
from imu_gesture.workflow.search.space import DEFAULT_MAX_HOP_S, Params, Space, space
from imu_gesture.workflow.search.trials import Budget, Trial, best_of, front_of
from imu_gesture.workflow.shortcomings import worst_first
from imu_gesture.workflow.training import TrainingOptions
from imu_gesture.workspace import Workspace

DEFAULT_NAME, DEFAULT_TRIALS = "search", 40
_PACKAGES = ("imu-gesture", "optuna", "tensorflow", "keras", "numpy", "tflite-micro")

Progress = Callable[[float, int, "Trial | None"], None]  # trials done, trials in all, the best
OpenFitters = Callable[[], AbstractContextManager[Fitters]]


@dataclass(frozen=True)
class SearchOptions:
    """What the user may choose.

    Attributes:
        told: what holds for every candidate: folds, epochs, which readings.
        max_hop_s: the longest time from one decision to the next.
        seed: of candidates and of their training.
    """

    name: str = DEFAULT_NAME
    trials: int = DEFAULT_TRIALS
    budget: Budget = field(default_factory=Budget)
    told: TrainingOptions = field(default_factory=TrainingOptions)
    max_hop_s: float = DEFAULT_MAX_HOP_S
    seed: int = 0


@dataclass(frozen=True, eq=False)
class SearchResult:
    """All trials of a search that is over.

    Attributes:
        kept: so many of the trials were there before.
        warnings: of the recordings.
    """

    folder: SearchFolder
    budget: Budget
    folds: tuple[str, ...]
    trials: list[Trial]
    kept: int
    warnings: tuple[str, ...]
    seconds: float

    @property
    def best(self) -> Trial | None:
        """The most accurate that keeps the budget."""
        return best_of(self.trials, self.budget)

    @property
    def front(self) -> list[Trial]:
        """Those than which none is both better and cheaper; best first."""
        return front_of(self.trials, self.budget)

    @property
    def default(self) -> Trial:
        """What `train` makes when it is told nothing."""
        return self.trials[0]


def search_folder(workspace: Workspace, name: str) -> SearchFolder:
    """Where a search of that name is kept.

    Raises:
        InputError: the name is no name for a folder.
    """
    if not name or any(not (c.isalnum() or c in "-_.") for c in name) or set(name) <= {"."}:
        raise InputError(f"{name!r} cannot name a search; use letters, digits, - and _")
    return SearchFolder(workspace.root / "searches" / name)


def search_workspace(
    workspace: Workspace,
    options: SearchOptions,
    open_fitters: OpenFitters,
    progress: Progress = lambda _done, _total, _best: None,
) -> SearchResult:
    """Try candidates until there are `options.trials`; those that were tried before are kept.

    The same recordings, options and versions give the same trials, however many fitters there
    are, whenever they end, and however often the search was interrupted.

    Raises:
        InputError: the folder has another search.
        DatasetError: the recordings cannot be learned from, or cannot be held out so.
        FitterLostError: a process ended without an answer; the search can go on.
    """
    started = time.monotonic()
    check_optuna()
    folder = search_folder(workspace, options.name)
    trusted = load_trusted(workspace.recording_files(), options.told.accept_bad)
    readings = readings_of(trusted.recordings, workspace, options.told.raw)
    bench = Bench.of(readings.recordings, replace(options.told, seed=training_seed(options.seed)))
    searched = space(bench.gyroscope, options.max_hop_s)
    setup = _setup(bench, searched, options)
    kept = folder.known(setup)
    study = _Study(bench, searched, options, folder, progress)
    study.known.update({trial.number: trial for trial in kept})
    if any(number not in study.known for number in range(options.trials)):
        with open_fitters() as fitters:
            folder.begin(setup)
            study.run(fitters)
    return SearchResult(
        folder=folder,
        budget=options.budget,
        folds=bench.folds,
        trials=[study.known[number] for number in range(options.trials)],
        kept=sum(trial.number < options.trials for trial in kept),
        warnings=worst_first(bench.shortcomings, trusted.warnings, readings.warnings),
        seconds=time.monotonic() - started,
    )


class _Study:
    """Generation after generation."""

    def __init__(
        self,
        bench: Bench,
        searched: Space,
        options: SearchOptions,
        folder: SearchFolder,
        progress: Progress,
    ) -> None:
        self._bench, self._space, self._options = bench, searched, options
        self._folder, self._progress = folder, progress
        self._shares: dict[int, float] = {}  # done of trials that are not whole
        self.known: dict[int, Trial] = {}

    def run(self, fitters: Fitters) -> None:
        """Every trial that is missing.

        Raises:
            FitterLostError: a process ended without an answer; says what is kept.
        """
        try:
            self._run(fitters)
        except FitterLostError as error:
            kept = f"{len(self.known)} trials are kept in {self._folder.path}"
            raise FitterLostError(f"{error}\n{kept}; the same command goes on") from error

    def _run(self, fitters: Fitters) -> None:
        runner = Runner(self._bench, self._options.budget, fitters, self._keep, self._part)
        self._show()
        for first in range(0, self._options.trials, GENERATION):
            numbers = range(first, min(first + GENERATION, self._options.trials))
            if all(number in self.known for number in numbers):
                continue
            before = [self.known[number] for number in range(first)]
            asked = generation(
                first // GENERATION, before, self._space, self._options.budget, self._options.seed
            )
            missing = {n: asked[n - first] for n in numbers if n not in self.known}
            runner.run(dict(self._unlike(missing)))
            for number, params in missing.items():
                if number not in self.known:
                    self._keep(replace(self._alike(params), number=number))

    def _unlike(self, asked: dict[int, dict[str, int | str]]) -> Iterator[tuple[int, Params]]:
        """Those that were not tried before, each once."""
        seen = {frozenset(trial.params.items()) for trial in self.known.values()}
        for number, params in asked.items():
            key = frozenset(params.items())
            if key not in seen:
                seen.add(key)
                yield number, params

    def _alike(self, params: Params) -> Trial:
        return next(trial for trial in self.known.values() if trial.params == params)

    def _keep(self, trial: Trial) -> None:
        self._folder.keep(trial)
        self.known[trial.number] = trial
        self._shares.pop(trial.number, None)
        self._show()

    def _part(self, number: int, share: float) -> None:
        self._shares[number] = share
        self._show()

    def _show(self) -> None:
        best = best_of(self.known.values(), self._options.budget)
        total = self._options.trials
        done = sum(number < total for number in self.known) + sum(self._shares.values())
        self._progress(done, total, best)


def _setup(bench: Bench, searched: Space, options: SearchOptions) -> dict[str, object]:
    """All that decides a trial."""
    told = options.told
    return {
        "recordings": bench.data,
        "budget": asdict(options.budget),
        "max_hop_s": options.max_hop_s,
        "epochs": told.epochs,
        "split": told.split,
        "blocks": told.blocks,
        "accept_bad": told.accept_bad,
        "raw": told.raw,
        "seed": options.seed,
        "folds": list(bench.folds),
        "usual_window": asdict(bench.usual),
        "space": {name: asdict(choice) for name, choice in searched.items()},
        "versions": installed_versions(_PACKAGES),
    }
