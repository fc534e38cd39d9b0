"""Generated sources, compiled with the board's flags: they say what the manifest says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from imu_gesture import _core
from imu_gesture.dataset.front_end import FRONT_ENDS, Z_UP, FrontEndName
from imu_gesture.deploy.codegen import c_float, c_string, generate
from imu_gesture.deploy.manifest import ModelManifest
from imu_gesture.deploy.model_check import FAMILY_OPERATORS
from imu_gesture.deploy.sketch import write_sketch
from imu_gesture.inference.flatbuffer import read_facts
from tests.firmware.compilers import Target
from tests.models import handmade
from tests.models.manifests import GAIN, NAMES, OFFSET, UP, manifest, triggered

HARD = (
    "two words",
    'say "hi"',
    "it's",
    "back\\slash\\",
    "\\n is not a newline",
    "line\nbreak",
    "tab\tand bell\a",
    "??/ ??= ??' ??! trigraphs",
    "%s %d %n",
    "*/ // /*",
    "{}$@`#",
    "grüßen",
    "é7 a digit after octal",
    "波",
    "👋🏽 wave",
    "e\u0301 combined",
    "\x7f\x01\u2028",
    "x" * 200,
)
LABELS = (*HARD, *(f"gesture {i}" for i in range(_core.MAX_CLASSES - len(HARD))))
# Trigraphs are off in GNU dialects: turned on, they show whether any is left.
HOST = Target("host with trigraphs", "g++", flags=("-trigraphs",), linker=("g++",))
PROGRAM = r"""
#include <stdio.h>
#include <string.h>

#include "sketch/src/model/model_data.cpp"
#include "sketch/src/model/model_manifest.h"

static void print_float(float value) {
  unsigned int bits;
  memcpy(&bits, &value, sizeof bits);
  printf("%u ", bits);
}

int main() {
  const imu_gesture::FirmwareParams params = model_params();
  for (int i = 0; i < kModelClasses; ++i) {
    fwrite(kModelLabels[i], 1, strlen(kModelLabels[i]) + 1, stdout);
  }
  printf("%s %d %d %d %d ", kModelId, kModelClasses, kModelWindowSamples, kModelChannels,
         kModelArenaBytes);
  printf("%u %u %d ", params.conditioner.resampler.period_us,
         params.conditioner.resampler.max_gap_us, params.conditioner.channels);
  printf("%d %d ", params.window.samples, params.window.hop_samples);
  print_float(params.input.scale);
  printf("%d %d %d %u ", params.input.zero_point, params.decision.classes,
         params.decision.smoothing, params.decision.refractory_us);
  for (int i = 0; i < kModelClasses; ++i) printf("%d ", params.decision.threshold[i]);
  for (int i = 0; i < kModelChannels; ++i) print_float(params.features.offset[i]);
  for (int i = 0; i < kModelChannels; ++i) print_float(params.features.gain[i]);
  printf("%d %d ", params.conditioner.learn, static_cast<int>(params.front_end.kind));
  for (int i = 0; i < 3; ++i) print_float(params.front_end.up[i]);
  const auto& learning = params.conditioner.learning;
  print_float(learning.tracker.max_gap_s);
  print_float(learning.tracker.rest.tau_s);
  print_float(learning.tracker.rest.surprise_min_s);
  print_float(learning.tracker.bias.limit_dps);
  print_float(learning.rest.pose_s);
  print_float(learning.rest.accelerometer.new_pose_g);
  print_float(learning.rest.temperature.walk_dps);
  printf("%d ", static_cast<int>(params.window.regime));
  print_float(params.window.motion.calm_s);
  print_float(params.window.motion.longest_s);
  fputc(0, stdout);
  fwrite(g_model, 1, g_model_len, stdout);
}
"""


def bits(*values: float) -> list[str]:
    with np.errstate(under="ignore"):
        return [str(n) for n in np.array(values, np.float32).view(np.uint32)]


def expected_numbers(said: ModelManifest) -> list[str]:
    window, decision = said.window, said.decision
    up = Z_UP if said.features.front_end == "sensor" else UP
    shape = [window.samples, window.channels]
    motion = said.regime.params or _core.MotionParams()
    return [
        *(said.model_id, str(len(said.labels)), *map(str, shape), str(said.arena.arena_bytes)),
        *(str(window.period_us), str(window.max_gap_us), str(window.channels)),
        *(str(window.samples), str(window.hop_samples)),
        *(*bits(said.input.scale), str(said.input.zero_point)),
        *(str(len(said.labels)), str(decision.smoothing), str(decision.refractory_us)),
        *(str(label.threshold) for label in said.labels),
        *(*bits(*OFFSET), *bits(*GAIN)),
        *("1", str(FRONT_ENDS.index(said.features.front_end)), *bits(*up)),
        *bits(0.125, 1 / 3, 7.0, 12.5, 0.875, 0.3, 0.03),
        *(str(int(said.regime.params is not None)), *bits(motion.calm_s, motion.longest_s)),
    ]


@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
@pytest.mark.parametrize(
    ("names", "front_end"),
    [(NAMES, "sensor"), (NAMES, "stroke"), (LABELS, "gravity")],
    ids=["three labels", "stroke, triggered", "32 hard labels, gravity"],
)
def test_compiled_sources_say_what_the_manifest_says(
    names: tuple[str, ...], front_end: FrontEndName, tmp_path: Path
) -> None:
    content = handmade.tflite()
    said = manifest(content, names, front_end=front_end)
    said = triggered(said) if front_end == "stroke" else said
    write_sketch(tmp_path / "sketch", said, content)
    (tmp_path / "program.cpp").write_text(PROGRAM)
    command = HOST.build(tmp_path / "program.cpp", tmp_path)
    output = subprocess.run(command, capture_output=True, check=True).stdout
    *labels, numbers, data = output.split(b"\0", len(names) + 1)
    assert [label.decode() for label in labels] == list(names)
    assert numbers.decode().split() == expected_numbers(said)
    assert data == content


def test_without_learning_nothing_is_said_of_it() -> None:
    content = handmade.tflite()
    said = manifest(content).model_copy(update={"learning": None})
    assert "learn" not in generate(said, content)["model_manifest.h"]


def test_without_motions_nothing_is_said_of_them() -> None:
    content = handmade.tflite()
    text = generate(manifest(content), content)["model_manifest.h"]
    assert "window.motion" not in text
    assert "regime" not in text


def test_generated_files_are_plain_ascii() -> None:
    content = handmade.tflite()
    for text in generate(manifest(content, LABELS), content).values():
        assert set(text) <= {chr(code) for code in range(0x20, 0x7F)} | {"\n"}
        assert "??" not in text
        assert text.endswith("\n")


def test_the_model_is_aligned_as_tensorflow_lite_micro_wants_it() -> None:
    content = handmade.tflite()
    source = generate(manifest(content), content)["model_data.cpp"]
    assert "\nalignas(16) const unsigned char g_model[] = {\n" in source


def test_the_same_model_gives_the_same_bytes() -> None:
    first, second = (
        generate(manifest(content, LABELS), content)
        for content in (handmade.tflite(), handmade.tflite())
    )
    assert first == second
    another = handmade.tflite(seed=1)
    assert generate(manifest(another, LABELS), another) != first


def test_the_resolver_has_the_models_operators_those_of_the_family_and_no_more() -> None:
    content = handmade.tflite()
    text = generate(manifest(content), content)["op_resolver.h"]
    kinds = {operator.name for operator in read_facts(content).operators} | {*FAMILY_OPERATORS}
    methods = re.findall(r"resolver->Add(\w+)\(\)", text)
    assert sorted(method.lower() for method in methods) == sorted(
        kind.replace("_", "").lower() for kind in kinds
    )
    assert f"MicroMutableOpResolver<{len(kinds)}>;" in text


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("circle", '"circle"'),
        ("", '""'),
        ('"\\', r'"\042\134"'),
        ("what??/", r'"what\077\077/"'),
        ("é1", r'"\303\2511"'),
        ("👋", r'"\360\237\221\213"'),
    ],
)
def test_strings(text: str, literal: str) -> None:
    assert c_string(text) == literal


def test_floats_read_back_to_the_same_bits() -> None:
    any_bits = np.random.default_rng(0).integers(0, 2**32, 2000, dtype=np.uint32).view(np.float32)
    values = [*GAIN, *OFFSET, 1.0, -3.0, 1e10, *any_bits[np.isfinite(any_bits)].tolist()]
    for value in values:
        literal = c_float(value)
        assert re.fullmatch(r"-?\d+(\.\d+)?(e[+-]\d+)?F", literal)
        assert re.search(r"[.e]", literal)  # 1F would be no C
        assert bits(float(literal[:-1])) == bits(value)
