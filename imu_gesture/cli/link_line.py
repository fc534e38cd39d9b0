"""The figures of a link as one line."""

from __future__ import annotations

from rich.text import Text

from imu_gesture.recording.capture import LinkView, Progress

_SOME_CLIPPED = 0.005


def board_line(view: LinkView, named: bool = False) -> Text:
    """Rate, losses, damage, signal, saturation, temperature: what is not known is left out."""
    status = view.status
    parts: list[tuple[str, bool]] = []  # and whether it is bad news
    if view.away:
        parts.append(("board away, waiting for it", True))
    elif view.rate_hz is not None:
        parts.append((f"{view.rate_hz:5.1f} Hz", False))
    parts.append((f"{status.lost} lost", status.lost > 0))
    parts.append((f"{status.damaged} damaged", status.damaged > 0))
    if view.fifo_lost or view.dropped:
        parts.append((f"board: {view.fifo_lost} overrun, {view.dropped} dropped", True))
    if status.rssi_dbm is not None:
        parts.append((f"{status.rssi_dbm} dBm", status.rssi_dbm < -85))
    parts.append((f"{view.clipped_share:.1%} clipped", view.clipped_share > _SOME_CLIPPED))
    if view.temperature_c is not None:
        parts.append((f"{view.temperature_c:.1f} °C", False))
    line = Text(f"  {view.name}  " if named else "  ", "dim")
    for i, (text, bad) in enumerate(parts):
        line.append(" · " if i else "", "dim")
        line.append(text, "yellow not dim" if bad else "dim")
    return line


def time_line(progress: Progress) -> str:
    """Elapsed, and what remains if all goes well."""
    elapsed = f"{clock_face(progress.elapsed_s)} recorded"
    if progress.remaining_s is None:
        return elapsed
    return f"{elapsed}, {clock_face(progress.remaining_s)} to go"


def clock_face(seconds: float) -> str:
    """Minutes and seconds: 1:05."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
