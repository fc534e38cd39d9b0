"""Measures and judges candidates, with as many parts at once as there is room for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field

from imu_gesture.dataset.splits import Split
from imu_gesture.errors import DatasetError, ModelError, TrainingError
from imu_gesture.learning.evaluation import Fold, fold_job, judge_fold
from imu_gesture.learning.fitters import FitterLostError, Fitters, Job
from imu_gesture.learning.fitting import FitResult
from imu_gesture.workflow.search.bench import Bench, Candidate
from imu_gesture.workflow.search.space import Params
from imu_gesture.workflow.search.trials import Budget, Cost, Trial

_PATIENCE_S = 0.5  # then Ctrl-C is looked for, and how large the cluster is
_WAITING = 1  # so many more than there is room for, lest anybody wait for us

OnTrial = Callable[[Trial], None]
OnPart = Callable[[int, float], None]  # number of a trial, share of it that is done


@dataclass
class _Open:
    """A candidate at work: measured first, then judged fold by fold."""

    candidate: Candidate
    cost: Cost | None = None
    answers: dict[str, Fold | str] = field(default_factory=dict)

    @property
    def is_judged(self) -> bool:
        return len(self.answers) == len(self.candidate.splits)

    def trial(self, reason: str = "") -> Trial:
        """What was found; the first fold that failed says why there is no score."""
        number, params = self.candidate.number, self.candidate.params
        if reason or not self.is_judged:
            return Trial(number, params, self.cost, reason=reason)
        found = [self.answers[split.name] for split in self.candidate.splits]
        failed = [answer for answer in found if isinstance(answer, str)]
        if failed:
            return Trial(number, params, self.cost, reason=failed[0])
        folds = [answer for answer in found if isinstance(answer, Fold)]
        return Trial(number, params, self.cost, self.candidate.score(folds))


_Part = tuple[_Open, Split | None]  # None: to be measured
_Answer = FitResult | Cost


class Runner:
    """Hands parts out and puts answers together; each trial is told as soon as it is whole.

    A candidate above the budget is measured but not trained, except the default, which is there
    to be compared with.
    """

    def __init__(
        self,
        bench: Bench,
        budget: Budget,
        fitters: Fitters,
        on_trial: OnTrial,
        on_part: OnPart = lambda _number, _share: None,
    ) -> None:
        self._bench, self._budget, self._fitters = bench, budget, fitters
        self._on_trial, self._on_part = on_trial, on_part
        self._asked: deque[tuple[int, Params]] = deque()
        self._waiting: deque[_Part] = deque()
        self._running: dict[Future[_Answer], _Part] = {}

    def run(self, asked: Mapping[int, Params]) -> None:
        """Do all of them.

        Raises:
            FitterLostError: a process ended without an answer; trials told before are whole.
        """
        self._asked.extend(asked.items())
        while self._asked or self._waiting or self._running:
            self._fill()
            done, _ = wait(self._running, _PATIENCE_S, FIRST_COMPLETED)
            for future in done:
                self._take(self._running.pop(future), future)

    def _fill(self) -> None:
        room = self._fitters.slots + _WAITING
        while len(self._running) < room and (self._waiting or self._asked):
            if self._waiting:
                part = self._waiting.popleft()
                self._running[self._fitters.submit(_job_of(part))] = part
            else:
                self._open(*self._asked.popleft())

    def _open(self, number: int, params: Params) -> None:
        try:
            candidate = self._bench.candidate(number, params)
        except DatasetError as error:
            self._on_trial(Trial(number, params, reason=str(error)))
        else:
            self._waiting.append((_Open(candidate), None))

    def _take(self, part: _Part, future: Future[_Answer]) -> None:
        opened, split = part
        try:
            answer = self._fitters.result(future)
        except FitterLostError:
            raise
        except (TrainingError, ModelError) as error:
            self._failed(opened, split, str(error))
            return
        if isinstance(answer, Cost):
            self._measured(opened, answer)
        elif split is not None:
            candidate = opened.candidate
            fold = judge_fold(candidate.dataset, split, candidate.config.seed, answer)
            self._answered(opened, split, fold)

    def _failed(self, opened: _Open, split: Split | None, reason: str) -> None:
        if split is None:
            self._on_trial(opened.trial(reason))
        else:
            self._answered(opened, split, reason)

    def _measured(self, opened: _Open, cost: Cost) -> None:
        opened.cost = cost
        if cost.fits(self._budget) or opened.candidate.number == 0:
            self._waiting.extend((opened, split) for split in opened.candidate.splits)
        else:
            self._on_trial(opened.trial("above the budget"))

    def _answered(self, opened: _Open, split: Split, answer: Fold | str) -> None:
        opened.answers[split.name] = answer
        candidate = opened.candidate
        self._on_part(candidate.number, len(opened.answers) / len(candidate.splits))
        if opened.is_judged:
            self._on_trial(opened.trial())


def _job_of(part: _Part) -> Job[_Answer]:
    opened, split = part
    candidate = opened.candidate
    if split is None:
        return candidate.measurement()
    return fold_job(candidate.dataset, split, candidate.config)
