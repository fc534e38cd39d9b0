"""`decision.h`: scores over time become one event per gesture."""

import numpy as np
import pytest
from numpy.typing import NDArray

from imu_gesture import _core

HOP_US = 100_000
WAVE, PUSH, BACKGROUND = range(3)


def scores_of(labels: str, level: float = 0.9) -> NDArray[np.int8]:
    """Scores for a timeline: w wave, p push, anything else background."""
    likely = [{"w": WAVE, "p": PUSH}.get(label, BACKGROUND) for label in labels]
    probability = np.full((len(labels), 3), (1 - level) / 2)
    probability[np.arange(len(labels)), likely] = level
    scores: NDArray[np.int8] = np.rint(probability * 256 - 128).astype(np.int8)
    return scores


def decide(
    timeline: str, smoothing: int = 2, refractory_us: int = 400_000, level: float = 0.9
) -> list[tuple[int, int]]:
    """(hop, label) of every event."""
    params = _core.DecisionParams([179, 179, _core.NEVER], smoothing, refractory_us)
    end_us = np.arange(len(timeline), dtype=np.int64) * HOP_US
    events = _core.decide(params, end_us, scores_of(timeline, level))
    return [(event.device_time_us // HOP_US, event.label) for event in events]


@pytest.mark.parametrize(
    ("name", "timeline", "expected"),
    [
        ("one gesture, one event", "....wwww....", [(5, WAVE)]),
        ("two gestures", "..www......ppp....", [(3, WAVE), (12, PUSH)]),
        ("the same gesture twice", "..www......www....", [(3, WAVE), (12, WAVE)]),
        ("held for long, still one", "..wwwwwwwwwwwwwwww..", [(3, WAVE)]),
        ("too short to be smoothed", "....w.......", []),
        ("again within the refractory time", "..ww.ww......", [(3, WAVE)]),
        ("another gesture within the refractory time", "..wwpp......", [(3, WAVE)]),
        ("another gesture held beyond it", "..wwpppppp..", [(3, WAVE), (7, PUSH)]),
        ("background never fires", "............", []),
    ],
)
def test_timeline(name: str, timeline: str, expected: list[tuple[int, int]]) -> None:
    assert decide(timeline) == expected, name


def test_below_the_threshold_nothing_fires() -> None:
    assert decide("..wwwwww..", level=0.69) == []
    assert decide("..wwwwww..", level=0.71) == [(3, WAVE)]


def test_smoothing_delays_by_its_length() -> None:
    hops = [decide("..wwwwwwww", smoothing=n)[0][0] for n in (1, 2, 4, 8)]
    assert hops == [2, 3, 5, 8]


def test_score_is_the_mean_level_rounded_down() -> None:
    params = _core.DecisionParams([1], 3, 0)
    levels = np.array([[200], [201], [203]])
    end_us = np.arange(3, dtype=np.int64)
    (event,) = _core.decide(params, end_us, (levels - 128).astype(np.int8))
    assert event.score == 604 // 3


def test_refractory_time_survives_the_wrap_of_the_clock() -> None:
    params = _core.DecisionParams([179, 179, _core.NEVER], 2, 400_000)
    timeline = "..www......www...."
    start_us = 2**32 - 500_000
    end_us = start_us + np.arange(len(timeline), dtype=np.int64) * HOP_US
    events = _core.decide(params, end_us, scores_of(timeline))
    assert [event.device_time_us for event in events] == [
        (start_us + hop * HOP_US) % 2**32 for hop in (3, 12)
    ]


@pytest.mark.parametrize(
    ("name", "timeline", "runs", "expected"),
    [
        ("one run", "...wwww.....", "000000000000", [(4, WAVE)]),
        ("scores from before a gap do not count", "..w.........", "000111111111", []),
        ("half before and half after a gap", "...ww.......", "000011111111", []),
        (
            "held on both sides, it is reported anew",
            "..wwwwwwwwww",
            "000000001111",
            [(3, WAVE), (9, WAVE)],
        ),
        ("the refractory time goes on", "..wwwww.....", "000011111111", [(3, WAVE)]),
    ],
)
def test_a_gap_forgets_scores(
    name: str, timeline: str, runs: str, expected: list[tuple[int, int]]
) -> None:
    params = _core.DecisionParams([179, 179, _core.NEVER], 2, 400_000)
    end_us = np.arange(len(timeline), dtype=np.int64) * HOP_US
    run = np.array([int(number) for number in runs], np.int32)
    events = _core.decide(params, end_us, scores_of(timeline), run)
    assert [(event.device_time_us // HOP_US, event.label) for event in events] == expected, name


def test_there_is_a_run_for_every_score() -> None:
    params = _core.DecisionParams([179, 179, _core.NEVER], 2, 400_000)
    with pytest.raises(ValueError, match="run: shape"):
        _core.decide(params, np.zeros(3, np.int64), scores_of("..."), np.zeros(2, np.int32))


@pytest.mark.parametrize(
    ("threshold", "smoothing", "message"),
    [
        ([], 1, "1 to 32 classes"),
        ([0], 1, "1 to 256"),
        ([257], 1, "1 to 256"),
        ([9], 17, "1 to 16"),
    ],
)
def test_bad_parameters_are_refused(threshold: list[int], smoothing: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _core.DecisionParams(threshold, smoothing, 0)
