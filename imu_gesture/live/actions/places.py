"""Addresses that messages go to, taken apart."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

_MQTT_PORT = 1883


class Place(NamedTuple):
    """A host, its port, and what is addressed there."""

    host: str
    port: int
    name: str


def http_place(text: str) -> str:
    """The address itself.

    Raises:
        ValueError: it is none that a request can go to.
    """
    _split(text, ("http", "https"), "http://HOST/PATH")
    return text


def mqtt_place(text: str) -> Place:
    """Host, port and topic of mqtt://HOST[:PORT]/TOPIC.

    Raises:
        ValueError: it is none.
    """
    parts = _split(text, ("mqtt",), "mqtt://HOST/TOPIC")
    topic = unquote(parts.path.removeprefix("/"))
    if not topic or "#" in text or "+" in topic:
        raise ValueError(f"{text!r} names no topic, as mqtt://HOST/TOPIC does")
    return Place(parts.hostname or "", parts.port or _MQTT_PORT, topic)


def osc_place(text: str) -> Place:
    """Host, port and address of osc://HOST:PORT/ADDRESS.

    Raises:
        ValueError: it is none.
    """
    parts = _split(text, ("osc",), "osc://HOST:PORT/ADDRESS")
    if parts.port is None or len(parts.path) < 2:
        raise ValueError(f"{text!r} lacks a port or an address, as osc://HOST:PORT/ADDRESS has")
    return Place(parts.hostname or "", parts.port, unquote(parts.path))


def _split(text: str, schemes: tuple[str, ...], form: str) -> SplitResult:
    parts = urlsplit(text)
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError(f"{text!r} is no address such as {form}")
    return parts
