"""What a board and its link say beside samples: one ROS 2 message, or two, for each event.

Where ROS has a message for it, that one is taken; the others are defined here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from imu_gesture import _core
from imu_gesture.link.link import (
    BoardWarned,
    ClockProbed,
    DriftReported,
    EventsLost,
    GestureReported,
    HealthReported,
    LineDamaged,
    LinkEvent,
    LinkInterrupted,
    LinkResumed,
    MarkReported,
    SamplesLost,
    SamplesReceived,
    ScoresReported,
    TemperatureMeasured,
)
from imu_gesture.recording.cdr import FLOATS, STRING, TIME, MessageType, Value
from imu_gesture.recording.mcap_scan import MESSAGE_HEAD_SIZE, Contents, split
from imu_gesture.recording.recording import LinkState, Logged

HEALTH_FIELDS = (
    "uptime_s",
    "imu_numbered",
    "imu_fifo_lost",
    "imu_dropped",
    "mag_numbered",
    "mag_dropped",
    "packets_dropped",
    "commands_damaged",
    "windows",
    "classifier_failures",
    "events_lost",
    "arena_used_bytes",
    "stack_free_bytes",
    "loop_max_us",
)
TEMPERATURE = MessageType(
    "sensor_msgs/msg/Temperature",
    "/temperature",
    (("float64", "temperature"), ("float64", "variance")),
)
CLOCK = MessageType(  # not on /clock, which in ROS 2 tells simulated time
    "sensor_msgs/msg/TimeReference", "/time_reference", ((TIME, "time_ref"), (STRING, "source"))
)
MARK = MessageType("imu_gesture_msgs/msg/Mark", "/mark", (("uint8", "kind"),))
GESTURE = MessageType(
    "imu_gesture_msgs/msg/Gesture", "/gesture", ((STRING, "label"), ("float64", "score"))
)
SCORES = MessageType("imu_gesture_msgs/msg/Scores", "/scores", ((FLOATS, "scores"),))
HEALTH = MessageType(
    "imu_gesture_msgs/msg/Health", "/health", tuple(("uint32", name) for name in HEALTH_FIELDS)
)
DRIFT = MessageType(
    "imu_gesture_msgs/msg/Drift",
    "/drift",
    (
        (FLOATS, "bias_dps"),
        ("float64", "bias_sigma_dps"),
        (FLOATS, "acc_offset_g"),
        ("float64", "acc_sigma_g"),
        ("uint32", "rest_age_s"),
        ("uint8", "flags"),
    ),
)
LINK = MessageType(
    "imu_gesture_msgs/msg/LinkState",
    "/link",
    ((STRING, "state"), (STRING, "text"), ("int64", "count")),
)
SIDE_CHANNELS = {
    kind.topic: kind for kind in (TEMPERATURE, CLOCK, MARK, GESTURE, SCORES, HEALTH, DRIFT, LINK)
}

_SENT, _RECEIVED = "sent", "recv"  # sources of the two messages of a clock probe
_LOST, _INTERRUPTED, _RESUMED, _DAMAGED, _EVENTS_LOST, _WARNED = (
    "samples lost",
    "interrupted",
    "resumed",
    "line damaged",
    "events lost",
    "board warned",
)
_UNKNOWN = -1
_NS = 10**9  # in a second, whole


@dataclass(frozen=True)
class SideMessage:
    """One message; `values` are those of the fields of its kind."""

    kind: MessageType
    device_time_us: int
    values: tuple[Value, ...]


def side_messages(event: LinkEvent, newest_us: int) -> Iterator[SideMessage]:
    """The messages that tell an event; none for samples.

    What the board puts no time to happened at `newest_us`, the newest time known of its clock.
    """
    if isinstance(event, LinkState):
        yield SideMessage(LINK, newest_us, _link_values(event))
    elif isinstance(event, ClockProbed):
        for source, time_s in ((_SENT, event.sent_s), (_RECEIVED, event.received_s)):
            seconds = int(time_s // 1)  # apart, as nanoseconds since 1970 do not fit a float
            time_ns = seconds * _NS + round((time_s - seconds) * _NS)
            yield SideMessage(CLOCK, event.device_time_us, (time_ns, source))
    elif not isinstance(event, SamplesReceived):
        kind, values = _report(event)
        yield SideMessage(kind, event.device_time_us, values)


_Report = (
    GestureReported
    | ScoresReported
    | MarkReported
    | TemperatureMeasured
    | HealthReported
    | DriftReported
)


def _report(event: _Report) -> tuple[MessageType, tuple[Value, ...]]:
    match event:
        case GestureReported():
            return GESTURE, (event.label, event.score)
        case ScoresReported():
            return SCORES, (event.scores,)
        case MarkReported():
            return MARK, (event.kind,)
        case TemperatureMeasured():
            return TEMPERATURE, (event.celsius, 0.0)
        case HealthReported():
            return HEALTH, tuple(getattr(event.health, name) for name in HEALTH_FIELDS)
        case DriftReported():
            return DRIFT, tuple(_plain(getattr(event.drift, name)) for _, name in DRIFT.fields)


def _plain(value: float | list[float]) -> Value:
    return tuple(value) if isinstance(value, list) else value


def _link_values(
    event: LinkState,
) -> tuple[Value, ...]:
    match event:
        case SamplesLost():
            return _LOST, "", _UNKNOWN if event.count is None else event.count
        case LinkInterrupted():
            return _INTERRUPTED, event.reason, 0
        case LinkResumed():
            return _RESUMED, "", 0
        case LineDamaged():
            return _DAMAGED, event.text, 0
        case EventsLost():
            return _EVENTS_LOST, event.what, event.count
        case BoardWarned():
            return _WARNED, event.text, 0


def logged(found: Contents, imu_topic: str, mag_topic: str) -> tuple[Logged, ...]:
    """The events in the order of their messages, each with its place among the samples.

    Raises:
        RecordingError: a message is not one of ours.
    """
    topics = found.topics
    records = {
        channel: split(found.messages[channel])
        for channel in found.messages
        if topics.get(channel) in SIDE_CHANNELS
    }
    rows: Counter[str] = Counter()
    reader, log = EventReader(), []
    for channel, count in found.runs:
        if channel not in records:
            rows[topics.get(channel, "")] += count
            continue
        kind = SIDE_CHANNELS[topics[channel]]
        for _, start, end in islice(records[channel], count):
            payload = bytes(found.messages[channel][start + MESSAGE_HEAD_SIZE : end])
            event = reader.event(SideMessage(kind, *kind.decode(payload)))
            if event is not None:
                log.append(Logged(event, rows[imu_topic], rows[mag_topic]))
    return tuple(log)


class EventReader:
    """Turns messages back into events."""

    def __init__(self) -> None:
        self._sent_ns: dict[int, int] = {}  # by device time, of the probe that is read by half

    def event(self, message: SideMessage) -> LinkEvent | None:
        """What a message tells; None until an event is complete."""
        if message.kind == CLOCK:
            return self._probe(message.device_time_us, *message.values)
        return _EVENTS[message.kind](message.device_time_us, *message.values)

    def _probe(self, time_us: int, time_ns: Any, source: Any) -> ClockProbed | None:
        if source == _SENT:
            self._sent_ns = {time_us: time_ns}
        elif source == _RECEIVED and time_us in self._sent_ns:
            sent_ns = self._sent_ns.pop(time_us)
            return ClockProbed(time_us, sent_ns / _NS, time_ns / _NS)  # rounded once
        return None


def _health_event(time_us: int, *counters: Any) -> HealthReported:
    health = _core.Health()
    health.device_time_us = time_us % 2**32
    for name, counter in zip(HEALTH_FIELDS, counters, strict=True):
        setattr(health, name, counter)
    return HealthReported(time_us, health)


def _drift_event(time_us: int, *values: Any) -> DriftReported:
    drift = _core.Drift()
    drift.device_time_us = time_us % 2**32
    for (_, name), value in zip(DRIFT.fields, values, strict=True):
        setattr(drift, name, value)
    return DriftReported(time_us, drift)


def _link_event(_: int, state: Any, text: Any, count: Any) -> LinkEvent | None:
    events: dict[str, LinkEvent] = {
        _LOST: SamplesLost(None if count == _UNKNOWN else count),
        _INTERRUPTED: LinkInterrupted(text),
        _RESUMED: LinkResumed(),
        _DAMAGED: LineDamaged(text),
        _EVENTS_LOST: EventsLost(text, count),
        _WARNED: BoardWarned(text),
    }
    return events.get(state)


_EVENTS: dict[MessageType, Callable[..., LinkEvent | None]] = {
    TEMPERATURE: lambda time_us, celsius, _: TemperatureMeasured(time_us, celsius),
    MARK: MarkReported,
    GESTURE: GestureReported,
    SCORES: ScoresReported,
    HEALTH: _health_event,
    DRIFT: _drift_event,
    LINK: _link_event,
}
