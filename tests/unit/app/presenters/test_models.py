"""Models are fetched, read and adopted as jobs, and every end is told."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from cascadeclip.app.adopting import Adopted
from cascadeclip.app.presenters import models as module
from cascadeclip.app.presenters.models import STOPPED, Models, Weights, free, name_for
from cascadeclip.app.presenters.state import Change
from cascadeclip.core.errors import CheckpointError, DownloadFailed
from cascadeclip.core.model import catalogue, clip_store
from cascadeclip.core.model.config import ModelInfo

WEIGHTS = Weights("ViT-B-16", "openai", 10**8, "MIT", url="https://host/file.pt", target="/x")


class View:
    def __init__(self):
        self.listed, self.progress, self.ends = [], [], []

    def show_weights(self, weights):
        self.listed.append(weights)

    def show_progress(self, text, done, total):
        self.progress.append((text, done, total))

    def show_end(self, text, *, trouble):
        self.ends.append((text, trouble))


class Store:
    """A store whose fetch does what the test says."""

    folder = Path("/x")
    outcome = None

    def card(self, name, tag):
        return SimpleNamespace(name=name, tag=tag)

    def fetch(self, offer, source, *, progress, stopped):
        progress(25_000_000, 10**8)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return None if stopped() else self.card(offer.name, offer.tag)

    def add(self, path, name):
        if path.suffix != ".pt":
            raise CheckpointError(f"{path.name} is no CLIP.")
        return self.card(name, "")


@pytest.fixture
def world(monkeypatch, state, tmp_path):
    """Give what the presenter touches: a store, a catalogue, a project that notes versions."""
    added, activated = [], []
    versions = SimpleNamespace(
        all=list,
        add=lambda name, **_: added.append(name) or SimpleNamespace(id=len(added)),
        activate=activated.append,
    )
    settings = {}
    state.project = SimpleNamespace(
        folder=tmp_path,
        versions=versions,
        read_only=False,
        settings=SimpleNamespace(get=settings.get, set=settings.__setitem__),
    )
    adopts = []

    def adopt_clip(folder, store, card, start, *, taken, others):
        adopts.append((card.name, card.tag))
        info = ModelInfo(name="ViT", version="v")
        return Adopted("vit-fast", folder / "m", "clip", info, 0.1)

    monkeypatch.setattr(Store, "outcome", None)
    monkeypatch.setattr(clip_store, "ClipStore", Store)
    monkeypatch.setattr(
        catalogue,
        "find",
        lambda name, tag: SimpleNamespace(name=name, tag=tag, source=lambda: "there"),
    )
    monkeypatch.setattr(module, "adopt_clip", adopt_clip)
    monkeypatch.setattr(module, "known_weights", lambda: (WEIGHTS,))
    return SimpleNamespace(added=added, activated=activated, adopts=adopts, settings=settings)


@pytest.fixture
def asking():
    answers = []
    return SimpleNamespace(answers=answers, file=lambda *_: answers.pop())


@pytest.fixture
def reloads():
    return []


@pytest.fixture
def models(state, runner, asking, messages, reloads, world):
    return Models(state, runner, asking, messages, reload_engine=lambda: reloads.append(1))


@pytest.fixture
def view(models, runner):
    view = View()
    models.show(view)
    runner.go()
    return view


def test_a_download_is_shown_then_used(models, view, runner, world, state, reloads, messages):
    heard = []
    state.subscribe(Change.THRESHOLD, lambda: heard.append(state.threshold))
    models.download(WEIGHTS)
    runner.go()
    assert ("Downloading ViT-B-16 openai", 25_000_000, 10**8) in view.progress
    assert world.adopts == [("ViT-B-16", "openai")]
    assert (world.added, world.activated, reloads) == (["vit-fast"], [1], [1])
    said = "ViT speaks now, as the version vit-fast."
    assert (view.ends[-1], messages.said) == ((said, False), [said])
    assert (world.settings, heard) == ({"threshold": 0.1}, [0.1])
    assert view.listed[-1] == (WEIGHTS,)


def test_a_failed_download_can_be_tried_again(models, view, runner, world, monkeypatch):
    sentence = "The download of file.pt failed: try again later."
    monkeypatch.setattr(Store, "outcome", DownloadFailed(sentence))
    models.download(WEIGHTS)
    runner.go()
    assert view.ends[-1] == (sentence, True)
    monkeypatch.setattr(Store, "outcome", None)
    models.download(WEIGHTS)
    runner.go()
    assert world.added == ["vit-fast"]


def test_a_stopped_download_says_that_it_goes_on_later(models, view, runner, world):
    models.download(WEIGHTS)
    models.stop()
    runner.go()
    assert view.ends[-1] == (STOPPED, True)
    assert world.added == []


def test_one_thing_at_a_time(models, view, runner, messages):
    models.download(WEIGHTS)
    models.download(WEIGHTS)
    assert len(messages.said) == 1
    assert len(runner.queue) == 1


def test_a_file_of_ones_own(models, view, runner, asking, world):
    asking.answers += [Path("/y/My CLIP (2).pt")]
    models.choose_file()
    runner.go()
    assert world.adopts == [("My-CLIP-2", "")]
    asking.answers += [Path("/y/a.txt")]
    models.choose_file()
    runner.go()
    assert view.ends[-1] == ("a.txt is no CLIP.", True)
    asking.answers += [None]
    models.choose_file()
    assert not runner.queue


def test_a_checkpoint_is_converted_under_a_free_name(
    models, view, runner, asking, world, state, monkeypatch, tmp_path
):
    made = []

    def adopt_checkpoint(path, folder, name, how):
        made.append((path.name, folder, name))
        return Adopted(name, folder, "imported", ModelInfo(name=name, version=name))

    (tmp_path / "models" / "iter_80k").mkdir(parents=True)
    monkeypatch.setattr(module, "adopt_checkpoint", adopt_checkpoint)
    asking.answers += [Path("/y/iter_80k.pth")]
    models.choose_checkpoint()
    runner.go()
    folder = tmp_path / "models" / "iter_80k-2"
    assert made == [("iter_80k.pth", folder, "iter_80k-2")]
    assert world.added == ["iter_80k-2"]
    assert world.settings == {}


def test_without_a_project_weights_are_fetched_and_that_is_said(models, view, runner, state):
    state.project = None
    models.download(WEIGHTS)
    runner.go()
    assert view.ends[-1] == ("The weights are on this machine: open a project to use them.", False)


def test_when_the_dialog_is_closed_the_job_goes_on_and_its_end_is_said(
    models, view, runner, world, messages, monkeypatch
):
    monkeypatch.setattr(Store, "outcome", DownloadFailed("It failed."))
    models.download(WEIGHTS)
    models.show(None)
    runner.go()
    assert messages.said == ["It failed."]


def test_names_from_files():
    assert name_for(Path("/a/ViT B!16.pt")) == "ViT-B-16"
    assert name_for(Path("/a/---.pt")) == "model"
    assert free("a", ["a", "a-2"]) == "a-3"
    assert free("b", ["a"]) == "b"
