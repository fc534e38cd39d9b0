"""Changed models written back as TensorFlow Lite files, without TensorFlow."""

from __future__ import annotations

from typing import Any

import flatbuffers  # type: ignore[import-untyped]
import numpy as np
from numpy.typing import NDArray

from imu_gesture.inference.flatbuffer import IDENTIFIER, schema

_ALIGNMENT = 16  # of constant data, as the format wants it


def set_constant(
    model: Any, tensor: Any, values: NDArray[np.int8] | NDArray[np.int32], scale: float
) -> None:
    """Give a constant tensor other values; in a buffer of its own, as constants may share one."""
    buffer = schema().BufferT()
    buffer.data = np.frombuffer(values.tobytes(), np.uint8)
    users = [other for other in model.subgraphs[0].tensors if other.buffer == tensor.buffer]
    if tensor.buffer and len(users) == 1:
        model.buffers[tensor.buffer] = buffer
    else:
        model.buffers.append(buffer)
        tensor.buffer = len(model.buffers) - 1
    tensor.shape = np.array(values.shape, np.int32)
    tensor.shapeSignature = None
    quantise(tensor, scale, 0)


def quantise(tensor: Any, scale: float, zero_point: int) -> None:
    """One scale for the whole tensor: real = scale * (q - zero_point)."""
    quantisation = schema().QuantizationParametersT()
    quantisation.scale = np.array([scale], np.float32)
    quantisation.zeroPoint = np.array([zero_point], np.int64)
    tensor.quantization = quantisation


def parsed(tflite: bytes) -> Any:
    """A model as the generated classes have it, to be changed."""
    return schema().ModelT.InitFromPackedBuf(tflite, 0)


def packed(model: Any) -> bytes:
    """The model as a file, without the buffers that no tensor uses any more."""
    used = {tensor.buffer for tensor in model.subgraphs[0].tensors}
    used |= {entry.buffer for entry in model.metadata or ()}
    model.buffers = [
        _aligned(buffer if place in used else schema().BufferT())
        for place, buffer in enumerate(model.buffers)
    ]
    builder = flatbuffers.Builder(1 << 16)
    builder.Finish(model.Pack(builder), file_identifier=IDENTIFIER)
    return bytes(builder.Output())


def _aligned(buffer: Any) -> Any:
    """A buffer whose data is packed where the format wants it; the generated class forgets that."""
    data = buffer.data
    if data is None or len(data) == 0:
        return buffer
    generated = schema()

    class Aligned(generated.BufferT):  # type: ignore[misc, name-defined]
        def Pack(self, builder: Any) -> Any:  # noqa: N802 - the generated code calls it
            content = bytes(data)
            builder.StartVector(1, len(content), _ALIGNMENT)
            builder.head = builder.head - len(content)
            builder.Bytes[builder.head : builder.head + len(content)] = content
            place = builder.EndVector()
            generated.BufferStart(builder)
            generated.BufferAddData(builder, place)
            return generated.BufferEnd(builder)

    return Aligned()
