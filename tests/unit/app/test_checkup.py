"""The checks of `cascadeclip doctor`: what works is ok, what fails is a line with advice."""

from __future__ import annotations

import subprocess
from collections import namedtuple
from functools import partial
from types import SimpleNamespace

import pytest

from cascadeclip.app import checkup, cli
from cascadeclip.app.checkup import Finding, State, examine
from cascadeclip.core.engine import models
from cascadeclip.core.engine.backends import choice
from cascadeclip.core.project import Project


@pytest.mark.parametrize(
    "check", [checkup.check_python, checkup.check_torch, checkup.check_onnxruntime]
)
def test_what_the_tests_run_on_is_found_ok(check):
    finding = examine(check)
    assert finding.state is State.OK, finding
    assert finding.advice == ""


def test_no_graphics_card_is_no_fault(monkeypatch):
    monkeypatch.setattr("cascadeclip.core.engine.devices.cuda_works", lambda: False)
    finding = checkup.check_cuda()
    assert finding.state is State.MISSING
    assert "driver" in finding.advice


def test_a_missing_mini_model_is_a_fault(monkeypatch, tmp_path):
    monkeypatch.setattr(models, "bundled_model", lambda: tmp_path)
    finding = examine(checkup.check_mini_model)
    assert (finding.name, finding.state) == ("mini model", State.BROKEN)


def test_clip_weights_are_nice_to_have(monkeypatch, tmp_path):
    monkeypatch.setenv("CASCADECLIP_HOME", str(tmp_path))
    finding = examine(checkup.check_clip)
    assert finding.state is State.MISSING
    assert "cascadeclip models clip" in finding.advice
    card = SimpleNamespace(name="ViT-B-16", tag="openai")
    monkeypatch.setattr(
        "cascadeclip.core.model.clip_store.ClipStore.installed", lambda store: (card,)
    )
    finding = examine(checkup.check_clip)
    assert (finding.state, finding.advice) == (State.OK, "")
    assert finding.detail.startswith("ViT-B-16 openai in ")


def test_a_check_that_breaks_off_is_a_finding():
    def check_moon_phase():
        raise RuntimeError("the moon\nis gone")

    expected = Finding("moon phase", State.BROKEN, "the moon is gone", "Install the program again.")
    assert examine(check_moon_phase) == expected
    assert examine(partial(check_moon_phase)) == expected


def test_qt_that_cannot_start_tells_its_last_words(monkeypatch):
    answer = subprocess.CompletedProcess([], 1, "", "Traceback\nImportError: libEGL.so.1\n")
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: answer)
    finding = checkup.check_qt()
    assert finding.state is State.BROKEN
    assert finding.detail == "ImportError: libEGL.so.1"
    assert "make run" in finding.advice


def test_missing_art_is_no_fault(monkeypatch):
    def nothing(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(checkup.importlib, "import_module", nothing)
    finding = checkup.check_art()
    assert finding.state is State.MISSING
    assert "cascadeclip[demo]" in finding.advice


def test_a_full_disk_is_a_fault_and_a_folder_to_come_is_fine(monkeypatch, tmp_path):
    usage = namedtuple("usage", "total used free")
    assert checkup.check_disk(tmp_path / "not" / "yet").name == "disk"
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda place: usage(1, 1, 5))
    finding = checkup.check_disk(tmp_path / "not" / "yet")
    assert finding.state is State.BROKEN
    assert str(tmp_path) in finding.detail


def test_a_project_is_opened_and_written(tmp_path, monkeypatch):
    Project.create(tmp_path / "p").close()
    assert checkup.check_project(tmp_path / "p").state is State.OK
    assert examine(partial(checkup.check_project, tmp_path / "q")).state is State.BROKEN

    def refuse(dir):  # noqa: A002 - the name tempfile gives it
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(checkup.tempfile, "TemporaryFile", refuse)
    finding = checkup.check_project(tmp_path / "p")
    assert finding.state is State.BROKEN
    assert "Permission denied" in finding.detail
    assert [path.name for path in (tmp_path / "p").iterdir()] == ["project.db"]


@pytest.mark.parametrize(("state", "code"), [(State.OK, 0), (State.MISSING, 0), (State.BROKEN, 2)])
def test_doctor_prints_a_line_each_and_counts_only_faults(monkeypatch, capsys, state, code):
    findings = [Finding("one", State.OK, "fine"), Finding("two", state, "so so.", "Do this.")]
    checks = [SimpleNamespace(finding=finding) for finding in findings]
    monkeypatch.setattr(checkup, "checks", lambda project: checks)
    monkeypatch.setattr(checkup, "examine", lambda check: check.finding)
    assert cli.run(["doctor"]) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "ok  one: fine"
    assert lines[1].endswith("two: so so. Do this.")


def test_what_was_measured_is_a_row_each(monkeypatch, tmp_path):
    monkeypatch.setenv("CASCADECLIP_HOME", str(tmp_path))
    assert "nothing was measured" in checkup.check_engine().detail
    model = SimpleNamespace(digest="0123456789abcdef", info=SimpleNamespace(window=512))
    for device, reason in (("auto", "9 ms a window; torch-cpu 12"), ("cpu", "10 ms a window")):
        note = choice._note(model, device, tmp_path / "cache")
        choice._remember(note, choice.Choice("onnx-cpu", reason, {}))
    (note.parent / "choice-cuda.json").write_text("damaged")
    finding = checkup.check_engine()
    assert finding.state is State.OK
    assert finding.detail.splitlines() == [
        "onnx-cpu runs model 01234567 on auto: 9 ms a window; torch-cpu 12",
        "    onnx-cpu runs model 01234567 on cpu: 10 ms a window",
    ]


def test_features_on_disk_are_weighed(monkeypatch, tmp_path):
    monkeypatch.setenv("CASCADECLIP_HOME", str(tmp_path))
    monkeypatch.setenv("CASCADECLIP_CACHE_GIB", "0.5")
    place = tmp_path / "cache" / "features" / "ab"
    place.mkdir(parents=True)
    (place / "c.features").write_bytes(bytes(1 << 28))
    found = checkup.check_features()
    assert found.detail.startswith(f"0.25 of at most 0.5 GiB in {place.parent}")
    monkeypatch.setenv("CASCADECLIP_CACHE_GIB", "0")
    assert checkup.check_features().detail.startswith("none are kept")
