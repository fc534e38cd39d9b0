"""A sketch folder: complete, repeatable, and nothing of the user's is ever lost in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from imu_gesture.deploy.sensor_settings import HEADER, USUAL, SensorSettings, read_settings
from imu_gesture.deploy.sketch import SKETCH_NAME, sketch_sources, upload_commands, write_sketch
from imu_gesture.errors import DeploymentError
from tests.models import handmade
from tests.models.manifests import manifest

CONTENT = handmade.tflite()
OTHER = handmade.tflite(seed=1)
HAND_WRITTEN = "src/inference/classifier.cpp"


def write(target: Path, content: bytes = CONTENT, force: bool = False) -> Path:
    write_sketch(target, manifest(content), content, force)
    return target


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_all_sources_and_the_model_are_in_it(tmp_path: Path) -> None:
    written = tree(write(tmp_path / SKETCH_NAME))
    sources = tree(sketch_sources())
    hand_written = {name for name in sources if not name.startswith("src/model/")}
    assert {name: written[name] for name in hand_written} == {
        name: sources[name] for name in hand_written
    }
    assert set(written) - hand_written == {
        f"src/model/{name}"
        for name in (
            *("golden_windows.h", "model_data.h", "model_data.cpp"),
            *("model_manifest.h", "op_resolver.h", "sensor_settings.h"),
        )
    }


@pytest.mark.parametrize("name", ["wave", "my_sketch-2", SKETCH_NAME])
def test_the_sketch_has_its_folders_name(name: str, tmp_path: Path) -> None:
    written = tree(write(tmp_path / "deep" / "er" / name))
    assert [file for file in written if file.endswith(".ino")] == [f"{name}.ino"]
    source = sketch_sources() / f"{SKETCH_NAME}.ino"
    assert written[f"{name}.ino"] == source.read_bytes()


def test_the_sketch_has_the_name_of_a_folder_given_relatively(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert "here.ino" in tree(write(Path()))


def test_two_writes_are_identical(tmp_path: Path) -> None:
    first = tree(write(tmp_path / "a" / "sketch"))
    assert tree(write(tmp_path / "b" / "sketch")) == first
    assert tree(write(tmp_path / "a" / "sketch")) == first


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "sketch").mkdir()
    assert "sketch.ino" in tree(write(tmp_path / "sketch"))


def test_another_model_replaces_the_generated_files_only(tmp_path: Path) -> None:
    before = tree(write(tmp_path / "sketch"))
    after = tree(write(tmp_path / "sketch", OTHER))
    changed = {name for name in after if after[name] != before.get(name)}
    files = ("golden_windows.h", "model_data.cpp", "model_manifest.h")
    assert changed == {f"src/model/{name}" for name in files}


def test_generated_files_changed_by_hand_are_replaced(tmp_path: Path) -> None:
    before = tree(write(tmp_path / "sketch"))
    (tmp_path / "sketch/src/model/model_data.h").write_text("nonsense")
    assert tree(write(tmp_path / "sketch")) == before


@pytest.mark.parametrize("force", [False, True])
def test_the_users_own_files_are_left_alone(force: bool, tmp_path: Path) -> None:
    target = write(tmp_path / "sketch")
    (target / "notes.txt").write_text("mine")
    (target / "src" / "mine.h").write_text("mine")
    after = tree(write(target, OTHER, force))
    assert after["notes.txt"] == after["src/mine.h"] == b"mine"


def test_sources_changed_by_hand_are_never_lost(tmp_path: Path) -> None:
    target = write(tmp_path / "sketch")
    with (target / HAND_WRITTEN).open("a") as source:
        source.write("// mine\n")
    (target / "sketch.ino").write_text("// mine too\n")
    before = tree(target)
    with pytest.raises(DeploymentError, match="--force") as caught:
        write(target, OTHER)
    assert "sketch.ino" in str(caught.value)
    assert str(Path(HAND_WRITTEN)) in str(caught.value)
    assert tree(target) == before


def test_force_replaces_sources_changed_by_hand(tmp_path: Path) -> None:
    target = write(tmp_path / "sketch")
    before = tree(target)
    (target / HAND_WRITTEN).write_text("// mine\n")
    assert tree(write(target, force=True)) == before


def test_a_deleted_source_comes_back(tmp_path: Path) -> None:
    target = write(tmp_path / "sketch")
    before = tree(target)
    (target / HAND_WRITTEN).unlink()
    assert tree(write(target)) == before


@pytest.mark.parametrize("force", [False, True])
def test_a_foreign_folder_is_refused_and_untouched(force: bool, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.ino").write_text("years of work")
    with pytest.raises(DeploymentError, match="choose another folder"):
        write(tmp_path / "thesis", force=force)
    assert tree(tmp_path) == {"thesis/thesis.ino": b"years of work"}


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_place_that_cannot_be_written_is_named(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DeploymentError, match=r"file.*: cannot be written \("):
        write(tmp_path / place)
    assert tree(tmp_path) == {"file": b"in the way"}


def test_upload_commands_name_the_sketch(tmp_path: Path) -> None:
    commands = upload_commands(tmp_path)
    assert all(str(tmp_path) in command for command in commands)
    profiles = (sketch_sources() / "sketch.yaml").read_text()
    assert all("--profile nano33ble" in command for command in commands)
    assert "nano33ble:" in profiles


@pytest.mark.parametrize("name", ["my sketch", "Größe", "-flag", "x" * 64])
def test_a_name_that_arduino_refuses_is_refused_first(name: str, tmp_path: Path) -> None:
    with pytest.raises(DeploymentError, match="Arduino wants sketch names"):
        write(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_renamed_folder_with_its_old_sketch_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "before").rename(tmp_path / "after")
    with pytest.raises(DeploymentError, match=r"compile before\.ino along"):
        write(tmp_path / "after", force=True)


def test_a_manifest_of_other_operators_is_refused(tmp_path: Path) -> None:
    wrong = manifest(CONTENT).model_copy(update={"operators": ("ADD",)})
    with pytest.raises(DeploymentError, match="lists the operators ADD, the model has"):
        write_sketch(tmp_path / "sketch", wrong, CONTENT)


def test_settings_of_the_sensors_stay_until_others_are_wanted(tmp_path: Path) -> None:
    target = write(tmp_path / "sketch")
    assert read_settings(target) == USUAL
    wide = SensorSettings(acc_range_g=8)
    write_sketch(target, manifest(CONTENT), CONTENT, settings=wide)
    assert "board::AccRange::k8g" in (target / HEADER).read_text()
    assert read_settings(write(target, OTHER)) == wide


def test_settings_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    target = write(tmp_path / "sketch")
    (target / HEADER).write_text("constexpr int kNothing = 0;")
    with pytest.raises(DeploymentError, match=r"sensor_settings\.h: rate and ranges"):
        write(target)


@pytest.mark.parametrize("wrong", [{"rate_hz": 100}, {"acc_range_g": 3}, {"gyr_range_dps": 250}])
def test_settings_that_no_chip_has_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(DeploymentError, match="the chips have"):
        SensorSettings(**wrong)
