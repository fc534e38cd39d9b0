"""A build's size and speed: stages, operators, bytes, and the bounds of a decision."""

from __future__ import annotations

import pytest

from imu_gesture.dataset.front_end import FRONT_ENDS, FrontEndName
from imu_gesture.deploy import demonstration
from imu_gesture.deploy.cost.decision import (
    MODEL,
    decision_cost,
    estimate_ms,
    model_instructions,
    operator_costs,
)
from imu_gesture.deploy.cost.report import build_report
from imu_gesture.deploy.cost.stage_table import MOTION_ROW_INSTRUCTIONS
from imu_gesture.deploy.manifest import ModelManifest, read_run
from imu_gesture.deploy.toolchain.size import BuildSize
from tests.models.manifests import triggered

MANIFEST, TFLITE = read_run(demonstration.FOLDER)
MOST_INSTRUCTIONS, MOST_MODEL_INSTRUCTIONS = 640_000, 400_000
# Counted as `kernel_table` says; the mean of 64 windows of noise.
COUNTED = (
    ("CONV_2D", 82_431),
    ("CONV_2D", 83_952),
    ("CONV_2D", 75_627),
    ("RESHAPE", 286),
    ("FULLY_CONNECTED", 3_589),
    ("SOFTMAX", 2_650),
)
COUNTED_ALTOGETHER = 248_693


def with_front_end(name: FrontEndName) -> ModelManifest:
    features = MANIFEST.features.model_copy(update={"front_end": name})
    return MANIFEST.model_copy(update={"features": features})


def test_the_demonstration_model_costs_what_was_counted() -> None:
    operators = operator_costs(TFLITE)
    assert tuple(part.name for part in operators) == tuple(name for name, _ in COUNTED)
    for part, (_, counted) in zip(operators, COUNTED, strict=True):
        assert part.instructions == pytest.approx(counted, rel=0.01)
    assert model_instructions(operators) == pytest.approx(COUNTED_ALTOGETHER, rel=0.005)


@pytest.mark.parametrize("name", FRONT_ENDS)
def test_a_decision_of_the_default_model_stays_within_its_bounds(name: FrontEndName) -> None:
    cost = decision_cost(with_front_end(name), TFLITE)
    assert cost.model_instructions <= MOST_MODEL_INSTRUCTIONS
    assert cost.model_instructions < cost.instructions <= MOST_INSTRUCTIONS


def test_what_watches_for_motions_costs_little_and_is_told_where_it_runs() -> None:
    stages = {
        part.name: part.instructions for part in decision_cost(triggered(MANIFEST), TFLITE).stages
    }
    assert stages["motion"] == 5 * MOTION_ROW_INSTRUCTIONS < 0.01 * stages[MODEL]
    assert "motion" not in [part.name for part in decision_cost(MANIFEST, TFLITE).stages]


@pytest.mark.parametrize(
    ("change", "stage", "factor"),
    [
        ({"hop_samples": 10}, "correction", 2.0),
        ({"hop_samples": 10}, "resampling", 2.0),
        ({"hop_samples": 10}, MODEL, 1.0),
        ({"samples": 96}, "front_end", 2.0),
        ({"samples": 96}, "quantisation", 2.0),
        ({"channels": 3}, "quantisation", 0.5),
    ],
)
def test_a_window_decides_what_its_stages_cost(
    change: dict[str, int], stage: str, factor: float
) -> None:
    window = MANIFEST.window.model_copy(update=change)
    changed = MANIFEST.model_copy(update={"window": window})
    before, after = (
        {part.name: part.instructions for part in decision_cost(manifest, TFLITE).stages}[stage]
        for manifest in (MANIFEST, changed)
    )
    assert after == pytest.approx(factor * before)


def test_milliseconds_are_a_range_at_64_mhz() -> None:
    assert estimate_ms(64_000) == pytest.approx((1.0, 1.5))


def test_the_text_is_a_table() -> None:
    report = build_report(MANIFEST, TFLITE, BuildSize(424_000, 87_000))
    lines = report.as_text().splitlines()
    names = [part.name.replace("_", " ") for part in report.cost.stages]
    assert [line.strip().rsplit(maxsplit=4)[0] for line in lines[1:6]] == names[:5]
    assert sum(line.startswith("    ") for line in lines) == len(COUNTED)
    low_ms, high_ms = estimate_ms(report.cost.instructions)
    assert f"{low_ms:.2f} to {high_ms:.2f}" in next(x for x in lines if x.startswith("  all"))
    assert lines[-2] == "compiled: 424000 bytes of flash (43%), 87000 of memory (33%)"
    assert lines[-1].endswith("4096 of tensor arena, 10240 of stacks")
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("size", [None, BuildSize(None, None)])
def test_what_was_not_compiled_has_no_flash(size: BuildSize | None) -> None:
    report = build_report(MANIFEST, TFLITE, size)
    assert "flash" not in report.as_text()
    assert report.as_json()["flash_bytes"] is None


def test_the_json_has_every_figure() -> None:
    report = build_report(MANIFEST, TFLITE, BuildSize(424_000, 87_000))
    said = report.as_json()
    assert said["flash_bytes"] == 424_000
    assert said["ram_bytes"] == 87_000
    assert said["own_ram"] == {
        "objects_bytes": 16_351,
        "arena_bytes": 4096,
        "stacks_bytes": 10_240,
    }
    assert said["estimate_ms"] == list(estimate_ms(report.cost.instructions))
    stages, operators = said["stages"], said["operators"]
    assert isinstance(stages, list)
    assert isinstance(operators, list)
    assert sum(s["instructions"] for s in stages) == pytest.approx(said["instructions"], abs=3)
    assert [operator["name"] for operator in operators] == [name for name, _ in COUNTED]
