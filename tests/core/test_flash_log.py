"""`flash_log.h`: the newest record survives whatever moment power fails at."""

from __future__ import annotations

import numpy as np
import pytest

from imu_gesture import _core

PAGE_BYTES = 4096
PAGES = 2


def record(number: int, size: int = 300) -> bytes:
    return np.random.default_rng(number).bytes(size)


def written(numbers: range, size: int = 300) -> _core.Flash:
    flash = _core.Flash()
    log = _core.FlashLog(flash)
    assert log.load() is None
    for number in numbers:
        assert log.append(record(number, size))
    return flash


@pytest.mark.parametrize("size", [1, 3, 4, 300, 512])
@pytest.mark.parametrize("count", [1, 2, 13, 14, 15, 100])
def test_the_newest_record_is_found_after_a_start(size: int, count: int) -> None:
    flash = written(range(count), size)
    assert _core.FlashLog(flash).load() == record(count - 1, size)


def test_pages_are_erased_once_for_many_records() -> None:
    flash = written(range(1300))
    assert flash.erases == 1300 // (PAGE_BYTES // 312)


@pytest.mark.parametrize("size", [0, 513])
def test_a_record_that_does_not_fit_is_refused_and_nothing_is_lost(size: int) -> None:
    flash = written(range(3))
    log = _core.FlashLog(flash)
    log.load()
    assert not log.append(bytes(size))
    assert _core.FlashLog(flash).load() == record(2)


@pytest.mark.parametrize("before", [0, 1, 5, 12, 13, 14, 26])
def test_power_may_fail_at_any_byte(before: int) -> None:
    """The record before or the new one is there afterwards, and the log goes on."""
    whole = written(range(before)).content
    for cut in range(0, PAGE_BYTES + 320, 7):
        flash = _core.Flash()
        flash.content = whole
        log = _core.FlashLog(flash)
        log.load()
        flash.cut_after(cut)
        finished = log.append(record(1000))
        flash.cut_after(-1)
        again = _core.FlashLog(flash)
        old = record(before - 1) if before else None
        found = again.load()
        assert found == record(1000) or (found == old and not finished), cut
        assert again.append(record(1001)), cut
        assert _core.FlashLog(flash).load() == record(1001), cut


def test_a_flash_that_fails_again_and_again_keeps_the_newest_record() -> None:
    flash = written(range(20))
    log = _core.FlashLog(flash)
    log.load()
    for _ in range(40):
        flash.cut_after(2)
        assert not log.append(record(1000))
    flash.cut_after(-1)
    assert _core.FlashLog(flash).load() == record(19)


def test_any_damaged_byte_costs_one_record_and_no_more() -> None:
    whole = written(range(8)).content
    known = {record(number) for number in range(8)}
    for at in range(0, 8 * 312, 13):
        flash = _core.Flash()
        flash.content = whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :]
        found = _core.FlashLog(flash).load()
        assert found in known | {None}


@pytest.mark.parametrize("seed", range(20))
def test_pages_full_of_anything_hold_no_record(seed: int) -> None:
    flash = _core.Flash()
    flash.content = np.random.default_rng(seed).bytes(PAGES * PAGE_BYTES)
    log = _core.FlashLog(flash)
    assert log.load() is None
    assert log.append(record(1))
    assert _core.FlashLog(flash).load() == record(1)
