"""A run that ends in the midst, at any moment: the model in use stays, and the run goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from cascadeclip.core.engine.models import active_model
from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train import notebook
from cascadeclip.train.events import Finished, Phase, Step, StoppedByRequest
from cascadeclip.train.job import Job
from cascadeclip.train.objective import Objective
from cascadeclip.train.recipes import find_recipe
from cascadeclip.train.retrain import retrain

QUICK = replace(find_recipe("quick", steps=8), rate=5e-3, views=3)
# The real run in a process of its own, held up at one moment: it says so and waits to be killed.
# What is imported once is forked for every moment.
HELD_UP = """
import os, sys, time
from dataclasses import replace
from cascadeclip.core.model import checkpoint
from cascadeclip.core.project import Project
from cascadeclip.train import cold, loop, memory, notebook, retrain as module, version
from cascadeclip.train.events import Step
from cascadeclip.train.recipes import find_recipe

def hold(*_):
    print(os.getpid(), flush=True)
    time.sleep(60)

def run(folder, moment):
    def emit(event):
        name = f"step {event.step}" if isinstance(event, Step) else getattr(event, "name", "")
        if name.startswith(moment):
            hold()

    notebook.Notebook.__init__.__defaults__ = (0.0,)
    write = checkpoint._replace
    if moment == "half a version":
        checkpoint._replace = lambda path, data: hold(write(path, data))
    if moment == "a version without its place":
        version.put_folder = hold
    recipe = replace(find_recipe("quick", steps=8), rate=5e-3, views=3)
    with Project.open(folder) as project:
        module.retrain(project, module.Job(recipe=recipe, device="cpu"), emit, lambda: False)

for line in sys.stdin:
    child = os.fork()
    if not child:
        run(*line.rstrip().split("|"))
        os._exit(1)
    os.waitpid(child, 0)
"""
MOMENTS = {
    "collecting": 0,
    "caching": 0,
    "step 6": 5,  # said before it is written down
    "measuring after": 8,
    "half a version": 8,
    "a version without its place": 8,
}


def never():
    return False


@pytest.fixture
def project(fill_project, use_model, model):
    """A project whose own version is in use, for the bundled model is another in that process."""
    project = fill_project(6)
    use_model(model)
    folder = project.folder / "models" / "start"
    folder.parent.mkdir()
    active_model(project).rename(folder)
    row = project.versions.add("start", folder=folder, recipe="import", metrics={})
    project.versions.activate(row.id)
    return project


def go_on(project, gone):
    """Run to the end, and say that so many steps were there already."""
    events = []
    finished = retrain(project, Job(recipe=QUICK, device="cpu"), events.append, never)
    assert isinstance(finished, Finished)
    steps = [event.step for event in events if isinstance(event, Step)]
    assert steps == list(range(gone + 1, 9))
    names = [event.name for event in events if isinstance(event, Phase)]
    assert any(f"going on from step {gone}" in name for name in names) is (gone > 0)
    assert not (project.folder / "models" / notebook.NAME).exists()
    return finished


def unharmed(project):
    """Say that the model in use is as it was, and that no other looks finished."""
    models = project.folder / "models"
    assert [(row.name, row.active) for row in project.versions.all()] == [("start", True)]
    assert active_model(project) == models / "start"
    assert [path.name for path in models.iterdir() if path.name[0] != "."] == ["start"]


@pytest.fixture(scope="module")
def runs():
    with subprocess.Popen(
        [sys.executable, "-P", "-c", HELD_UP],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.stdin.close()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed(project, runs, moment):
    runs.stdin.write(f"{project.folder}|{moment}\n")
    runs.stdin.flush()
    os.kill(int(runs.stdout.readline()), signal.SIGKILL)
    unharmed(project)
    go_on(project, MOMENTS[moment])


@pytest.mark.parametrize("moment", ["caching", "step 6", "writing"])
def test_stopped(project, moment, monkeypatch):
    monkeypatch.setattr(notebook.Notebook.__init__, "__defaults__", (0.0,))
    heard = []

    def emit(event):
        name = f"step {event.step}" if isinstance(event, Step) else getattr(event, "name", "")
        heard.extend([moment] if name.startswith(moment) else [])

    with pytest.raises(StoppedByRequest, match="model in use has not changed"):
        retrain(project, Job(recipe=QUICK, device="cpu"), emit, lambda: bool(heard))
    unharmed(project)
    go_on(project, {"caching": 0, "step 6": 6, "writing": 8}[moment])


def test_out_of_memory(project, monkeypatch):
    monkeypatch.setattr(notebook.Notebook.__init__, "__defaults__", (0.0,))
    events, real = [], Objective.loss

    def scarce(self, *some, **more):
        if sum(isinstance(event, Step) for event in events) >= 5:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real(self, *some, **more)

    with monkeypatch.context() as short:
        short.setattr(Objective, "loss", scarce)
        with pytest.raises(TrainingFailed, match="not enough memory to train on a single view"):
            retrain(project, Job(recipe=QUICK, device="cpu"), events.append, never)
    unharmed(project)
    go_on(project, 5)
