"""What the steps of the board's kernels cost, in instructions.

Measured: Chirale_TensorFLowLite 2.0.0 (commit 46da2f989205a9216229d38cd3d1c657d79d6781) with the
CMSIS-NN kernels in it, compiled by arm-none-eabi-g++ 12.2.1 with the flags of arduino:mbed_nano
4.5.0 (-Os, Cortex-M4F, softfp), run by QEMU 7.2's mps2-an386 with `-icount`. Arduino's own compiler
is GCC 7, whose figures may differ.

Fitted (least squares of relative errors, none negative) to 1 160 models of one operator: 16 to 128
rows, 4 to 32 channels, filters of 1 to 9 cells, strides of 1 to 3. Off by so much in as many
others, on average and at worst: convolutions 0.4 and 3 %, depthwise 0.2 and 1.4 %, dense layers,
pooling and ReLU below 1 %; PAD, CONCATENATION and MUL of two shapes 4 and 17 %. In
29 whole models of Keras, four of them trained by `imu-gesture train`: 0.2 and 0.8 %. SOFTMAX is
told as where no class is far behind; elsewhere it takes less.
"""

from __future__ import annotations

# Of `Invoke()`, and for each operator in the graph, whatever it computes.
INVOKE_INSTRUCTIONS, OPERATOR_INSTRUCTIONS = 70, 16

# By kernel and by step; every kernel is called once.
KERNEL_STEPS: dict[str, dict[str, float]] = {
    "ADD": {
        "call": 810.4,
        "output": 81.7,
    },
    "ADD of two shapes": {
        "call": 1080.2,
        "output": 160.5,
    },
    "AVERAGE_POOL_2D": {
        "call": 310,
        "position": 87,
        "cell": 43,
        "output four": 52,
        "output one": 13,
        "cell four": 52,
        "cell one": 13,
    },
    "CONCATENATION": {
        "call": 510.4,
        "copy": 44.7,
        "output": 0.39,
    },
    "CONV_2D": {
        "call": 661.9,
        "position": 85.9,
        "filter row": 30.6,
        "copy": 38.1,
        "copied four": 11.7,
        "copied one": 6.04,
        "padding": 54.7,
        "quad": 206.7,
        "quad four": 42.2,
        "quad one": 21,
        "single": 51.8,
        "single four": 12.3,
        "single one": 3.97,
    },
    "CONV_2D of one cell": {
        "call": 409.9,
        "filter pair": 85.5,
        "weight": 3.31,
        "quad": 183.2,
        "quad sixteen": 116.5,
        "quad one": 16.1,
        "last pair": 101,
        "last pair sixteen": 63.1,
        "last pair one": 15.6,
        "single": 55.4,
        "single one": 10.8,
    },
    "DEPTHWISE_CONV_2D": {
        "call": 606.8,
        "position": 111.8,
        "copy": 49.1,
        "copied four": 8.18,
        "copied one": 2.93,
        "padding": 14.2,
        "four": 181.4,
        "four pair": 62.5,
        "four one": 27.7,
        "one": 56.8,
        "one product": 13.9,
    },
    "DEPTHWISE_CONV_2D by fours": {
        "call": 594,
        "position": 113,
        "output": 52.2,
        "product": 12,
    },
    "DEPTHWISE_CONV_2D multiplied": {
        "call": 400.5,
        "position": 134.6,
        "output": 80.5,
        "product": 52.8,
    },
    "FULLY_CONNECTED": {
        "call": 313.8,
        "row": 95.2,
        "pair": 97,
        "pair four": 23,
        "pair one": 12,
        "single": 58.2,
        "single four": 15,
        "single one": 9.39,
    },
    "LOGISTIC": {
        "call": 240.3,
        "output": 785.1,
    },
    "MAX_POOL_2D": {
        "call": 324.4,
        "position": 113.7,
        "cell": 42.7,
        "output four": 10.1,
        "output one": 5.95,
        "cell four": 34.1,
        "cell one": 8.21,
    },
    "MUL": {
        "call": 838.9,
        "output": 36.8,
    },
    "MUL of two shapes": {
        "call": 1644.5,
        "output": 63,
    },
    "PAD": {
        "call": 787.1,
        "output": 38.7,
    },
    "RELU": {
        "call": 247.8,
        "output": 50.6,
    },
    "RELU6": {
        "call": 251,
        "output": 11,
    },
    "RESHAPE": {
        "call": 186.5,
        "output": 0.53,
    },
    "SOFTMAX": {
        "call": 275.6,
        "output": 473.1,
    },
}
