"""What is in the way on this computer, part by part, with the cure for each."""

from imu_gesture.workflow.doctor.examine import Doctor
from imu_gesture.workflow.doctor.finding import Finding

__all__ = ["Doctor", "Finding"]
