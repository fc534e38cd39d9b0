"""Imports point one way, and heavy or foreign packages stay where they belong."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "imu_gesture"
CORE = ROOT / "firmware_sketch" / "src" / "core"
FILES = sorted(PACKAGE.rglob("*.py"))

# Each may import from itself and from what stands before it.
LAYERS = (
    ("errors",),
    ("samples", "labels", "device", "provenance", "workspace"),
    ("_core",),
    ("inference",),
    ("simulation",),
    ("link",),
    ("recording",),
    ("calibration",),
    ("dataset",),
    ("learning",),
    ("deploy",),
    ("live",),
    ("workflow",),
    ("report",),
    ("cli",),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}

# Modules of `learning` that run in fitting processes.
_FITTING = (
    *("architecture", "training", "steps", "fake_quantisation", "conversion"),
    "fewshot_pretraining",
)
# Where each foreign package may be imported; `fitters` only sets up the processes that train.
HOMES = {
    "serial": ("link/",),
    "bleak": ("link/",),
    "asyncio": ("link/",),
    "tensorflow": tuple(f"learning/{name}.py" for name in (*_FITTING, "fitters")),
    "keras": tuple(
        f"learning/{name}.py"
        for name in (
            *_FITTING,
            *(f"foreign/{part}" for part in ("conversion", "elements", "keras_file", "keras_lift")),
            *(f"foreign/{part}" for part in ("planes", "rebuild", "values")),
        )
    ),
    "onnx": ("learning/foreign/onnx_graph.py", "learning/foreign/torch_file.py"),
    "torch": ("learning/foreign/torch_file.py",),
    "flatbuffers": ("inference/",),
    "tflite_micro": ("inference/",),
    "ai_edge_litert": ("inference/",),
    "mcap": ("recording/",),
    "cbor2": ("recording/",),
    "pyarrow": ("recording/",),
    "optuna": ("workflow/search/",),
    "ray": ("learning/ray_fitters.py",),
    "matplotlib": ("live/", "report/"),
    "PySide6": ("live/",),
    "click": ("cli/",),
    "rich": ("cli/",),
}

FORBIDDEN_IN_CORE = re.compile(
    r"#\s*include\s*<(?:iostream|fstream|sstream|cstdio|stdio\.h|printf\.h|Arduino\.h)>"
    r"|\b(?:(?<!<)new(?! \(&)|delete|malloc|calloc|realloc|free)\b"  # new (&place) takes none
)


def name_of(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def imports(tree: ast.AST, package: str) -> Iterator[str]:
    """Every imported module or name, dotted, wherever in the file it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: -node.level + 1 or None] if node.level else []
            module = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def imports_of(file: Path) -> list[str]:
    package = ".".join(["imu_gesture", *file.relative_to(PACKAGE).parent.parts])
    return list(imports(ast.parse(file.read_text(encoding="utf-8")), package))


def later_layers(name: str, imported: list[str]) -> list[str]:
    """Those imports of the file `name` that point to a layer behind its own."""
    own = RANK.get(Path(name).parts[0].removesuffix(".py"), -1)
    ours = [module.split(".") for module in imported if module.startswith("imu_gesture.")]
    return [".".join(parts) for parts in ours if RANK.get(parts[1], -1) > own]


def strangers(name: str, imported: list[str]) -> list[str]:
    """Those imports of the file `name` that are not allowed there."""
    return [
        module for module in imported if not name.startswith(HOMES.get(module.split(".")[0], ("",)))
    ]


def test_every_part_of_the_package_has_its_layer() -> None:
    parts = {Path(name_of(file)).parts[0].removesuffix(".py") for file in FILES}
    assert parts - {"__init__"} == set(RANK) - {"_core"}


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_imports_point_to_earlier_layers(file: Path) -> None:
    assert later_layers(name_of(file), imports_of(file)) == []


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_foreign_packages_stay_at_home(file: Path) -> None:
    assert strangers(name_of(file), imports_of(file)) == []


@pytest.mark.parametrize(
    ("name", "code", "wrong"),
    [
        ("samples.py", "import imu_gesture.cli.main", ["imu_gesture.cli.main"]),
        ("samples.py", "from imu_gesture import cli", ["imu_gesture.cli"]),
        (
            "link/link.py",
            "def f():\n    from ..deploy import codegen",
            ["imu_gesture.deploy.codegen"],
        ),
        ("link/link.py", "from . import text_lines", []),
        ("cli/main.py", "from imu_gesture.link import link", []),
        ("__init__.py", "from imu_gesture import errors", ["imu_gesture.errors"]),
    ],
)
def test_a_wrong_direction_is_seen(name: str, code: str, wrong: list[str]) -> None:
    package = ".".join(["imu_gesture", *Path(name).parent.parts])
    assert later_layers(name, list(imports(ast.parse(code), package))) == wrong


@pytest.mark.parametrize(
    ("name", "code", "wrong"),
    [
        ("cli/train.py", "def f():\n    import tensorflow as tf", ["tensorflow"]),
        ("learning/config.py", "from keras import layers", ["keras.layers"]),
        ("live/window.py", "import serial.tools.list_ports", ["serial.tools.list_ports"]),
        ("link/serial_port.py", "import serial", []),
    ],
)
def test_a_stranger_is_seen(name: str, code: str, wrong: list[str]) -> None:
    assert strangers(name, list(imports(ast.parse(code), "imu_gesture"))) == wrong


def without_comments(code: str) -> str:
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", code, flags=re.DOTALL)


@pytest.mark.parametrize("file", sorted(CORE.iterdir()), ids=lambda path: path.name)
def test_the_core_has_no_heap_and_no_input_or_output(file: Path) -> None:
    assert FORBIDDEN_IN_CORE.findall(without_comments(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("#include <Arduino.h>", 1),
        ("# include <cstdio>\nint* p = new int[3];", 2),
        ("void* p = malloc(3);  // new", 1),
        ("#include <new>\nnew (&window_) Window(3);", 0),
        ("int newest = 0;  // new\n/* malloc */ #include <stdint.h>", 0),
    ],
)
def test_heap_and_output_in_the_core_are_seen(code: str, count: int) -> None:
    assert len(FORBIDDEN_IN_CORE.findall(without_comments(code))) == count
