"""Gestures taught with 1, 3 and 5 examples: ours and peers, on the same shots.

Each set is judged with an embedding that has learnt from the *other* sets and from simulated
people, never from the set itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from accuracy import REAL, SIMULATED, Source, run_command
from fewshot_cases import Task, load, tasks_of
from fewshot_sums import answers_in_integers, sums_on_the_board
from form import Options, Row, run_benchmark, say
from peers import Peer, dtw_1nn, minirocket

from imu_gesture import _core
from imu_gesture.dataset.dataset import Dataset
from imu_gesture.deploy.cost.decision import model_instructions, operator_costs
from imu_gesture.deploy.measured import measure_model
from imu_gesture.inference.classifier import open_classifier
from imu_gesture.learning.evaluation import model_inputs
from imu_gesture.learning.fewshot import Embedding, FewShotParams, with_copies
from imu_gesture.learning.fewshot_evaluation import answers, fit_shots
from imu_gesture.learning.fewshot_job import PretrainingConfig, PretrainJob
from imu_gesture.learning.fewshot_simulated import SimulatedPeople
from imu_gesture.learning.fitting import FittingPool

SHOTS = (1, 3, 5)
_DRAWS, _QUICK_DRAWS = 24, 1
_QUICK_STEPS = 150
_QUICK_PEOPLE = SimulatedPeople(gestures=75, people=4)
_SEEDS = (0, 1, 2)
_SIMULATION = "simulation only"
_Z95 = 1.96
_THRESHOLD = round(0.7 * _core.SCORE_LEVELS)  # as `teach` writes it
PEERS: dict[str, Peer] = {"dtw_1nn": dtw_1nn, "minirocket": minirocket}
_NOTES = {
    "nearest_mean": "shrinkage 1; ",
    "integer_sums": "nearest mean of the examples alone, as a board could sum them; ",
    "no_copies": "the examples alone, without changed copies; ",
    "simulation_only": "the embedding that is shipped; ",
    "minirocket_copies": "MiniRocket taught with the same changed copies, in float; ",
    "sure": f"right and at {_THRESHOLD} of 256 or more; ",
}

Learner = Callable[[Task, Dataset, np.ndarray, int], np.ndarray]
Chooser = Callable[[Task, int], Embedding]
Accuracies = dict[str, np.ndarray]  # of each draw, by task


def measure(options: Options) -> Iterator[Row]:
    """All rows."""
    data = options.data or Path()
    sources = [source for source in REAL if options.data and (data / source.folder).is_dir()]
    for source in REAL:
        if source not in sources:
            say(f"{source.name}: left out, no folder {data / source.folder} (--data)")
    judged = sources or [SIMULATED]
    sets = {source.name: load(source, data) for source in judged}
    tasks = [task for name, dataset in sets.items() for task in tasks_of(name, dataset)]
    config = PretrainingConfig()
    if options.quick:
        config = replace(config, steps=_QUICK_STEPS, people=_QUICK_PEOPLE)
    seeds = _SEEDS[:1] if options.quick else _SEEDS
    embeddings = pretrained(sets if sources else {}, config, seeds)
    draws = _QUICK_DRAWS if options.quick else _DRAWS
    prefix = "" if sources else "simulated."
    comparison = Comparison(tasks, embeddings)
    for shots in SHOTS:
        say(f"{shots} shots")
        yield from comparison.rows(Amount(shots, draws, prefix, options.quick))
    yield from cost(tasks[0], embeddings[_SIMULATION][0])
    yield from command(judged[0], data)


def pretrained(
    sets: dict[str, Dataset], config: PretrainingConfig, seeds: tuple[int, ...]
) -> dict[str, list[Embedding]]:
    """For each set, what was learnt from all others, once a seed; one from simulation alone."""
    jobs = [(_SIMULATION, PretrainJob({}, config))]
    for judged in sets:
        others = {name: dataset for name, dataset in sets.items() if name != judged}
        jobs += [(judged, PretrainJob(others, replace(config, seed=seed))) for seed in seeds]
    say(f"pretraining {len(jobs)} embeddings")
    found: dict[str, list[Embedding]] = {name: [] for name, _ in jobs}
    with FittingPool() as pool:
        futures = [(name, pool.submit(job)) for name, job in jobs]
        for name, future in futures:
            tflite = pool.result(future).tflite
            found[name].append(Embedding(tflite, config.architecture.filters[-1], config.pooled))
    return found


@dataclass(frozen=True)
class Amount:
    """How much is taught and drawn; and how the rows are called."""

    shots: int
    draws: int
    prefix: str
    quick: bool


@dataclass(frozen=True, eq=False)
class Comparison:
    """All tasks, and the embeddings by the set that they are to judge."""

    tasks: list[Task]
    embeddings: dict[str, list[Embedding]]

    def of(self, task: Task, number: int) -> Embedding:
        """One that has not seen the task's set; each in turn, so that no seed's luck counts."""
        able = self.embeddings.get(task.source, self.embeddings[_SIMULATION])
        return able[number // len(task.cases) % len(able)]

    def rows(self, amount: Amount) -> Iterator[Row]:
        """The mean over all tasks, every task, and what is left without a part of ours."""
        ours = run(self.tasks, amount, self._teacher(self.of, FewShotParams()))
        peers = {name: run(self.tasks, amount, _peer(peer)) for name, peer in PEERS.items()}
        yield row("", ours, amount, peers, "int8; ")
        for task in self.tasks:
            one = {task.name: ours[task.name]}
            beside = {name: {task.name: found[task.name]} for name, found in peers.items()}
            yield row(f"{task.name}.", one, amount, beside, f"{task.protocol}; ")
        if amount.quick:
            return
        half = replace(amount, draws=max(1, amount.draws // 2))
        for name, learner in self._less().items():
            found = run(self.tasks, half, learner)
            yield row(f"{name}.", found, half, note=_NOTES[name])

    def _less(self) -> dict[str, Learner]:
        """What ours would be without one of its parts; and how often it is sure."""
        (simulation,) = self.embeddings[_SIMULATION]
        return {
            "nearest_mean": self._teacher(self.of, FewShotParams(shrinkage=1.0)),
            "integer_sums": lambda task, shots, windows, number: answers_in_integers(
                self.of(task, number), shots, windows
            ),
            "no_copies": self._teacher(self.of, FewShotParams(copies=0)),
            "simulation_only": self._teacher(lambda _, __: simulation, FewShotParams()),
            "minirocket_copies": minirocket_with_copies,
            "sure": lambda task, shots, windows, number: sure(
                self.of(task, number), shots, windows
            ),
        }

    def _teacher(self, embedding: Chooser, params: FewShotParams) -> Learner:
        def learn(task: Task, shots: Dataset, windows: np.ndarray, number: int) -> np.ndarray:
            fitted = fit_shots(embedding(task, number), shots, windows[:0], params)
            return answers(fitted, windows)

        return learn


def _peer(peer: Peer) -> Learner:
    def learn(_: Task, shots: Dataset, windows: np.ndarray, number: int) -> np.ndarray:
        return peer(shots.windows, shots.label, windows, number)

    return learn


def minirocket_with_copies(_: Task, shots: Dataset, windows: np.ndarray, number: int) -> np.ndarray:
    """What the copies alone would give to somebody else."""
    changed, label = with_copies(shots, FewShotParams())
    return minirocket(changed, label, windows, number)


def run(tasks: list[Task], amount: Amount, learner: Learner) -> Accuracies:
    """Share of right answers of every draw."""
    found = {}
    for task in tasks:
        windows, label = task.dataset.windows, task.dataset.label
        found[task.name] = np.array(
            [
                np.mean(
                    learner(task, task.dataset.subset(draw.shots), windows[draw.test], number)
                    == label[draw.test]
                )
                for number, draw in enumerate(task.draws(amount.shots, amount.draws))
            ]
        )
    return found


def sure(embedding: Embedding, shots: Dataset, windows: np.ndarray) -> np.ndarray:
    """(n,) classes, or -1 where no score reaches the threshold."""
    fitted = fit_shots(embedding, shots, windows[:0], FewShotParams())
    scores = open_classifier(fitted.tflite).scores(model_inputs(fitted, windows)).astype(int)
    level = scores.max(axis=1) - _core.SCORE_ZERO_POINT
    return np.where(level >= _THRESHOLD, scores.argmax(axis=1), -1)


def row(
    name: str,
    found: Accuracies,
    amount: Amount,
    peers: dict[str, Accuracies] | None = None,
    note: str = "",
) -> Row:
    """Mean over tasks, with what another choice of shots would change of it."""
    mean = _mean(found)
    errors = [np.var(draws, ddof=1) / len(draws) for draws in found.values() if len(draws) > 1]
    half = _Z95 * np.sqrt(np.sum(errors)) / len(found)
    low, high = max(mean - half, 0.0), min(mean + half, 1.0)
    count = max(len(draws) for draws in found.values())
    text = f"{note}{count} draws a task, 95 % interval {low:.3f} to {high:.3f}"
    if amount.quick:
        text += f", quick: {_QUICK_STEPS} episodes only"
    figures = {peer: _mean(other) for peer, other in (peers or {}).items()}
    title = f"{amount.prefix}{name}shots{amount.shots}"
    return Row(title, mean, "fraction", figures, text)


def _mean(found: Accuracies) -> float:
    return float(np.mean([draws.mean() for draws in found.values()]))


def cost(task: Task, embedding: Embedding) -> Iterator[Row]:
    """Of a model on the board."""
    shots = task.dataset.subset(next(task.draws(5, 1)).shots)
    fitted = fit_shots(embedding, shots, shots.windows[:0], FewShotParams())
    measured = measure_model(fitted.tflite)
    note = f"{task.source}, {len(task.dataset.label_names)} classes"
    yield Row("model_bytes", measured.model_bytes, "bytes", note=note)
    yield Row("arena_bytes", measured.arena.arena_bytes, "bytes", note=measured.arena.runtime)
    instructions = model_instructions(operator_costs(fitted.tflite))
    yield Row("instructions_estimated", instructions, "instr", note="the model alone, by its table")
    yield from sums_on_the_board(embedding, shots)


def command(source: Source, data: Path) -> Iterator[Row]:
    """What a user waits for."""
    with TemporaryDirectory() as workspace:
        source.fill(data, Path(workspace))
        started = time.monotonic()
        done = run_command("teach", "--shots", "5", "-w", workspace)
        whole = time.monotonic() - started
        note = f"{source.name}: from files to an evaluated run"
        yield Row("teach.seconds", done["seconds"], "s", note=note)
        yield Row("teach.command_seconds", whole, "s", note="the same with start-up")


if __name__ == "__main__":
    run_benchmark("fewshot", measure)
