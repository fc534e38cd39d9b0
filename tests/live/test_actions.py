"""What gestures set off: real programs, servers, brokers and keys, and a file that is checked."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from imu_gesture.errors import InputError
from imu_gesture.live.actions import Actions, GestureActions, read_actions
from imu_gesture.live.recogniser import Recognition
from tests.screen import Screen, wait_until

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
KNOWN = ("circle", "wave")


def gesture(label: str = "wave", score: float = 0.9, by: Any = "board") -> Recognition:
    return Recognition(1_000_000, label, score, by)


def done(actions: GestureActions, reported: Recognition | None = None) -> list[str]:
    """Set off what belongs to one gesture, to its end; what was told."""
    told: list[str] = []
    with Actions({"wave": actions}, told.append) as doing:
        assert doing.take(reported or gesture(), 0.0)
    return told


def read(tmp_path: Path, text: str) -> dict[str, GestureActions]:
    file = tmp_path / "actions.toml"
    file.write_text(text, encoding="utf-8")
    return read_actions(file, KNOWN)


def test_a_file_is_read(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '[circle]\nrun = ["a", "b"]\ncooldown_s = 2\n[wave]\nkey = "ctrl+a"\n'
        'http = "https://b.c/d"\nmqtt = "mqtt://h/t/u"\nosc = "osc://h:9/x"\nleast_score = 0.5\n',
    )
    assert found["circle"] == GestureActions(run=["a", "b"], cooldown_s=2)
    assert found["wave"].osc == "osc://h:9/x"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[circle", "is not TOML"),
        ('[jump]\nrun = ["a"]', "the model reports no 'jump'; it reports circle, wave"),
        ('[wave]\nshell = "a"', r"wave.shell: there is no such setting; there are run, key"),
        ('[wave]\nrun = "rm -rf x"', "wave.run: "),
        ("[wave]\nrun = []", "wave.run: "),
        ('[wave]\nhttp = "file:///etc/passwd"', r"wave.http: .*is no address such as http://"),
        ('[wave]\nhttp = "localhost"', "wave.http: "),
        ('[wave]\nmqtt = "mqtt://host"', "wave.mqtt: .*names no topic"),
        ('[wave]\nmqtt = "mqtt://host/a/#"', "wave.mqtt: .*names no topic"),
        ('[wave]\nosc = "osc://host/x"', "wave.osc: .*lacks a port"),
        ('[wave]\nosc = "osc://host:99999/x"', "wave.osc: "),
        ("[wave]\ncooldown_s = -1", "wave.cooldown_s: "),
        ("[wave]\ncooldown_s = nan", "wave.cooldown_s: "),
        ("[wave]\nleast_score = 2", "wave.least_score: "),
        ("wave = 3", "wave: "),
    ],
)
def test_a_file_that_says_something_else_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"actions.toml: {said}"):
        read(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_actions(tmp_path / "none.toml", KNOWN)


@pytest.mark.parametrize(
    ("reported", "sets_off"),
    [
        ((gesture(), 0.0), True),
        ((gesture("circle"), 0.0), False),
        ((gesture(by="host"), 0.0), False),
        ((gesture(score=0.49), 0.0), False),
    ],
)
def test_only_what_the_board_reports_surely_counts(
    reported: tuple[Recognition, float], sets_off: bool
) -> None:
    with Actions({"wave": GestureActions(least_score=0.5)}, print) as doing:
        assert doing.take(*reported) is sets_off


def test_a_gesture_is_quiet_for_a_while() -> None:
    both = {name: GestureActions(cooldown_s=2.0) for name in KNOWN}
    with Actions(both, print) as doing:
        times_s = (0.0, 1.0, 1.9, 2.0, 2.1, 4.5)
        assert [doing.take(gesture(), time_s) for time_s in times_s] == [
            *(True, False, False, True, False, True)
        ]
        assert doing.take(gesture("circle"), 0.5)


def test_a_program_gets_its_arguments_as_they_are(tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "told = [os.environ[name] for name in ('IMU_GESTURE', 'IMU_GESTURE_SCORE')]\n"
        "with open(sys.argv[1], 'w') as file:\n    file.write(repr(sys.argv[2:] + told))"
    )
    out = tmp_path / "out"
    harmful = f"$(touch {tmp_path / 'harm'}); `touch {tmp_path / 'harm'}`"
    actions = GestureActions(run=[sys.executable, "-c", code, str(out), harmful, "a b"])
    assert done(actions, gesture(score=0.75)) == []
    assert out.read_text() == repr([harmful, "a b", "wave", "0.750"])
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (["no-such-program"], "No such file"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "it ended with code 3"),
    ],
)
def test_a_program_that_fails_is_told(run: list[str], said: str) -> None:
    (line,) = done(GestureActions(run=run))
    assert line.startswith(f"wave: run {run[0]}: ")
    assert said in line


def test_what_is_slow_holds_nothing_up_and_is_not_piled_up() -> None:
    told: list[str] = []
    slow = GestureActions(run=[sys.executable, "-c", "import time; time.sleep(0.5)"], cooldown_s=0)
    with Actions({"wave": slow}, told.append) as doing:
        started_s = time.monotonic()
        for number in range(20):
            doing.take(gesture(), float(number))
        assert time.monotonic() - started_s < 0.4
    assert told == ["wave: run " + sys.executable + ": left out, 16 others wait"] * 4


@contextmanager
def web_server(answer: int) -> Iterator[tuple[str, list[dict[str, object]]]]:
    heard: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook", heard
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("answer", "told"), [(204, 0), (500, 1)])
def test_a_web_request(answer: int, told: int) -> None:
    with web_server(answer) as (address, heard):
        assert len(done(GestureActions(http=address))) == told
    wanted = {"device_time_us": 1_000_000, "label": "wave", "score": 0.9, "by": "board"}
    assert heard == [wanted]


def test_an_osc_message() -> None:
    from pythonosc.dispatcher import Dispatcher
    from pythonosc.osc_server import BlockingOSCUDPServer

    heard: list[tuple[object, ...]] = []
    dispatcher = Dispatcher()
    dispatcher.map("/gesture/wave", lambda *words: heard.append(words))
    with BlockingOSCUDPServer(("127.0.0.1", 0), dispatcher) as server:
        server.timeout = 5
        port = server.server_address[1]
        assert done(GestureActions(osc=f"osc://127.0.0.1:{port}/gesture/wave")) == []
        server.handle_request()
    assert heard == [("/gesture/wave", "wave", pytest.approx(0.9))]


@pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed")
def test_an_mqtt_message_by_a_real_broker() -> None:
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    heard: list[tuple[str, bytes]] = []
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [str(MOSQUITTO), "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as broker:
        try:
            wait_until(lambda: _answers(port), "the broker")
            listener = Client(CallbackAPIVersion.VERSION2)
            listener.on_message = lambda _c, _u, said: heard.append(
                (said.topic, bytes(said.payload))
            )
            listener.connect("127.0.0.1", port)
            listener.subscribe("home/#", qos=1)
            listener.loop_start()
            assert done(GestureActions(mqtt=f"mqtt://127.0.0.1:{port}/home/wave")) == []
            wait_until(lambda: bool(heard), "the message")
            listener.disconnect()
            listener.loop_stop()
        finally:
            broker.terminate()
    ((topic, payload),) = heard
    assert topic == "home/wave"
    assert json.loads(payload)["label"] == "wave"


def _answers(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


def test_a_broker_that_is_not_there_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        place = f"mqtt://127.0.0.1:{taken.getsockname()[1]}/t"
        (line,) = done(GestureActions(mqtt=place))
    assert line.startswith(f"wave: {place}: ")


PRESS = """
from imu_gesture.live.actions import Actions, GestureActions
from imu_gesture.live.recogniser import Recognition
with Actions({"wave": GestureActions(key=sys.argv[1])}, print) as doing:
    doing.take(Recognition(0, "wave", 1.0, "board"), 0.0)
"""


def test_keys_are_really_pressed(screen: Screen, run_python: Any) -> None:
    from Xlib import X
    from Xlib.display import Display

    display = Display(screen.display)
    window = display.screen().root.create_window(
        *(0, 0, 50, 50, 0, X.CopyFromParent), event_mask=X.KeyPressMask | X.ExposureMask
    )
    window.map()
    display.sync()
    while display.next_event().type != X.Expose:
        pass
    window.set_input_focus(X.RevertToParent, X.CurrentTime)
    display.sync()
    assert run_python(PRESS, "ctrl+a") == ""
    pressed: list[tuple[int, int]] = []
    while len(pressed) < 2:
        event = display.next_event()
        if event.type == X.KeyPress:
            pressed.append((display.keycode_to_keysym(event.detail, 0), event.state))
    window.destroy()
    display.close()
    control, letter = pressed
    assert control[0] == 0xFFE3  # Control_L
    assert letter == (ord("a"), X.ControlMask)


def test_an_unknown_key_is_refused(screen: Screen, run_python: Any) -> None:  # noqa: ARG001
    code = (
        "from imu_gesture.errors import InputError\n"
        f"try:\n{''.join('    ' + line for line in PRESS.strip().splitlines(keepends=True))}\n"
        "except InputError as error:\n    print(error)"
    )
    assert "there is no 'hyper'; letters, and alt" in run_python(code, "hyper+a")


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("paho", 'mqtt = "mqtt://h/t"'),
        ("pynput", 'key = "a"'),
        ("pythonosc", 'osc = "osc://h:1/t"'),
    ],
)
def test_a_missing_package_is_named(
    module: str, text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=r"pip install 'imu-gesture\[actions\]'"):
        Actions(read(tmp_path, f"[wave]\n{text}"), print)
