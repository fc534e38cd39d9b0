"""The demonstration model: four gestures of simulated people. `data/refresh.py` makes it anew."""

from pathlib import Path

FOLDER = Path(__file__).parent
