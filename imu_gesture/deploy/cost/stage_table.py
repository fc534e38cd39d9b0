"""What the core's stages cost, in instructions; `python benchmarks/decision.py` measures them anew.

Means over a simulated hand's rest and motion. Measured: firmware_sketch/src/core, compiled by
arm-none-eabi-g++ 12.2.1 with the board's flags, run by QEMU's mps2-an386 with `-icount`. A test
measures them again.
"""

from __future__ import annotations

from imu_gesture.dataset.front_end import FrontEndName

# Of each sample.
SAMPLE_INSTRUCTIONS = {
    "correction": 820.0,  # calibration, the gyroscope's offset, what rests teach
    "resampling": 471.0,  # and the window's row, as far as there is one
}
# Of each row at the model rate, where motions trigger.
MOTION_ROW_INSTRUCTIONS = 151.0
# Of each decision: for a row, for a value, for the decision itself and for a class.
_FRONT_END_ROW: dict[FrontEndName, float] = {"sensor": 51.0, "gravity": 845.0, "stroke": 958.0}
_QUANTISATION_VALUE = 44.0
_DECISION, _DECISION_CLASS = 74.5, 45.8  # rejecting, which not every model does

# Of `DriftCorrection`, for each sample: attitude and heading from nine axes. The sketch does not
# run it.
ORIENTATION_SAMPLE_INSTRUCTIONS = 2500.0


def window_instructions(
    front_end: FrontEndName, shape: tuple[int, int], classes: int
) -> dict[str, float]:
    """Of each decision by stage, the model left out; `shape` of a window: rows, channels."""
    rows, channels = shape
    return {
        "front_end": rows * _FRONT_END_ROW[front_end],
        "quantisation": rows * channels * _QUANTISATION_VALUE,
        "decision": _DECISION + _DECISION_CLASS * classes,
    }
