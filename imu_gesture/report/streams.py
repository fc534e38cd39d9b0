"""What a model does on whole streams, in words and one table."""

from __future__ import annotations

from collections.abc import Iterator

from imu_gesture.learning.continuous import ContinuousScores
from imu_gesture.learning.events import TOLERANCE_S, Watch
from imu_gesture.learning.tuning import Tuned
from imu_gesture.workflow.evaluating import RunEvaluation

_CURVE_POINTS = 5


def continuous_lines(scores: ContinuousScores) -> Iterator[str]:
    """Events on streams, gesture by gesture, and background by activity."""
    all_ = scores.overall
    if all_.performed:
        yield (
            f"on whole streams: {all_.correct} of {all_.performed} gestures recognised, "
            f"{all_.reported} reports; F1 {all_.f1:.3f}, precision {all_.precision:.1%}, "
            f"recall {all_.recall:.1%}"
        )
        yield f"a report counts until {TOLERANCE_S:g} s after its gesture's end; {_delay(scores)}"
        if scores.cut_off:
            yield (
                f"{scores.cut_off} gestures lie at an end of what was recorded; its reading was "
                "held there, for what came before or after is not known"
            )
        yield from _gesture_lines(scores)
    yield from _watch_lines(scores)
    if scores.inferences < scores.hops:
        yield (
            f"{scores.inferences} inferences, one after each motion, where every hop would take "
            f"{scores.hops}: {1 - scores.inferences / scores.hops:.1%} saved"
        )


def _delay(scores: ContinuousScores) -> str:
    median_s, late_s = scores.delay_s(0.5), scores.delay_s(0.95)
    if median_s is None or late_s is None:
        return "none was recognised"
    return f"delay after its end: median {1e3 * median_s:.0f} ms, 95 of 100 {1e3 * late_s:.0f} ms"


def _gesture_lines(scores: ContinuousScores) -> Iterator[str]:
    width = max(len(name) for name in scores.gestures)
    yield f"{'':{width}}  performed  reported  precision  recall     F1"
    for name, one in scores.gestures.items():
        yield (
            f"{name:{width}}  {one.performed:9}  {one.reported:8}  {one.precision:9.1%} "
            f"{one.recall:7.1%}  {one.f1:.3f}"
        )


def _watch_lines(scores: ContinuousScores) -> Iterator[str]:
    if not scores.background.hours:
        yield "false activations: not known, for no background was recorded"
        return
    yield f"false activations on background: {watch_text(scores.background)}"
    if len(scores.watched) > 1:
        by_rate = sorted(scores.watched.items(), key=lambda item: -(item[1].per_hour or 0.0))
        width = max(len(name) for name in scores.watched)
        for name, watch in by_rate:
            yield f"  {name:{width}}  {watch.false_activations:4} in {watch.hours:.2f} h"


def watch_text(watch: Watch) -> str:
    """So many in so many hours, and the bound."""
    if watch.per_hour is None or watch.upper_per_hour is None:
        return "not watched"
    return (
        f"{watch.false_activations} in {watch.hours:.2f} h, {watch.per_hour:.2f} an hour; with "
        f"95 % confidence at most {watch.upper_per_hour:.2f}"
    )


def tuned_lines(tuned: Tuned) -> Iterator[str]:
    """The setting chosen, what it could be shown to keep, and some points of its curve."""
    setting = tuned.setting
    yield (
        f"thresholds are chosen for at most {tuned.budget_per_hour:g} false activations an hour; "
        f"{setting.smoothing} classifications averaged, {setting.refractory_us * 1e-6:g} s of "
        "silence after a report"
    )
    if setting.spread is not None:
        yield (
            "what resembles several gestures a little, and none well, is rejected as unknown; that "
            f"may cost {tuned.most_lost:.0%} of these gestures"
        )
    if tuned.hours_missing:
        yield (
            f"to show that this is kept, {tuned.hours_missing:.1f} h more of background without "
            "another false activation would be needed"
            + (
                ""
                if tuned.enough
                else "; until then no threshold is below 0.7, over three classifications or more"
            )
        )
    step = max(1, len(tuned.curve) // _CURVE_POINTS)
    for point in tuned.curve[::step]:
        rate = point.background.per_hour
        yield (
            f"  thresholds {point.shift / 256:+.2f}: recall {point.recall:.1%}, precision "
            f"{point.precision:.1%}, false activations an hour "
            f"{'not known' if rate is None else f'{rate:.2f}'}"
        )


def evaluation_lines(found: RunEvaluation) -> Iterator[str]:
    """The text `evaluate` prints: what to distrust first."""
    for warning in found.warnings:
        yield f"warning: {warning}"
    yield f"{found.run.name} on {len(found.recordings)} recordings"
    if found.accuracy is not None:
        yield f"windows: {found.right} of {found.windows} right, {found.accuracy:.1%}"
    yield from continuous_lines(found.streams)
    for name, unknown in found.unknown.items():
        yield (
            f"the model does not know {name!r}: performed {unknown.performed} times, taken for "
            f"another gesture {unknown.taken} times"
        )
