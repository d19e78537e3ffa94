"""Two processes that torchrun started give the losses of one, and neither waits for ever."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import pytest
import torch

from cascadeclip.core.engine.models import active_model
from cascadeclip.train.events import Failed, Finished, Phase, Step, from_json
from cascadeclip.train.job import Job
from cascadeclip.train.recipes import Recipe, find_recipe
from cascadeclip.train.retrain import retrain

STEPS = 4
RECIPES = [
    replace(find_recipe(name, steps=STEPS), rate=5e-3, views=3, **more)
    for name, more in (
        ("quick", {}),
        ("quick", {"loss": "paper"}),
        ("self-training", {"guess": 0.01}),
        ("full", {}),
    )
]
# The run of the command line, one recipe after another; then the same with trouble in the second
# process alone: memory for a single view, and an error.
WORKER = """
import json, sys
from argparse import Namespace
from cascadeclip.train import __main__ as program, retrain
from cascadeclip.train.objective import Objective
from cascadeclip.train.parallel import Peers, joined
from cascadeclip.train.recipes import Recipe
from cascadeclip.core.project import Project

project, recipes = sys.argv[1], [Recipe(**one) for one in json.loads(sys.argv[2])]
real = Objective.loss

def scarce(self, batch, *some, **more):
    if len(batch) > 1:
        raise MemoryError
    return real(self, batch, *some, **more)

def broken(self, *some, **more):
    raise ValueError("this one is broken")

with joined("cpu") as peers, Project.open(project) as opened:
    def run(recipe):
        job = retrain.Job(recipe=recipe, device="cpu", peers=peers)
        work = program._spoken(lambda options, emit, stopped: (
            emit(retrain.retrain(opened, job, emit, stopped))
            if peers.leads else retrain.assist(opened, job, stopped)
        ))
        return work(Namespace(stop_file=None), sys.__stdout__)
    codes = [run(recipe) for recipe in recipes]
    if not peers.leads:
        Objective.loss = scarce
    codes.append(run(recipes[0]))
    if not peers.leads:
        Objective.loss = broken
    last = run(recipes[0])
assert codes == [0] * len(codes), codes
sys.exit(last)
"""


def torchrun(*words: str, folder) -> subprocess.CompletedProcess[str]:
    """Run two processes of Python as a person does."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    return subprocess.run(
        [*command, *words], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def project(fill_project, use_model, make_tiny, draw):
    """A project whose own version is in use, which has words to learn to read and dropout."""
    model = make_tiny()
    assert model.cascade.config.dropout
    with torch.no_grad():
        model.text.token_embedding.weight[::2] = 0
    model.text.forget()
    project = fill_project(6)
    for number in range(6, 10):  # nobody speaks about these: the old answers are kept, or guessed
        path = project.folder / "images" / f"{number:02}.png"
        cv2.imwrite(str(path), draw(number)[0][..., ::-1])
        project.images.add(path)
    use_model(model)
    folder = project.folder / "models" / "start"
    folder.parent.mkdir()
    active_model(project).rename(folder)
    row = project.versions.add("start", folder=folder, recipe="import", metrics={})
    project.versions.activate(row.id)
    return project


def losses_alone(project, recipe: Recipe, out) -> list[float]:
    events = []
    retrain(project, Job(recipe=recipe, device="cpu", out=out), events.append, lambda: False)
    return [event.loss for event in events if isinstance(event, Step)]


@pytest.mark.timeout(120)
def test_two_processes_give_the_losses_of_one_and_end_together(project, tmp_path) -> None:
    (tmp_path / "worker.py").write_text(WORKER)
    recipes = json.dumps([asdict(recipe) for recipe in RECIPES])
    done = torchrun("worker.py", str(project.folder), recipes, folder=tmp_path)
    events = [from_json(line) for line in done.stdout.splitlines()]
    steps = [event for event in events if isinstance(event, Step)]
    found = [event.loss for event in steps]
    alone = [losses_alone(project, one, tmp_path / str(n)) for n, one in enumerate(RECIPES)]
    expected = sum([*alone, alone[0]], [])
    assert found == pytest.approx(expected, rel=1e-5)
    assert len(set(map(tuple, alone))) == len(RECIPES)

    folders = [Path(event.folder).name for event in events if isinstance(event, Finished)]
    assert folders == ["v1", "v2", "v3", "v4", "v5"]
    names = {path.name for path in (project.folder / "models").iterdir()}
    assert names == {"start", "v1", "v2", "v3", "v4", "v5"}

    said = [event.name for event in events if isinstance(event, Phase)]
    assert [text for text in said if "memory ran out" in text] == [
        "training 2 views at a time, for memory ran out",
        "training 1 views at a time, for memory ran out",
    ]

    assert done.returncode
    assert [event for event in events if isinstance(event, Failed)] == [events[-1]]
    assert "Another process of this run has ended" in events[-1].sentence
    assert "ValueError: this one is broken" in done.stderr
