"""The embedding of simulated people that gestures are taught with where there is no other.

`python data/refresh.py` makes it anew.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
