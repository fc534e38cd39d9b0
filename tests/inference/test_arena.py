"""The arena that `measure_arena` finds is enough, and not a step more than enough."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from ai_edge_litert import schema_py_generated as schema

from imu_gesture.errors import ModelError
from imu_gesture.inference.arena import ArenaMeasurement, measure_arena
from tests.models import handmade

RUN = """
import sys, numpy
from tflite_micro.python.tflite_micro import runtime
interpreter = runtime.Interpreter.from_bytes(sys.stdin.buffer.read(), arena_size=int(sys.argv[1]))
interpreter.set_input(numpy.ones(interpreter.get_input_details(0)["shape"], numpy.int8), 0)
interpreter.invoke()
"""
ESTIMATE = """
from imu_gesture.inference.arena import measure_arena
found = measure_arena(bytes.fromhex(sys.argv[1]))
print(found.used_bytes, found.arena_bytes, repr(found.runtime))
"""


def runs_in(arena_bytes: int, model: bytes) -> bool:
    """In a process of its own: too small an arena may end it."""
    command = [sys.executable, "-c", RUN, str(arena_bytes)]
    return subprocess.run(command, input=model, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def measured() -> ArenaMeasurement:
    return measure_arena(handmade.tflite())


def assert_tight(found: ArenaMeasurement, model: bytes) -> None:
    assert found.used_bytes <= found.arena_bytes
    assert found.arena_bytes % 16 == 0
    assert found.runtime.startswith("tflite-micro ")
    assert runs_in(found.arena_bytes, model)
    assert not runs_in(found.arena_bytes - 16, model)


def test_the_smallest_arena_is_found(measured: ArenaMeasurement) -> None:
    assert_tight(measured, handmade.tflite())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["trained", "mean_of_3d"])
def test_the_smallest_arena_is_found_for_converted_models(
    kind: str, tensorflow_models: dict[str, bytes]
) -> None:
    assert_tight(measure_arena(tensorflow_models[kind]), tensorflow_models[kind])


def test_without_the_runtime_an_ample_arena_is_estimated(
    measured: ArenaMeasurement, run_python: Callable[..., str]
) -> None:
    said = run_python(ESTIMATE, handmade.tflite().hex(), missing=["tflite_micro"])
    used_bytes, arena_bytes, runtime = said.split()
    assert measured.arena_bytes <= int(used_bytes) <= int(arena_bytes)
    assert runtime == "''"


def test_a_missing_operator_is_named() -> None:
    changed = handmade.model()
    changed.operatorCodes[2].builtinCode = schema.BuiltinOperator.UNIQUE
    with pytest.raises(ModelError, match=r"cannot run this model: .*UNIQUE"):
        measure_arena(handmade.packed(changed))


@pytest.mark.parametrize("content", [b"", b"x" * 100, handmade.tflite()[:-100]])
def test_damaged_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ModelError, match=r"cannot run this model: \w"):
        measure_arena(content)
