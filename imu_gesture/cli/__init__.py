"""The command line: it parses and prints; the work is in `workflow` and the layers below."""

from imu_gesture.cli.main import main

__all__ = ["main"]
