"""The recipe that trains nothing: regions become prototypes, alpha is chosen without cheating."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cascadeclip.core.engine import Engine
from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.images import open_image
from cascadeclip.core.masks import encode
from cascadeclip.core.model import load_model
from cascadeclip.core.model.prototypes import Prototypes, patch_vectors, to_bytes, vectors_of
from cascadeclip.core.values import Suggestion, Word
from cascadeclip.train.data.corrections import collect
from cascadeclip.train.events import Finished, Measured, StoppedByRequest
from cascadeclip.train.job import Job
from cascadeclip.train.material import Material, gather
from cascadeclip.train.prototypes import (
    ALPHAS,
    BETAS,
    Pool,
    Region,
    few,
    groups_of,
    regions_of,
)
from cascadeclip.train.recipes import find_recipe
from cascadeclip.train.retrain import retrain

PROTOTYPES = find_recipe("prototypes")
NAMES = ("red thing", "blue thing", "tree")


def run(project, recipe=PROTOTYPES):
    events = []
    finished = retrain(project, Job(recipe, device="cpu"), events.append, lambda: False)
    return [*events, finished]


def use(project, finished):
    """Use a version as the window does."""
    folder = Path(finished.folder)
    row = project.versions.add(folder.name, folder=folder, recipe="prototypes", metrics={})
    return project.versions.activate(row.id)


def maps(folder, project, *names):
    engine = Engine(load_model(folder), device="cpu")
    words = [Word(name, (name,), "#808080") for name in names]
    return [
        engine.scores(engine.encode(open_image(project.images.absolute(row.id)), row.digest), words)
        for row in project.images.page()
    ]


def metrics(finished):
    return json.loads(Path(finished.folder, "run.json").read_text())["metrics"]


# From a project to a version


def test_marked_regions_make_words_known_and_no_other_word_changes_by_a_bit(
    fill_project, use_model, model
):
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
    assert child.info.trained_words == old.info.trained_words
    told = metrics(finished)
    assert set(told["prototypes"]["regions"]) == {"red thing", "blue thing"}
    assert told["validation"]["0.0"] < max(told["validation"].values())
    for was, now in zip(
        maps(parent, project, *NAMES), maps(finished.folder, project, *NAMES), strict=True
    ):
        assert np.array_equal(was.probabilities[2], now.probabilities[2])
        assert not np.array_equal(was.probabilities[0], now.probabilities[0])


def test_rolling_back_is_exact(fill_project, use_model, model):
    project = fill_project(8)
    parent = use_model(model)
    before = maps(parent, project, *NAMES)
    files = {path.name: path.read_bytes() for path in parent.iterdir()}
    finished = run(project)[-1]
    use(project, finished)
    project.versions.rollback()
    assert project.versions.active() is None
    assert {path.name: path.read_bytes() for path in parent.iterdir()} == files
    after = maps(parent, project, *NAMES)
    assert all(
        np.array_equal(one.probabilities, other.probabilities)
        for one, other in zip(before, after, strict=True)
    )


def test_words_that_cannot_be_read_are_shown_all_the_same(fill_project, use_model, model):
    with torch.no_grad():
        model.text.token_embedding.weight.zero_()
    project = fill_project(10)
    use_model(model)
    finished = run(project)[-1]
    assert finished.after > finished.before + 0.2
    engine = Engine(load_model(finished.folder), device="cpu")
    assert engine.knows("red thing")
    assert not engine.knows("green thing")


def test_clip_alone_is_shown_words_too(fill_project, use_model, model):
    from cascadeclip.core.model.dense import dense_from_cascade

    dense = dense_from_cascade(model.network, "dense-fast")
    info = replace(model.info, readout="softmax", background=("tree",), none=0.1)
    project = fill_project(10)
    use_model(replace(model, network=dense, info=info))
    finished = run(project)[-1]
    assert finished.after > finished.before + 0.2
    assert load_model(finished.folder).prototypes is not None


def test_the_same_corrections_a_second_time_are_one_sentence_and_no_version(
    fill_project, use_model, model
):
    project = fill_project(8)
    use_model(model)
    use(project, run(project)[-1])
    with pytest.raises(TrainingFailed, match="change nothing for the better"):
        run(project)
    with pytest.raises(TrainingFailed, match="There is nothing to calibrate"):
        run(project, find_recipe("calibrate"))
    assert sorted(path.name for path in (project.folder / "models").iterdir()) == ["v1"]


def test_what_scores_meant_without_prototypes_is_not_what_they_mean_with_them(
    fill_project, use_model, model, monkeypatch
):
    from cascadeclip.train.measuring import Examiner

    said = (("Red thing", 2.0, 1.0), ("tree", 3.0, -1.0))
    use_model(replace(model, info=replace(model.info, adjusted=said)))
    asked, real = [], Examiner.fitted

    def watched(self, engine, images, adjusted, recall=None, **more):
        asked.append((recall is not None, tuple(adjusted)))
        return real(self, engine, images, adjusted, recall, **more)

    monkeypatch.setattr(Examiner, "fitted", watched)
    finished = run(fill_project(8))[-1]
    assert asked[0] == (False, said)
    assert set(asked[1:]) == {(True, said[1:])}
    assert said[1] in load_model(finished.folder).info.adjusted


def test_calibrating_twice_is_one_sentence_and_no_version(fill_project, use_model, model):
    project = fill_project(8)
    use_model(model)
    use(project, run(project, find_recipe("calibrate"))[-1])
    with pytest.raises(TrainingFailed, match="There is nothing to calibrate"):
        run(project, find_recipe("calibrate"))
    assert sorted(path.name for path in (project.folder / "models").iterdir()) == ["v1"]


@pytest.mark.parametrize(
    ("count", "annotated", "sentence"),
    [(6, False, "no mask to learn from"), (1, True, "1 image is corrected so far")],
)
def test_nothing_and_one_image_are_one_sentence_each(
    fill_project, use_model, model, count, annotated, sentence
):
    use_model(model)
    project = fill_project(count, annotated=annotated)
    with pytest.raises(TrainingFailed, match=sentence):
        run(project)
    assert not (project.folder / "models").exists()


def test_a_stop_leaves_no_version(fill_project, use_model, model):
    project = fill_project(6)
    use_model(model)
    events = []

    def stopped():
        return any(getattr(event, "name", "").startswith("showing") for event in events)

    with pytest.raises(StoppedByRequest):
        retrain(project, Job(PROTOTYPES, device="cpu"), events.append, stopped)
    assert not (project.folder / "models").exists()


def test_what_has_learnt_is_shown_the_regions_again(fill_project, use_model, model):
    project = fill_project(10)
    use_model(model)
    use(project, run(project)[-1])
    weights = replace(find_recipe("quick", steps=3), views=2, does=("weights",))
    events = run(project, weights)
    parent, child = (load_model(project.folder / "models" / one) for one in ("v1", "v2"))
    assert child.prototypes is not None
    assert to_bytes(child.prototypes) != to_bytes(parent.prototypes)
    said = [event.name for event in events if hasattr(event, "name")]
    assert "showing the marked regions again" in said


# From an image to regions


@pytest.fixture
def corrected(fill_project):
    """Return a function that gives the first image's corrections of a project of eight."""
    project = fill_project(8)

    def first():
        return project, collect(project).images[0]

    return first


def patches_of(image, size=4, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(2, size, image.height // 8, image.width // 8)).astype(np.float32)


def test_a_region_is_the_unit_mean_of_the_patches_it_covers(corrected):
    _, image = corrected()
    patches = patches_of(image)
    red, blue = regions_of(image, patches, {0, 1}, group=3)
    assert (red.word, red.positive, red.group) == (0, True, 3)
    assert (blue.word, blue.positive) == (1, True)
    labels = image.truth().labels.reshape(5, 8, 5, 8)
    share = (labels == 0).mean(axis=(1, 3))
    weights = np.where(share >= min(0.5, share.max()), share, 0)
    expected = np.tensordot(weights, vectors_of(patches), axes=2)
    assert red.vector == pytest.approx(expected / np.linalg.norm(expected), abs=1e-5)


def test_patches_are_ordered_as_the_engine_orders_them():
    patches = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype(np.float32)
    stages = torch.from_numpy(patches.reshape(1, 2, 3, 20)).transpose(2, 3)
    assert vectors_of(patches).reshape(20, 6) == pytest.approx(patch_vectors(stages)[0].numpy())


def test_a_rejected_suggestion_is_a_region_that_is_not_the_word(corrected):
    project, before = corrected()
    mask = np.zeros((before.height, before.width), dtype=bool)
    mask[24:, :16] = True
    mask &= before.truth().labels != 0
    word = project.classes.all()[0]
    project.suggestions.replace(before.image_id, [Suggestion(word.id, encode(mask), 0.9, 0.5)], "v")
    (row,) = project.suggestions.of_image(before.image_id)
    project.suggestions.reject(row.id)
    image = collect(project).images[0]
    found = [(one.word, one.positive) for one in regions_of(image, patches_of(image), {0, 1}, 0)]
    assert found == [(0, True), (1, True), (0, False)]
    assert (0, False) not in [
        (one.word, one.positive) for one in regions_of(image, patches_of(image), {1}, 0)
    ]


def test_rejecting_lowers_the_score_there_and_raises_it_nowhere(corrected, model):
    project, image = corrected()
    mask = image.truth().labels == 1  # what a model might take for red: the blue thing
    word = project.classes.all()[0]
    project.suggestions.replace(image.image_id, [Suggestion(word.id, encode(mask), 0.9, 0.5)], "v")
    (row,) = project.suggestions.of_image(image.image_id)
    project.suggestions.reject(row.id)
    engine = Engine(model, device="cpu")
    encoded = engine.encode(open_image(image.path), image.digest)
    image = collect(project).images[0]
    found = [*regions_of(image, engine.patches(encoded), {0}, 0)]
    assert [one.positive for one in found] == [True, False]
    maps = []
    for some in (found[:1], found):
        engine.use_prototypes(Pool(words("red thing"), some).prototypes(8, 5))
        maps.append(engine.scores(encoded, words("red thing")).probabilities[0])
    without, refused = maps
    there = image.truth().sampled(*without.shape).labels == 1
    assert (refused <= without + 1e-6).all()
    assert refused[there].mean() < 0.5 * without[there].mean()


def test_what_was_taken_away_counts_where_it_fills_a_patch(corrected):
    project, before = corrected()
    word = project.classes.all()[0]
    for columns, expected in ((2, 0), (24, 1)):  # a rim, then a third of the image
        mask = np.zeros((before.height, before.width), dtype=bool)
        mask[:, -columns:] = True
        mask &= before.truth().labels != 1
        project.suggestions.replace(
            before.image_id, [Suggestion(word.id, encode(mask), 0.9, 0.5)], "v"
        )
        (row,) = project.suggestions.of_image(before.image_id)
        made = project.suggestions.accept(row.id)
        project.annotations.delete(made.id)
        image = collect(project).images[0]
        found = list(regions_of(image, patches_of(image), {0}, 0))
        assert sum(not one.positive for one in found) >= expected
        assert (sum(not one.positive for one in found) > 0) is bool(expected)


def test_few_keeps_what_leaves_no_other_far_away():
    rows = np.repeat(np.eye(3, dtype=np.float32), [5, 1, 1], axis=0)
    assert few(rows, 9) == list(range(7))
    chosen = rows[few(rows, 3)]
    assert sorted(chosen.argmax(axis=1).tolist()) == [0, 1, 2]


# Choosing without cheating


def region(word, at, group, *, positive=True):
    return Region(word=word, positive=positive, vector=np.eye(4, dtype=np.float32)[at], group=group)


def words(*names):
    return [Word(name, (name,), "#808080") for name in names]


def test_an_image_is_looked_at_without_its_own_regions_and_words_seen_nowhere_else():
    pool = Pool(
        words("cat", "dog"),
        [region(0, 0, 1), region(0, 2, 2, positive=False), region(1, 1, 2)],
    )
    whole = pool.prototypes(8, 5)
    assert whole.words == (("cat",), ("dog",))
    assert list(zip(whole.owner.tolist(), whole.positive.tolist(), strict=True)) == [
        (0, True), (0, False), (1, True),
    ]  # fmt: skip
    assert pool.prototypes(8, 5, without=2).words == (("cat",),)
    without = pool.prototypes(8, 5, without=1)  # what is refused needs something to compare with
    assert without.words == (("dog",),)
    assert without.keys.tolist() == [[0, 1, 0, 0]]
    assert Pool(words("cat"), [region(0, 0, 1)]).prototypes(8, 5, without=1) is None


def test_a_word_keeps_a_bounded_number_of_regions(monkeypatch):
    from cascadeclip.train import prototypes as module

    monkeypatch.setattr(module, "PER_WORD", 2)
    pool = Pool(words("cat"), [region(0, at % 4, at) for at in range(9)])
    assert len(pool.prototypes(8, 5).keys) == 2


def test_images_that_look_alike_are_one_group_unless_all_do(fill_project):
    material = gather(fill_project(8), lambda event: None)
    digests = [image.digest for image in (*material.fit, *material.choose)]
    assert len(set(groups_of(material).values())) == len(digests)
    twins = {
        digest: f"{'f' * 64 if at < 2 else f'{at:x}' * 64}" for at, digest in enumerate(digests)
    }
    groups = groups_of(replace(material, prints={**material.prints, **twins}))
    assert groups[digests[0]] == groups[digests[1]]
    same = groups_of(replace(material, prints=dict.fromkeys(digests, "f" * 64)))
    assert len(set(same.values())) == len(digests)
    assert isinstance(material, Material)


def test_alpha_is_chosen_on_images_whose_regions_are_not_there(
    fill_project, use_model, model, monkeypatch
):
    asked = []
    real = Engine.use_prototypes

    def watched(self, prototypes):
        asked.append(prototypes)
        real(self, prototypes)

    monkeypatch.setattr(Engine, "use_prototypes", watched)
    project = fill_project(10)
    use_model(model)
    finished = run(project)[-1]
    whole = load_model(finished.folder).prototypes
    tried = [one for one in asked if isinstance(one, Prototypes)]
    assert len(tried) == 6 * (len(ALPHAS) + len(BETAS) - 1)  # six images to learn from
    assert all(len(one.keys) == len(whole.keys) - 2 for one in tried)
