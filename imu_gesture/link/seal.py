"""Proves to a board over the air that this computer has its key; see `authority.h`."""

from __future__ import annotations

import hmac
import secrets
import struct
from typing import Any

from imu_gesture import _core
from imu_gesture.errors import BoardError

KEY_BYTES = 32
_NONCE_BYTES, _TAG_BYTES = 16, 8
_OPEN = (_core.AskHello, _core.Heartbeat, _core.Challenge)  # asked as they are


def new_key() -> bytes:
    """A key that nobody can guess."""
    return secrets.token_bytes(KEY_BYTES)


class Seal:
    """One computer's side of a board's key: `key` (32,) bytes."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._number = b""
        self._session: bytes | None = None
        self._counter = 0

    @property
    def ready(self) -> bool:
        """Whether there is a session."""
        return self._session is not None

    def challenge(self) -> _core.Challenge:
        """The question that begins a session; the one before is over."""
        self._session, self._counter = None, 0
        self._number = secrets.token_bytes(_NONCE_BYTES)
        command = _core.Challenge()
        command.number = self._number
        return command

    def open(self, answer: bytes, device_id: bytes) -> None:
        """Begin the session that the board has answered for.

        Raises:
            BoardError: it has another key.
        """
        number, proof = answer[:_NONCE_BYTES], answer[_NONCE_BYTES:]
        session = _tag(self._key, b"imu-gesture session", device_id, self._number, number)
        if not hmac.compare_digest(_tag(session, b"board")[:_TAG_BYTES], proof):
            raise BoardError(
                "the board was paired with another computer since, or is another one that uses its "
                "name; connect it by USB and run `imu-gesture pair`"
            )
        self._session = session

    def wrapped(self, command: Any) -> Any:
        """The command as the board obeys it from one who has the key."""
        if self._session is None or isinstance(command, _OPEN):
            return command
        packet = _core.encode(command, 0)
        kind, payload = packet[0], packet[4:-4]
        self._counter += 1
        sealed = _core.Sealed()
        sealed.counter, sealed.command, sealed.bytes = self._counter, kind, payload
        counter = struct.pack("<I", self._counter)
        sealed.tag = _tag(self._session, b"command", counter, bytes([kind]), payload)[:_TAG_BYTES]
        return sealed


def _tag(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, b"".join(parts), "sha256")
