"""What the live window says, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imu_gesture.device import DeviceInfo
from imu_gesture.live import theme
from imu_gesture.live.drift_facts import DriftFacts
from imu_gesture.live.fact_panel import Row
from imu_gesture.live.gesture_list import ShownGesture
from imu_gesture.live.gesture_panel import Cells
from imu_gesture.live.live_feed import Facts
from imu_gesture.live.notices import Notice
from imu_gesture.live.score_book import ShownScores
from imu_gesture.recording.capture.meter import LinkView

DRIFT_ROWS, LINK_ROWS = 4, 6
_FRESH_US = 2_500_000  # so long a gesture stays in the headline
_ID_DIGITS = 8


def header(info: DeviceInfo, model: str) -> str:
    """Who the board is, and with which model."""
    parts = [" ".join(filter(None, (info.board, info.device_id[:_ID_DIGITS]))) or info.source]
    parts += [f"firmware {info.firmware}"] if info.firmware else []
    return "   ".join([*parts, model])


def headline(gestures: Sequence[ShownGesture], now_us: int) -> str:
    """The gesture of this moment; a dash where there is none."""
    newest = gestures[-1] if gestures else None
    if newest is None or now_us - newest.device_time_us > _FRESH_US:
        return "\N{EN DASH}"
    return f"{newest.label}  {newest.score:.0%}"


def gesture_cells(gesture: ShownGesture, host_asked: bool) -> Cells:
    """One row of the table; who reported it is marked where the other has not."""
    alone = host_asked and gesture.by in {"board", "host"}
    by = f"{theme.CROSS} {gesture.by}" if alone else gesture.by
    latency = "" if gesture.latency_s is None else f"{gesture.latency_s * 1e3:.0f} ms"
    seconds = gesture.device_time_us * 1e-6
    return f"{seconds:.2f} s", gesture.label, f"{gesture.score:.0%}", latency, by


def counting(gestures: Sequence[ShownGesture], moved: bool) -> list[ShownGesture]:
    """Those that are reported by the thresholds that the window shows."""
    return [gesture for gesture in gestures if (gesture.by == "window") == moved]


def thresholds_moved(run: str) -> str:
    """What thresholds are that somebody has dragged, and the keys for them."""
    return f"thresholds of this window only: [t] to {run}, [u] undo"


def agreement(scores: ShownScores) -> str:
    """Whose scores are shown, and how many the other side has otherwise."""
    if not scores.board:
        return "the host's scores: the board sends none" if scores.host else ""
    if not scores.host:
        return "the board's scores"
    if not scores.differing:
        how = "the same" if scores.same == scores.compared else "alike"
        return f"the board's; {theme.TICK} host {how} in {scores.compared} windows"
    return f"the board's; {theme.CROSS} host differs in {scores.differing} of {scores.compared}"


def drift_rows(drift: DriftFacts) -> list[Row]:
    """Offset, how old it is, temperature, and the profile's age."""
    offset = "not known yet"
    if drift.bias_dps is not None:
        figures = ", ".join(f"{value:.1f}" for value in drift.bias_dps)
        offset = figures
    age_days = drift.profile_days
    return [
        ("offset, deg/s", offset),
        ("measured", _measured(drift)),
        ("sensor", _or_unknown(drift.temperature_c, "{:.1f} °C")),
        ("profile", "none" if age_days is None else _days(age_days)),
    ]


def _measured(drift: DriftFacts) -> str:
    if drift.rest_age_s is not None:
        return f"{drift.rest_age_s:.0f} s ago, at rest"
    return "before the start" if drift.recalled else "never at rest yet"


def _days(days: int) -> str:
    return "of today" if days == 0 else f"{days} day{'s' * (days != 1)} old"


def drift_advice(drift: DriftFacts) -> str:
    """What to do about it."""
    if drift.advice:
        return f"{theme.ARROW} {drift.advice[0]}"
    if drift.profile_days is None:
        return f"{theme.ARROW} not calibrated: run imu-gesture calibrate"
    return f"{theme.TICK} the profile holds"


def link_rows(link: LinkView | None) -> list[Row]:
    """Rate, losses, signal; what the link does not tell is left out."""
    return [] if link is None else list(_link(link))


def _link(link: LinkView) -> Iterator[Row]:
    yield "rate", _or_unknown(link.rate_hz, "{:.1f} Hz")
    yield "lost", f"{link.status.lost}"
    if link.status.damaged:
        yield "damaged", f"{link.status.damaged}"
    if link.fifo_lost or link.dropped:
        yield "on board", f"{link.fifo_lost + link.dropped} lost"
    if link.status.rssi_dbm is not None:
        yield "signal", f"{link.status.rssi_dbm} dBm"
    if link.clipped_share > 0:
        yield "clipped", f"{link.clipped_share:.1%}"


def _or_unknown(value: float | None, form: str) -> str:
    return "not known" if value is None else form.format(value)


def away(facts: Facts) -> str:
    """Why nothing comes."""
    if facts.over:
        return facts.over
    return f"board lost, waiting for it\n\n{facts.away}" if facts.away else ""


def question(notice: Notice) -> str:
    """What is to be chosen, and with which keys."""
    choices = "\n".join(f"[{key}]  {name}" for key, name in notice.choices)
    return f"{notice.question}\n\n{choices}" if notice.question else ""
