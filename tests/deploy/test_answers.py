"""What arduino-cli answers with `--json`, in good times and bad ones."""

from __future__ import annotations

import json

import pytest

from imu_gesture.deploy.toolchain.answers import Answer, compiled, uploaded, version_in
from imu_gesture.deploy.toolchain.process import Finished
from imu_gesture.deploy.toolchain.size import BuildSize
from tests.deploy.tool_output import said

FATAL = said("upload_failed.json")


def test_a_sketch_that_compiles() -> None:
    answer = compiled(Finished(0, said("compile_ok.json"), ""))
    assert answer.worked
    assert answer.size == BuildSize(84080, 43968)
    assert answer.text + "\n" == said("compile_ok.txt").partition("\n\n")[0] + "\n"


def test_one_that_does_not_fit_has_its_size_in_words_only() -> None:
    answer = compiled(Finished(1, said("compile_too_large.json"), ""))
    assert not answer.worked
    assert answer.size == BuildSize(992416, 43968)
    assert "text section exceeds available space in board" in answer.text


def test_what_could_not_be_downloaded_is_only_warned_of() -> None:
    answer = compiled(Finished(1, said("compile_offline.json"), ""))
    assert not answer.worked
    assert answer.text.startswith("Error initializing instance: Error downloading index")
    assert answer.text.endswith("platform not installed")


def test_an_upload_that_worked() -> None:
    answer = uploaded(Finished(0, said("upload_ok.json"), ""))
    assert (answer.worked, answer.port) == (True, "/dev/cu.usbmodem2")
    assert "Write 84088 bytes to flash" in answer.text


def test_an_upload_that_failed_says_so_on_the_other_output() -> None:
    answer = uploaded(Finished(1, "", FATAL))
    assert not answer.worked
    assert answer.text.splitlines()[-2:] == [
        "No device found on ttyACM0",
        "Failed uploading: uploading error: exit status 1",
    ]


@pytest.mark.parametrize(
    ("name", "done", "worked", "words"),
    [
        ("before 1.0", Finished(1, said("compile_failed_2022.json"), "Error: x"), False, ""),
        ("fatal", Finished(7, "", '{"error": "Invalid x"}'), False, "Invalid x"),
        ("after other words", Finished(1, "", f"panic soon\n{FATAL}"), False, "No device found"),
        ("cut off", Finished(-9, said("compile_ok.json")[:300], ""), False, "compiler_out"),
        ("success, but not so", Finished(1, said("compile_ok.json"), ""), False, ""),
        ("no JSON", Finished(0, "Sketch uses 1 bytes", "strange"), False, "strange"),
        ("JSON of another kind", Finished(0, "[1]", ""), False, "[1]"),
        ("another object", Finished(0, "{}", ""), False, "{}"),
        ("nothing", Finished(1, "", ""), False, ""),
        (
            "a port of null",
            Finished(0, '{"stdout": "a", "stderr": "b", "updated_upload_port": null}', ""),
            False,
            "",
        ),
    ],
)
def test_what_is_no_compilers_answer_is_kept_as_words(
    name: str, done: Finished, worked: bool, words: str
) -> None:
    answer = compiled(done)
    assert answer.worked == worked, name
    assert words in answer.text


def test_keys_of_versions_to_come_do_no_harm() -> None:
    told = json.loads(said("compile_ok.json")) | {"news": 1}
    told["builder_result"]["diagnostics"] = [{"severity": "x"}]
    done = Finished(0, json.dumps(told), "")
    assert compiled(done) == compiled(Finished(0, said("compile_ok.json"), ""))
    assert uploaded(Finished(0, '{"stdout": "a", "stderr": "b"}', "")) == Answer(True, "a\nb")


@pytest.mark.parametrize(
    ("out", "version"),
    [
        (said("version.json"), "1.5.1"),
        (said("version_old.txt"), "0.32.2"),
        ('{"VersionString": "git-snapshot"}', "git-snapshot"),
        ('{"VersionString": 3}', ""),
        ("hello", ""),
        ("Version: ", ""),
        ("", ""),
    ],
)
def test_a_version_is_found(out: str, version: str) -> None:
    assert version_in(Finished(0, out, "")) == version
