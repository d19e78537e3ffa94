"""The loop by commands, with a tiny random model in the place of the bundled one."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO

from cascadeclip.app import cli
from cascadeclip.core.engine import models
from cascadeclip.core.project import Project


@pytest.fixture(scope="module")
def tiny_model(save_tiny, tmp_path_factory):
    return save_tiny(tmp_path_factory.mktemp("tiny"), note="Knows nothing.")


@pytest.fixture(autouse=True)
def _bundled(monkeypatch, tiny_model):
    monkeypatch.setattr(models, "bundled_model", lambda: tiny_model)


@pytest.fixture
def project(tmp_path):
    shots = tmp_path / "shots"
    shots.mkdir()
    rng = np.random.default_rng(0)
    for number in range(3):
        rgb = rng.integers(0, 256, (40, 48, 3)).astype(np.uint8)
        Image.fromarray(rgb).save(shots / f"{number}.png")
    folder = tmp_path / "project"
    arguments = ["init", str(folder), "--images", str(shots), "--vocabulary", "cat, grass"]
    assert cli.run(arguments) == 0
    return folder


def _run(*arguments):
    return cli.run([str(argument) for argument in arguments])


def test_from_words_to_coco(project, tmp_path, capsys):
    assert _run("prelabel", project, "--threshold", 0, "--accept-above", 0, "--device", "cpu") == 0
    captured = capsys.readouterr()
    assert "for 3 images" in captured.out
    assert "tiny tiny-0 on cpu: torch cpu, a small model" in captured.err
    with Project.open(project) as opened:
        count = opened.annotations.count()
    assert count >= 3
    assert _run("export", project, "--format", "coco", "--out", tmp_path / "o.json") == 0
    coco = COCO(str(tmp_path / "o.json"))
    assert len(coco.anns) == count
    assert all(coco.annToMask(one).sum() == one["area"] for one in coco.anns.values())


def test_a_second_run_has_nothing_to_do(project, capsys):
    assert _run("prelabel", project) == 0
    assert _run("prelabel", project) == 0
    assert "0 images, 3 skipped" in capsys.readouterr().out


def test_the_threshold_is_the_projects_own(project):
    with Project.open(project) as opened:
        opened.settings.set("threshold", 0.125)
    assert _run("prelabel", project) == 0
    with Project.open(project) as opened:
        found = [one for row in opened.images.page() for one in opened.suggestions.of_image(row.id)]
    assert found
    assert {one.threshold for one in found} == {0.125}


def test_a_broken_image_is_named_and_the_rest_done(project, tmp_path, capsys):
    (tmp_path / "shots" / "1.png").write_bytes(b"gone")
    assert _run("prelabel", project, "--threshold", 0) == 0
    captured = capsys.readouterr()
    assert "for 2 images" in captured.out
    assert "1.png" in captured.err


def test_a_model_describes_itself(project, capsys):
    assert _run("models", "describe") == 0
    assert _run("models", "describe", project, "--model", "mini") == 0
    out = capsys.readouterr().out
    assert out.count("Knows nothing.") == 2


def test_rendered_masks_are_counted(project, tmp_path, capsys):
    assert _run("prelabel", project, "--threshold", 0) == 0
    assert _run("render", project, "2.png", "--out", tmp_path / "m.png") == 0
    assert ", 0 masks" not in capsys.readouterr().out
    assert (tmp_path / "m.png").is_file()


def test_a_device_that_does_not_work_is_refused(project, capsys, monkeypatch):
    monkeypatch.setattr("cascadeclip.core.engine.devices.cuda_works", lambda: False)
    assert _run("prelabel", project, "--device", "cuda") == 2
    assert "graphics card" in capsys.readouterr().err
