"""What a window costs on the board, estimated from the model's multiplications.

Counted with CMSIS-NN kernels on an emulated Cortex-M4F, plain strided convolutions take 5 to 7
instructions for each multiply-accumulate, dense layers about as many; the rest of the pipeline some
60 000 instructions a window (`benchmarks/drift.py`, front_end rows). A Cortex-M4 takes 1.0 to 1.5
cycles for an instruction, at 64 MHz. Nothing of this was measured on a board.
"""

from __future__ import annotations

from math import prod

from imu_gesture.inference.flatbuffer import read_facts

INSTRUCTIONS_PER_MAC = (5.0, 7.0)
CYCLES_PER_INSTRUCTION = (1.0, 1.5)
PIPELINE_INSTRUCTIONS = 60_000
CLOCK_HZ = 64e6


def multiply_accumulates(tflite: bytes) -> int:
    """Of convolutions and dense layers, for one window."""
    total = 0
    for operator in read_facts(tflite).operators:
        weights = operator.inputs[1] if len(operator.inputs) > 1 else None
        output = operator.outputs[0] if operator.outputs else None
        if weights is None or output is None or not weights.constant:
            continue
        if operator.name in {"CONV_2D", "FULLY_CONNECTED"}:
            total += prod(weights.shape[1:]) * prod(output.shape)
        elif operator.name == "DEPTHWISE_CONV_2D":
            total += prod(weights.shape[1:3]) * prod(output.shape)
    return total


def instructions(tflite: bytes) -> tuple[float, float]:
    """Least and most for a whole decision."""
    macs = multiply_accumulates(tflite)
    low, high = (PIPELINE_INSTRUCTIONS + macs * factor for factor in INSTRUCTIONS_PER_MAC)
    return low, high


def estimate_ms(tflite: bytes) -> tuple[float, float]:
    """Least and most time for a whole decision, an estimate."""
    counts = instructions(tflite)
    low, high = (
        1e3 * count * cycles / CLOCK_HZ
        for count, cycles in zip(counts, CYCLES_PER_INSTRUCTION, strict=True)
    )
    return low, high
