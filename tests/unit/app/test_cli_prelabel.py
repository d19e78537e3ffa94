"""`cascadeclip prelabel`: its options, and a run that was killed goes on without repeating."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import numpy as np
import pytest
from PIL import Image

from cascadeclip.app import cli
from cascadeclip.core.engine import models, open_engine
from cascadeclip.core.engine.backends.choice import Choice
from cascadeclip.core.engine.prelabel import PrelabelResult, prelabel
from cascadeclip.core.project import Project

COUNT, SIDE, THRESHOLD = 60, 200, 0.3


@pytest.fixture(scope="module")
def tiny_model(save_tiny, tmp_path_factory):
    return save_tiny(tmp_path_factory.mktemp("tiny"), short=SIDE)


@pytest.fixture
def folder(tmp_path, tiny_model):
    rng = np.random.default_rng(0)
    with Project.create(tmp_path / "project") as project:
        for k in range(COUNT):
            path = project.folder / f"{k}.png"
            rgb = rng.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
            Image.fromarray(rgb).save(path)
        project.images.add_many(sorted(project.folder.glob("*.png")))
        project.classes.add("cat")
        project.classes.add("grass")
        row = project.versions.add("tiny-0", folder=tiny_model, recipe="test", metrics={})
        project.versions.activate(row.id)
        return project.folder


def run(*arguments):
    return cli.run([str(argument) for argument in arguments])


def written(folder):
    """Return which images have a mark, and how many suggestions each has."""
    with closing(sqlite3.connect(f"file:{folder / 'project.db'}?mode=ro", uri=True)) as database:
        marks = database.execute("SELECT id FROM images WHERE suggested_with IS NOT NULL")
        rows = database.execute("SELECT image_id, count(*) FROM suggestions GROUP BY image_id")
        return {number for (number,) in marks}, dict(rows.fetchall())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_killed_run_goes_on_and_repeats_nothing(folder, monkeypatch):
    line = [sys.executable, "-m", "cascadeclip.app.cli", "prelabel", str(folder)]
    line += ["--device", "cpu", "--threshold", str(THRESHOLD)]
    child = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with child:
        while child.poll() is None and len(written(folder)[0]) < 5:
            time.sleep(0.002)
        os.kill(child.pid, signal.SIGKILL)  # not waited for: the number is still its own
        assert child.wait() == -signal.SIGKILL
    marks, rows = written(folder)
    assert 5 <= len(marks) < COUNT
    assert set(rows) == marks  # noise gives every image some, and none has them without its mark

    seen = []
    with Project.open(folder) as project:
        names = {row.id: row.digest for row in project.images.page()}
        engine = open_engine(project, "cpu")
        encode = engine.encode
        monkeypatch.setattr(
            engine, "encode", lambda image, key: seen.append(key) or encode(image, key)
        )
        rest = prelabel(project, engine, threshold=THRESHOLD)
        assert project.integrity() == ""
    assert (rest.images, rest.skipped) == (COUNT - len(marks), len(marks))
    assert sorted(seen) == sorted(names[number] for number in names.keys() - marks)
    after = written(folder)[1]
    assert {number: after[number] for number in marks} == rows


def test_edges_can_be_left_out(folder, capsys):
    def shapes():
        with Project.open(folder) as project:
            return [one.rle for k in range(1, 4) for one in project.suggestions.of_image(k)]

    assert run("prelabel", folder, "--threshold", THRESHOLD, "--no-edges") == 0
    plain = shapes()
    assert run("prelabel", folder, "--threshold", THRESHOLD) == 0
    assert f"for {COUNT} images." in capsys.readouterr().out
    assert plain != shapes() != []


def test_workers_go_with_a_cluster(folder, capsys):
    assert run("prelabel", folder, "--workers", 2) == 2
    assert "--workers goes with --ray" in capsys.readouterr().err


def test_a_cluster_gets_the_options(folder, monkeypatch, capsys):
    from cascadeclip.core.engine.prelabel import cluster

    asked = []

    def on_cluster(desk, choice, *, device, workers, progress, stopped):
        asked.append((desk.recipe.refine_edges, choice.version.name, device, workers, stopped()))
        return desk.tally.result(cancelled=False)

    monkeypatch.setattr(cluster, "prelabel_on_cluster", on_cluster)
    line = ["prelabel", folder, "--ray", "--workers", 3, "--no-edges", "--device", "cuda"]
    assert run(*line) == 0
    assert asked == [(False, "tiny-0", "cuda", 3, False)]
    assert "tiny tiny-0 on a cluster" in capsys.readouterr().err


def test_without_ray_it_says_what_to_install(folder, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ray", None)
    assert run("prelabel", folder, "--ray") == 2
    assert "cascadeclip[cluster]" in capsys.readouterr().err


@pytest.fixture
def large(monkeypatch, tmp_path):
    """Let the model count as large, and its measuring be quick; return what was measured."""
    measured = []

    def measure(model, device, cache, say):
        measured.append((model.info.name, device))
        say("Trying torch-cpu ...")
        return Choice("torch-cpu", "9 ms a window; onnx-cpu 12", {})

    monkeypatch.setenv("CASCADECLIP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setattr(models, "is_small", lambda _: False)
    monkeypatch.setattr(models, "measure", measure)
    return measured


def test_a_large_model_is_measured_and_what_speaks_is_said(folder, large, monkeypatch, capsys):
    done = PrelabelResult(images=0, suggestions=0, accepted=0, failed=(), skipped=COUNT)
    monkeypatch.setattr("cascadeclip.core.engine.prelabel.run.run", lambda *_, **__: done)
    assert run("prelabel", folder, "--device", "cpu") == 0
    assert large == [("tiny", "cpu")]
    assert capsys.readouterr().err.splitlines()[:2] == [
        "Trying torch-cpu ...",
        "tiny tiny-0 on cpu: torch cpu, 9 ms a window; onnx-cpu 12",
    ]


@pytest.mark.parametrize(
    ("address", "expected"), [("", ["measured", "run"]), ("far:6379", ["run"])]
)
def test_a_cluster_of_this_machine_is_measured_for_before_it_starts(
    folder, large, monkeypatch, address, expected
):
    from cascadeclip.core.engine.prelabel import cluster

    def on_cluster(desk, choice, **_):
        steps.extend(["measured"] * len(large) + ["run"])
        return desk.tally.result(cancelled=False)

    steps = []
    monkeypatch.setenv("RAY_ADDRESS", address)
    monkeypatch.setattr(cluster, "prelabel_on_cluster", on_cluster)
    assert run("prelabel", folder, "--ray", "--device", "cpu") == 0
    assert steps == expected
