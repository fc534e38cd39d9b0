"""What a gesture sets off: a program, keys, a web request, a message; from a file of the user's."""

from imu_gesture.live.actions.doing import Actions
from imu_gesture.live.actions.file import GestureActions, read_actions

__all__ = ["Actions", "GestureActions", "read_actions"]
