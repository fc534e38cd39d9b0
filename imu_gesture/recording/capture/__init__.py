"""From open links to recordings: guided or hands-free, from one board or from several at once."""

from imu_gesture.recording.capture.desk import Desk, Key, Progress
from imu_gesture.recording.capture.meter import LinkView
from imu_gesture.recording.capture.plan import CapturePlan, CaptureReport
from imu_gesture.recording.capture.several import Follower
from imu_gesture.recording.capture.sitting import Sitting, capture
from imu_gesture.recording.capture.source import Source

__all__ = [
    "CapturePlan",
    "CaptureReport",
    "Desk",
    "Follower",
    "Key",
    "LinkView",
    "Progress",
    "Sitting",
    "Source",
    "capture",
]
