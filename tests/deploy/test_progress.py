"""What is told of a tool that is silent, from the log that it keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from imu_gesture.deploy.toolchain.progress import Progress

GCC = "https://downloads.arduino.cc/tools/gcc-arm-none-eabi-7-2017-q4-major-linux.tar.bz2"
DOWNLOAD = f'time="2026-07-24T18:29:50+02:00" level=info msg="Starting download" url="{GCC}"\n'
SOURCE = (
    'time="2026-07-24T18:30:50+02:00" level=debug msg="Checking previous results for '
    '{folder}Wire.cpp (result = /tmp/Wire.cpp.o, dep = /tmp/Wire.cpp.d)"\n'
)


class Bench:
    """A log, a clock and what is told."""

    def __init__(self, folder: Path) -> None:
        self.log, self.now_s, self.lines = folder / "log", 100.0, [""][:0]
        self.progress = Progress(self.log, self.lines.append, "compile goes on", lambda: self.now_s)

    def write(self, text: str) -> None:
        with self.log.open("a", encoding="utf-8") as file:
            file.write(text)
        self.progress.look()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_download_is_told_once_and_at_once(bench: Bench) -> None:
    bench.write(DOWNLOAD)
    bench.progress.look()
    assert bench.lines == ["downloading gcc-arm-none-eabi-7-2017-q4-major-linux.tar.bz2"]


@pytest.mark.parametrize("cut", [1, 40, len(DOWNLOAD) - 1])
def test_a_line_that_is_half_written_is_waited_for(cut: int, bench: Bench) -> None:
    bench.write(DOWNLOAD[:cut])
    assert bench.lines == []
    bench.write(DOWNLOAD[cut:])
    assert len(bench.lines) == 1


@pytest.mark.parametrize("folder", ["/home/a b/Wire/", "C:\\\\Users\\\\a\\\\", ""])
def test_every_ten_seconds_it_is_told_what_goes_on(folder: str, bench: Bench) -> None:
    bench.write(SOURCE.format(folder=folder))
    bench.now_s += 9
    bench.progress.look()
    assert bench.lines == []
    bench.now_s += 1
    bench.progress.look()
    bench.progress.look()
    assert bench.lines == ["compile goes on, 10 s: Wire.cpp"]
    bench.now_s += 10
    bench.progress.look()
    assert bench.lines[1:] == ["compile goes on, 20 s: Wire.cpp"]


def test_without_a_log_at_least_the_time_is_told(bench: Bench) -> None:
    bench.now_s += 12
    bench.progress.look()
    assert bench.lines == ["compile goes on, 12 s"]


def test_other_lines_are_no_news(bench: Bench) -> None:
    bench.write('level=info msg="Starting downloads"\nlevel=info msg="x" url="y"\n\xff\n')
    assert bench.lines == []


def test_what_was_in_the_log_before_is_no_news(bench: Bench) -> None:
    bench.write(DOWNLOAD)
    later = Progress(bench.log, bench.lines.append, "again", lambda: bench.now_s)
    later.look()
    assert len(bench.lines) == 1
