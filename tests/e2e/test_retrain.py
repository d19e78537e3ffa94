"""A retraining as the window starts it: another process, real files, the version used after."""

import subprocess

import cv2
import numpy as np
import pytest

from cascadeclip.app.training import (
    Finished,
    Measured,
    Phase,
    Step,
    TrainingRun,
    command,
    finish,
    run_lines,
)
from cascadeclip.core.engine import open_engine
from cascadeclip.core.project import Project
from cascadeclip.core.values import Word

SIDE = 40
RED = "red thing"


@pytest.fixture
def project(tmp_path, monkeypatch, save_tiny):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    with Project.create(tmp_path / "project") as project:
        word = project.classes.add(RED, phrases=(RED,))
        for number in range(8):
            rng = np.random.default_rng(number)
            rgb = rng.integers(100, 140, (SIDE, SIDE, 3)).astype(np.uint8)
            mask = np.zeros((SIDE, SIDE), dtype=bool)
            top, left = rng.integers(0, 20, 2)
            mask[top : top + 18, left : left + 18] = True
            rgb[mask] = (220, 30, 30)
            path = project.folder / f"{number}.png"
            cv2.imwrite(str(path), rgb[..., ::-1])
            image = project.images.add(path)
            project.annotations.add(image.id, word.id, mask)
            project.images.set_status(image.id, "reviewed")
        save_tiny(project.folder / "models" / "start")
        start = project.versions.add("start", folder="models/start", recipe="import", metrics={})
        project.versions.activate(start.id)
        yield project


@pytest.mark.timeout(300)
def test_a_run_from_start_to_a_version_that_can_be_rolled_back(project):
    run = TrainingRun(project.folder, recipe="full", device="cpu", steps=6)
    run.start()
    events = list(run.events())
    finished = events[-1]
    assert isinstance(finished, Finished), (events[-1], run.log.read_text())
    assert isinstance(events[0], Phase)
    assert [event.when for event in events if isinstance(event, Measured)] == ["before", "after"]
    assert [event.step for event in events if isinstance(event, Step)] == [1, 2, 3, 4, 5, 6]
    row = finish(project, finished, activate="always")
    assert (row.name, row.parent, row.active) == ("v1", "start", True)
    assert row.metrics["after"]["miou"] == finished.after
    engine = open_engine(project, device="cpu")
    assert engine.version == "v1"
    assert engine.trained(Word(RED, (RED,), "#ff0000"))
    lines = list(run_lines(["evaluate", "--project", str(project.folder), "--device", "cpu"]))
    assert '"version": "v1"' in lines[-1]
    back = project.versions.rollback()
    assert back is not None
    assert back.name == "start"


@pytest.mark.timeout(300)
def test_prototypes_go_the_same_way(project):
    training = TrainingRun(project.folder, recipe="prototypes", device="cpu")
    training.start()
    *_, finished = training.events()
    assert isinstance(finished, Finished)
    row = finish(project, finished, activate="always")
    assert row.recipe == "prototypes"
    assert project.versions.active().metrics["prototypes"]["regions"] == {RED: [6, 0]}
    assert open_engine(project, device="cpu").version == "v1"
    assert project.versions.rollback().name == "start"


@pytest.mark.timeout(300)
def test_pixels_go_the_same_way(project):
    training = TrainingRun(project.folder, recipe="pixels", device="cpu")
    training.start()
    events = list(training.events())
    finished = events[-1]
    assert isinstance(finished, Finished), (finished, training.log.read_text())
    assert Phase("learning the marked pixels of 6 images") in events
    assert finished.after > finished.before
    row = finish(project, finished, activate="always")
    assert row.recipe == "pixels"
    assert row.metrics["pixels"]["words"] == [RED]
    assert 0 < row.metrics["pixels"]["share"] <= 1
    assert open_engine(project, device="cpu").version == "v1"
    assert project.versions.rollback().name == "start"


@pytest.mark.timeout(300)
def test_two_processes_write_one_version(project, monkeypatch):
    monkeypatch.setenv("GLOO_SOCKET_IFNAME", "lo")
    run = TrainingRun(project.folder, device="cpu", steps=6, processes=2)
    run.start()
    events = list(run.events())
    assert isinstance(events[-1], Finished), (events[-1], run.log.read_text())
    assert [event.step for event in events if isinstance(event, Step)] == [1, 2, 3, 4, 5, 6]
    assert finish(project, events[-1], activate="always").name == "v1"
    names = {path.name for path in (project.folder / "models").iterdir()}
    assert names == {"start", "training.log", "v1"}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("processes", [1, 2])
def test_a_cancelled_run_leaves_only_its_log(project, processes, monkeypatch):
    monkeypatch.setenv("GLOO_SOCKET_IFNAME", "lo")
    run = TrainingRun(project.folder, device="cpu", steps=100_000, processes=processes)
    run.start()
    for event in run.events():
        if isinstance(event, Step):
            run.cancel()
        last = event
    assert "stopped" in last.sentence
    names = sorted(path.name for path in (project.folder / "models").iterdir())
    names = [name for name in names if name != ".unfinished.pt"]  # to go on from, on a slow machine
    assert names == ["start", "training.log"]


@pytest.mark.timeout(300)
def test_a_kill_leaves_the_model_in_use_and_a_run_that_goes_on(project):
    before = [(row.name, row.active) for row in project.versions.all()]
    arguments = ["retrain", "--project", str(project.folder), "--device", "cpu", "--steps", "60"]
    child = subprocess.Popen(command(arguments), stdout=subprocess.PIPE, text=True)
    for _ in range(40):
        child.stdout.readline()
    child.kill()  # SIGKILL: no handler of the child runs
    child.wait()
    child.stdout.close()
    assert [(row.name, row.active) for row in project.versions.all()] == before
    models = project.folder / "models"
    assert [path.name for path in models.iterdir() if (path / "run.json").exists()] == []
    assert open_engine(project, device="cpu").version == "tiny-0"
    run = TrainingRun(project.folder, device="cpu", steps=60)
    run.start()
    *_, last = run.events()
    assert isinstance(last, Finished), (last, run.log.read_text())
    assert finish(project, last, activate="always").name == "v1"
    assert not (models / ".unfinished.pt").exists()
