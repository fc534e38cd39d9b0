"""What tools have printed, as text; the README beside says where each is from."""

from pathlib import Path

FOLDER = Path(__file__).parent


def said(name: str) -> str:
    """The content of a file in this folder."""
    return (FOLDER / name).read_text(encoding="utf-8")
