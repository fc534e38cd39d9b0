"""Button, light, duty, liveness and reset cause: small parts of the sketch's runtime."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable

import pytest

from tests.firmware.compilers import BOARD_FLAGS, CORE, HERE, STRICT_FLAGS
from tests.firmware.sketch_bench import RESET_CAUSES

Part = Callable[..., str]


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Part:
    """Feeds lines to a part and returns what it prints."""
    if shutil.which("g++") is None:
        pytest.skip("g++ is not installed")
    program = str(tmp_path_factory.mktemp("parts") / "parts")
    flags = [*BOARD_FLAGS, *STRICT_FLAGS, f"-I{CORE}"]
    subprocess.run(["g++", *flags, str(HERE / "parts.cpp"), "-o", program], check=True)

    def feed(name: str, lines: Iterable[object]) -> str:
        text = "\n".join(map(str, lines))
        return subprocess.run(
            [program, name], input=text, capture_output=True, text=True, check=True
        ).stdout

    return feed


def _levels(*stretches: tuple[int, int], step_ms: int = 5) -> list[str]:
    """(level, milliseconds) after one another, looked at every `step_ms`."""
    lines, now_ms = [], 100
    for level, length_ms in stretches:
        for _ in range(length_ms // step_ms):
            lines.append(f"{now_ms} {level}")
            now_ms += step_ms
    return lines


BOUNCE = [(1, 5), (0, 5), (1, 10), (0, 5)]


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        pytest.param([(0, 3000)], [], id="nobody"),
        pytest.param([(1, 200), (0, 200)], ["330 short"], id="short"),
        pytest.param([*BOUNCE, (1, 200), *BOUNCE, (0, 200)], ["375 short"], id="bouncing"),
        pytest.param([(1, 20), (0, 200)], [], id="a spike"),
        pytest.param([(1, 3000), (0, 200)], ["1100 long"], id="long, told once"),
        pytest.param(
            [(1, 1500), (0, 200), (1, 200), (0, 200)], ["1100 long", "2030 short"], id="both"
        ),
        pytest.param([(1, 500), (0, 20), (1, 700), (0, 100)], ["1100 long"], id="a slip of it"),
    ],
)
def test_a_button(part: Part, stretches: list[tuple[int, int]], expected: list[str]) -> None:
    assert part("button", _levels(*stretches)).splitlines() == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([(t, 1, 0) for t in range(0, 50, 10)], "00011", id="still"),
        pytest.param([(t, 1, 1) for t in range(0, 50, 10)], "00000", id="listened to"),
        pytest.param([(0, 1, 0), (40, 1, 0), (41, 0, 0), (60, 1, 0)], "0100", id="moved"),
        pytest.param([(t, 0, 0) for t in range(0, 5000, 1000)], "00000", id="moving for an hour"),
        pytest.param([(4290, 0, 0), (4310, 1, 0), (4330, 1, 0)], "001", id="over the clock's end"),
    ],
)
def test_a_board_dozes_when_it_lies_still(
    part: Part, steps: list[tuple[int, int, int]], expected: str
) -> None:
    lines = [f"{t} {rest} {busy}" for t, rest, busy in steps]
    assert part("duty", lines).replace("\n", "") == expected


def _light(part: Part, activity: str, times_ms: range = range(0, 6000, 10)) -> str:
    return part("indicator", [f"{t} {activity}" for t in times_ms])


@pytest.mark.parametrize(
    ("activity", "colour", "shares"),
    [
        pytest.param("0 0 -1 0 0", "g", 4 / 600, id="a heartbeat"),
        pytest.param("0 0 -1 0 1", "g", 0.0, id="dark at rest"),
        pytest.param("0 0 -1 1 0", "b", 1.0, id="streaming"),
        pytest.param("0 0 1000 0 0", "g", 0.0567, id="a gesture"),
        pytest.param("2 0 -1 1 0", "r", 0.4 / 3, id="an error in a stream"),
        pytest.param("2 1 -1 1 0", "w", 0.5, id="which one is it"),
    ],
)
def test_the_light_says_the_most_important(
    part: Part, activity: str, colour: str, shares: float
) -> None:
    shown = _light(part, activity)
    assert shown.count(colour) / len(shown) == pytest.approx(shares, abs=0.004)
    if colour in "rbw":
        assert set(shown) <= {colour, "-"}


@pytest.mark.parametrize("code", [1, 2, 3])
def test_an_error_blinks_its_code(part: Part, code: int) -> None:
    shown = _light(part, f"{code} 0 -1 0 0", range(0, 3000, 10))
    assert shown.count("-r") + shown.startswith("r") == code


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param("-1 -1 -1", "-1 -1 0", id="nobody beats"),
        pytest.param("-1 0 -1 0 -1 0 -1", "-1 -1 -1 1", id="the second is silent"),
        pytest.param("-1 0 1 -1 0 1 -1 0 1 -1", "-1 -1 -1 -1", id="all beat"),
        pytest.param("-1 1 -1 1 -1", "-1 -1 0", id="the first is silent"),
    ],
)
def test_a_thread_that_is_silent_is_named(part: Part, steps: str, expected: str) -> None:
    assert part("liveness", steps.split()).split() == expected.split()


@pytest.mark.parametrize(
    ("bits", "hung", "expected"),
    [
        (0, 0, "power"),
        (1, 0, "pin"),
        (2, 0, "watchdog"),
        (4, 0, "software"),
        (4, 1, "watchdog"),
        (8, 0, "lockup"),
        (1 | 2 | 4, 0, "pin"),
        (1 << 16, 0, "unknown"),
        (1, 1, "pin"),
    ],
)
def test_the_cause_of_a_reset(part: Part, bits: int, hung: int, expected: str) -> None:
    assert RESET_CAUSES[int(part("cause", [f"{bits} {hung}"]))] == expected
