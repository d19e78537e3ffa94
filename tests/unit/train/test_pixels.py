"""The recipe that learns pixels: what is said makes a classifier, a project makes a version."""

import contextlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cascadeclip.core.engine import Engine
from cascadeclip.core.images import open_image
from cascadeclip.core.model import load_model
from cascadeclip.core.model.pixels import AXES, perceive
from cascadeclip.core.values import Word
from cascadeclip.train.data.corrections import BACKGROUND, UNKNOWN, Truth
from cascadeclip.train.events import Finished, Measured, Phase, StoppedByRequest
from cascadeclip.train.job import Job
from cascadeclip.train.perceptron import Samples, discriminants, draw, familiar, fit
from cascadeclip.train.pixels import SHARES, _order
from cascadeclip.train.planes import IGNORED, NEGATIVE, POSITIVE
from cascadeclip.train.recipes import find_recipe
from cascadeclip.train.retrain import retrain
from cascadeclip.train.version import NothingChanged

PIXELS = find_recipe("pixels")
NAMES = ("red thing", "blue thing", "tree")


def run(project, recipe=PIXELS):
    events = []
    finished = retrain(project, Job(recipe, device="cpu"), events.append, lambda: False)
    return [*events, finished]


def use(project, finished):
    """Use a version as the window does."""
    folder = Path(finished.folder)
    row = project.versions.add(folder.name, folder=folder, recipe="pixels", metrics={})
    return project.versions.activate(row.id)


def metrics(finished):
    return json.loads(Path(finished.folder, "run.json").read_text())["metrics"]


def maps(folder, project):
    engine = Engine(load_model(folder), device="cpu")
    words = [Word(name, (name,), "#808080") for name in NAMES]
    return [
        engine.scores(engine.encode(open_image(project.images.absolute(row.id)), row.digest), words)
        for row in project.images.page()
    ]


# What is learnt from


def never():
    return False


def test_what_nobody_said_weighs_nothing_and_the_seed_decides():
    torch.manual_seed(0)
    rows = torch.randn(400, 5) * torch.tensor([500.0, 0.01, 5.0, 1.0, 50.0]) + 30
    right = rows[:, :2] > 30
    said = torch.where(right, POSITIVE, NEGATIVE).to(torch.uint8)
    unknown = torch.arange(400) % 2 == 0
    said[unknown, 1] = IGNORED
    layers = fit(Samples(rows, said), 3, never)
    found = perceive(layers, rows) > 0
    assert bool((found == right).float().mean() > 0.95)
    twice = fit(Samples(rows, said), 3, never)
    assert torch.equal(perceive(layers, rows), perceive(twice, rows))
    said[unknown, 1] = NEGATIVE  # and what was said does weigh
    wrong = perceive(fit(Samples(rows, said), 3, never), rows)[:, 1] > 0
    assert bool((wrong == right[:, 1]).float().mean() < 0.9)


def test_a_stop_ends_learning_between_steps():
    asked = iter([False, True])
    with pytest.raises(StoppedByRequest):
        fit(Samples(torch.randn(9, 4), torch.ones(9, 1, dtype=torch.uint8)), 0, lambda: next(asked))


def test_axes_are_those_along_which_words_differ():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 600).astype(np.int16)
    rows = rng.normal(0, (8, 1, 1, 1), (600, 4)).astype(np.float32)
    rows[:, 2] += 6 * labels  # less than the first column varies
    mean, axes = discriminants(rows, labels)
    assert axes.shape == (4, AXES)
    seen = ((rows - mean) @ axes)[:, 0]
    apart = abs(seen[labels == 1].mean() - seen[labels == 0].mean())
    assert apart > 2 * seen[labels == 0].std()
    assert np.linalg.matrix_rank(axes) == 4  # the rest is there as well


@pytest.mark.parametrize("count", [1, 2])
def test_axes_of_hardly_any_patches_are_finite(count):
    rows = np.random.default_rng(0).normal(size=(count, 20)).astype(np.float32)
    _, axes = discriminants(rows, np.arange(count).astype(np.int16))
    assert np.isfinite(axes).all()


def test_what_is_usual_is_seen_from_other_groups():
    rng = np.random.default_rng(0)
    rows = np.repeat(np.eye(6, dtype=np.float32)[:2], 40, axis=0)  # two kinds of patch,
    rows += rng.normal(0, 0.1, rows.shape).astype(np.float32)  # in four images
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    groups = np.arange(80) % 4
    known = familiar(rows, groups)
    assert 0.8 < known.strange < known.usual < 1
    patches = np.concatenate((rows[:1], np.eye(6, dtype=np.float32)[5:]))
    assert known.share(torch.from_numpy(patches)[None])[0].tolist() == [1.0, 0.0]
    # each kind in a group of its own: nothing else shows it, so nothing is strange
    apart = familiar(rows, np.arange(80) // 40)
    assert apart.strange < 0.4
    alone = familiar(rows, np.zeros(80, dtype=np.intp))
    assert alone.share(torch.from_numpy(patches)[None])[0].tolist() == [1.0, 1.0]


def test_pixels_are_drawn_evenly_and_what_was_refused_is_a_kind_of_its_own():
    labels = np.full((10, 100), UNKNOWN, dtype=np.int16)
    labels[0], labels[1:4] = 7, BACKGROUND
    labels[9, :3] = 2
    refused = np.zeros(labels.shape, dtype=bool)
    refused[5] = True
    truth = Truth(labels, (), ((2, refused),))
    places = np.array(list(draw(truth, (2, 7), 80, np.random.default_rng(0))))
    assert len(set(places)) == len(places)
    counts = {int(one): int((labels.ravel()[places] == one).sum()) for one in np.unique(labels)}
    assert counts == {UNKNOWN: 20, BACKGROUND: 20, 2: 3, 7: 20}
    assert refused.ravel()[places[labels.ravel()[places] == UNKNOWN]].all()
    unasked = Truth(labels, (), ((9, refused),))
    drawn = list(draw(unasked, (2, 7), 80, np.random.default_rng(0)))
    assert (labels.ravel()[drawn] != UNKNOWN).all()


def test_of_shares_that_few_images_cannot_tell_apart_the_first_is_taken():
    assert _order({0.0: 0.3, 0.75: 0.6, 0.5: 0.615, 1.0: 0.2, 0.25: 0.4}) == [0.75, 0.5, 0.25]
    assert _order({0.0: 0.3, 0.75: 0.6, 0.5: 0.5, 1.0: 0.65, 0.25: 0.1}) == [1.0, 0.75, 0.5]


# From a project to a version


def test_pixels_make_words_known_and_no_other_word_changes_by_a_bit(fill_project, use_model, model):
    project = fill_project(10)
    parent = use_model(model)
    events = run(project)
    finished = events[-1]
    assert isinstance(finished, Finished)
    before, after = (event for event in events if isinstance(event, Measured))
    assert after.miou > before.miou + 0.2
    assert finished.activate
    child, old = load_model(finished.folder), load_model(parent)
    theirs = old.network.state_dict()
    assert all(torch.equal(one, theirs[key]) for key, one in child.network.state_dict().items())
    assert child.digest == old.digest  # features that are kept on disk stay valid
    assert child.pixels.words == (("red thing",), ("blue thing",))
    told = metrics(finished)
    assert told["pixels"]["words"] == ["red thing", "blue thing"]
    assert set(told["pixel_validation"]) == {"0.0", *map(str, SHARES)}
    assert told["pixel_validation"]["0.0"] < told["pixel_validation"][str(child.pixels.share)]
    for was, now in zip(maps(parent, project), maps(finished.folder, project), strict=True):
        assert np.array_equal(was.probabilities[2], now.probabilities[2])
        assert not np.array_equal(was.probabilities[0], now.probabilities[0])


def test_the_same_corrections_teach_nothing_twice(fill_project, use_model, model):
    project = fill_project(8)
    use_model(model)
    use(project, run(project)[-1])
    with pytest.raises(NothingChanged, match="changes nothing for the better"):
        run(project)


def test_what_was_calibrated_of_its_words_was_so_without_it(fill_project, use_model, model):
    adjusted = (("red thing", 1.0, -3.0), ("tree", 1.0, 0.5))
    use_model(replace(model, info=replace(model.info, adjusted=adjusted)))
    finished = run(fill_project(8))[-1]
    assert load_model(finished.folder).info.adjusted == (("tree", 1.0, 0.5),)


def test_where_only_ever_one_word_is_marked_there_is_nothing_to_tell(
    fill_project, use_model, model
):
    project = fill_project(8, reviewed=False)
    blue = project.classes.all()[1].id
    for row in project.images.page():
        for one in project.annotations.of_image(row.id):
            if one.class_id == blue:
                project.annotations.delete(one.id)
    use_model(model)
    with pytest.raises(NothingChanged, match="classifier of the marked pixels"):
        run(project)


def test_marks_smaller_than_any_patch_end_no_training(fill_project, use_model, model):
    project = fill_project(8, reviewed=False, annotated=False)
    red = project.classes.all()[0].id
    for row in project.images.page():
        mask = np.zeros((row.height, row.width), dtype=bool)
        mask[0, 0] = True
        project.annotations.add(row.id, red, mask)
    use_model(model)
    with pytest.raises(NothingChanged, match="classifier of the marked pixels"):
        run(project)


def test_a_trained_network_gets_one_of_its_own(fill_project, use_model, model):
    project = fill_project(10)
    use_model(model)
    use(project, run(project)[-1])
    events = run(project, replace(find_recipe("quick", steps=3), views=2))
    said = [event.name for event in events if isinstance(event, Phase)]
    assert any(name.startswith("learning the marked pixels") for name in said)
    assert load_model(events[-1].folder).pixels.words == (("red thing",), ("blue thing",))


def test_it_and_prototypes_take_each_others_place(fill_project, use_model, model):
    project = fill_project(10)
    use_model(model)
    use(project, run(project, find_recipe("prototypes"))[-1])
    finished = run(project)[-1]
    child = load_model(finished.folder)
    assert child.prototypes is None
    assert child.pixels is not None
    use(project, finished)
    back = load_model(run(project, find_recipe("prototypes"))[-1].folder)
    assert back.pixels is None
    assert back.prototypes is not None


def test_calibrating_looks_with_one_that_did_not_learn_from_the_images(
    fill_project, use_model, model, monkeypatch
):
    from cascadeclip.train import measuring, pixels

    project = fill_project(10)
    use_model(model)
    use(project, run(project)[-1])
    taught, looked = [], []
    real, fitted = pixels.Teacher.taught, measuring.Examiner.calibrated
    monkeypatch.setattr(
        pixels.Teacher, "taught",
        lambda self, images: taught.append({one.digest for one in images}) or real(self, images),
    )  # fmt: skip
    monkeypatch.setattr(
        measuring.Examiner, "calibrated",
        lambda self, model, images: looked.append({one.digest for one in images})
        or fitted(self, model, images),
    )  # fmt: skip
    with contextlib.suppress(NothingChanged):
        run(project, find_recipe("calibrate"))
    assert len(taught) == len(looked) == 1
    assert not taught[0] & looked[0]


def test_a_stop_leaves_nothing(fill_project, use_model, model):
    project, events = fill_project(8), []
    use_model(model)

    def stopped():
        return any(getattr(event, "name", "").startswith("learning") for event in events)

    with pytest.raises(StoppedByRequest):
        retrain(project, Job(PIXELS, device="cpu"), events.append, stopped)
    assert not (project.folder / "models").exists()
