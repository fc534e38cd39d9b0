"""The sketch's threads, links, flash and watchdog, in simulated time with modelled parts."""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path

import pytest

from imu_gesture import _core
from imu_gesture.deploy import demonstration
from imu_gesture.deploy.golden import GOLDEN_WINDOWS
from imu_gesture.deploy.manifest import read_run
from tests.firmware import sketch_bench
from tests.firmware.sketch_bench import RESET_CAUSES, Played

RATES_HZ = {1: 119, 2: 100}
BUSY = int(_core.AckStatus.BUSY)
DONE = int(_core.AckStatus.DONE)
AXES = 32  # the bit of a self-test's answer


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("g++") is None:
        pytest.skip("g++ is not installed")
    return sketch_bench.build_scenarios(tmp_path_factory.mktemp("scenarios"))


def _is_well(played: Played) -> None:
    assert not played.reset
    assert played["allocations"] == 0
    assert played["lost"] == 0
    assert played["usb_damaged"] == played["ble_damaged"] == 0


@pytest.mark.parametrize("sensors", [1, 2])
def test_an_hour_with_hosts_takes_no_memory_and_loses_nothing(
    scenarios: Path, sensors: int
) -> None:
    hour = sketch_bench.play(scenarios, "soak", 3600, sensors)
    _is_well(hour)
    assert hour["dropped"] == 0
    assert hour["lived_s"] > 3600
    assert hour["numbered"] == pytest.approx(3600 * RATES_HZ[sensors], rel=0.002)
    assert min(hour["usb_samples"], hour["ble_samples"]) > 3 * 20 * RATES_HZ[sensors]
    assert hour["programs"] > 0


def test_who_has_the_wire_has_the_board(scenarios: Path) -> None:
    seen = sketch_bench.play(scenarios, "two_links")
    _is_well(seen)
    assert seen["ble_before_wire"] > 2.8 * 119
    assert seen["usb_hellos_silent"] == 0  # opening a port takes nothing away
    assert (seen["usb_hellos"], seen["ble_hellos_after"]) == (1, 2)
    assert seen["usb_samples"] > 1.8 * 119
    assert (seen["ble_while_wire"], seen["ble_status"], seen["ble_busy"]) == (0, BUSY, 1)
    assert seen["ble_after_wire"] > 1.8 * 119


def test_a_host_that_reads_nothing_holds_nobody_up(scenarios: Path) -> None:
    seen = sketch_bench.play(scenarios, "unread_usb")
    _is_well(seen)
    assert seen["ble_samples"] == pytest.approx(40 * 119, rel=0.01)


def test_a_page_is_erased_without_losing_a_sample(scenarios: Path) -> None:
    seen = sketch_bench.play(scenarios, "flash")
    _is_well(seen)
    assert (seen["status"], seen["record"], seen["kept_calibration"]) == (DONE, 1, 40)
    assert seen["erases"] > 3
    assert seen["loop_max_us"] > 85_000
    assert seen["dropped"] == 0
    assert seen["numbered"] - seen["usb_samples"] < 5  # the last block waits
    assert seen["lowest_erased"] == 0xEC000


def test_what_was_remembered_is_read_back_at_the_start(scenarios: Path) -> None:
    assert sketch_bench.play(scenarios, "recalled")["calibration"] == 7
    assert sketch_bench.play(scenarios, "started")["calibration"] == 0


@pytest.mark.parametrize("sensors", [1, 2])
def test_the_sketch_tests_itself(scenarios: Path, sensors: int) -> None:
    _, tflite = read_run(demonstration.FOLDER)
    seen = sketch_bench.play(scenarios, "self_test", sensors=sensors)
    assert (seen["status"], seen["crc"]) == (DONE, zlib.crc32(tflite))
    assert (seen["failed"], seen["untested"], seen["warnings"]) == (0, AXES, 0)
    assert seen["right_windows"] == GOLDEN_WINDOWS
    assert seen["rate_hz"] == pytest.approx(RATES_HZ[sensors], rel=0.02)


def test_flash_that_belongs_to_others_is_left_alone(scenarios: Path) -> None:
    seen = sketch_bench.play(scenarios, "room")
    assert (seen["usual"], seen["other_bootloader"]) == (1, 1)
    assert seen["long_sketch"] == seen["long_sketch_erase"] == seen["long_sketch_write"] == 0
    assert (seen["other_bootloader_erase"], seen["lowest_erased"]) == (1, 0xCC000)
    assert seen["beyond"] == seen["across"] == 0


def test_a_radio_that_hangs_costs_half_a_minute(scenarios: Path, tmp_path: Path) -> None:
    retained = tmp_path / "retained"
    hung = sketch_bench.play(scenarios, "radio_hangs", retained=retained)
    assert hung.reset
    assert 25e6 < hung["reset_us"] < 36e6
    after = sketch_bench.play(scenarios, "started", retained=retained)
    assert after["reset_cause"] == RESET_CAUSES.index("watchdog")
    assert after["boot_count"] == 1
    assert after["previous_samples"] == pytest.approx(hung["reset_us"] * 119e-6, abs=16)


def test_a_reset_that_was_asked_for_says_what_there_was(scenarios: Path, tmp_path: Path) -> None:
    retained = tmp_path / "retained"
    first = sketch_bench.play(scenarios, "started", retained=retained)
    assert (first["boot_count"], first["previous_samples"]) == (0, _core.UNKNOWN_COUNT)
    assert first["reset_cause"] == RESET_CAUSES.index("power")
    asked = sketch_bench.play(scenarios, "asked_to_reset", retained=retained)
    assert (asked.reset, asked["status"]) == (True, DONE)
    after = sketch_bench.play(scenarios, "started", retained=retained)
    assert after["reset_cause"] == RESET_CAUSES.index("software")
    passed_s = asked["reset_us"] * 1e-6
    assert after["previous_samples"] >= asked["numbered_before"]
    assert after["previous_samples"] == pytest.approx(passed_s * 119, abs=16)


def test_the_button_marks_and_captures(scenarios: Path) -> None:
    seen = sketch_bench.play(scenarios, "button")
    _is_well(seen)
    assert (seen["short_marks"], seen["short_kind"]) == (1, 1)
    assert (seen["usb_marks"], seen["usb_mark"]) == (2, 2)


def test_a_board_that_lies_still_dozes_and_wakes_at_once(scenarios: Path) -> None:
    seen = sketch_bench.play(scenarios, "doze")
    _is_well(seen)
    assert seen["awake_windows"] > 150
    assert (seen["dozing_windows"], seen["dozing_lit"]) == (0, 0)
    assert seen["dozing_interval"] == 1600
    assert seen["moved_windows"] >= 5  # ten a second
    assert seen["awake_interval"] == 160


def test_stacks_have_room(scenarios: Path) -> None:
    seen = sketch_bench.play(scenarios, "two_links")
    assert seen["sensing_stack"] < 2048
    assert seen["thinking_stack"] < 6144
    assert seen["stack_free"] > 1024
