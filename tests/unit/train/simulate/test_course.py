from dataclasses import replace

import numpy as np
import pytest

from cascadeclip.core.project import Project
from cascadeclip.core.values import Word
from cascadeclip.train.recipes import find_recipe
from cascadeclip.train.simulate.cases import Case, World
from cascadeclip.train.simulate.course import Course, Plan, observe, scrambled
from cascadeclip.train.version import NothingChanged

WORDS = ("red thing", "blue thing")
QUICK = replace(find_recipe("quick", steps=60), rate=5e-3, views=6)


@pytest.fixture
def world(draw):
    def case(number):
        rgb, found = draw(number)
        labels = np.full(rgb.shape[:2], -1, dtype=np.int16)
        for index, word in enumerate(WORDS):
            labels[found[word]] = index
        return Case(f"{number}.png", rgb, labels)

    words = tuple(Word(name, (name,), "#ff0000") for name in WORDS)
    return World(words, tuple(map(case, range(12))), tuple(map(case, range(20, 23))))


def silent(line):
    pass


def test_a_course_corrects_through_the_project_learns_and_is_measured(
    world, use_model, model, tmp_path
):
    use_model(model)
    course = Course(world, Plan((12,), QUICK), 0, tmp_path / "project", silent)
    (found,) = course.run()
    assert found.name == "after 12"
    assert len(found.works) == 3
    assert found.miou > 0.3
    assert found.activated
    with Project.open(tmp_path / "project") as project:
        assert project.images.count(status="reviewed") == 12
        assert project.versions.active().name == "v1"
        stored = project.annotations.of_image(1)
        assert {row.class_id for row in stored} == {one.id for one in project.classes.all()}


def test_prototypes_are_learnt_and_where_nothing_changes_the_course_goes_on(
    world, use_model, model, tmp_path, monkeypatch
):
    from cascadeclip.train import retrain

    use_model(model)
    real, asked = retrain.retrain, []

    def once(*arguments):
        asked.append(arguments)
        if len(asked) > 1:
            raise NothingChanged("Nothing changes.")
        return real(*arguments)

    monkeypatch.setattr(retrain, "retrain", once)
    plan = Plan((11, 12), find_recipe("prototypes"))
    first, second = Course(world, plan, 0, tmp_path / "project", silent).run()
    assert first.activated
    assert first.miou > 0.3
    assert (second.name, second.activated, second.reason) == ("after 12", False, "Nothing changes.")
    assert second.iou == first.iou
    with Project.open(tmp_path / "project") as project:
        assert project.versions.active().recipe == "prototypes"


def test_what_is_stored_is_as_near_to_the_truth_as_was_asked_for(world, use_model, model, tmp_path):
    from cascadeclip.core import masks

    use_model(model)
    strict = replace(world, enough=0.97)
    course = Course(strict, Plan((5,), replace(QUICK, steps=1)), 3, tmp_path / "project", silent)
    course.run()
    order = np.random.default_rng(3).permutation(len(world.pool))
    with Project.open(tmp_path / "project") as project:
        ids = [one.id for one in project.classes.all()]
        for number in range(5):
            truth = world.pool[order[number]].labels
            for word, class_id in enumerate(ids):
                rows = project.annotations.of_image(number + 1)
                parts = [masks.decode(row.rle) for row in rows if row.class_id == class_id]
                made, wanted = np.any(parts, axis=0), truth == word
                assert (made & wanted).sum() >= 0.97 * (made | wanted).sum()


def test_hurried_accepts_leave_wrong_words_in_the_project(world, use_model, model, tmp_path):
    use_model(model)
    (clean,) = Course(world, Plan((6,), QUICK), 0, tmp_path / "a", silent).run()
    with Project.open(tmp_path / "a") as project:
        folder = project.versions.active().folder
    from cascadeclip.core.model import load_model

    use_model(load_model(folder))
    short = replace(QUICK, steps=1)
    Course(world, Plan((6,), short, noise=0.9), 0, tmp_path / "b", silent).run()
    with Project.open(tmp_path / "b") as project:
        assert project.suggestions.count(status="rejected") > 0


def test_random_weights_save_nothing_and_a_model_without_answers_costs_as_much_as_drawing(
    world, model
):
    from cascadeclip.core.engine import Engine

    blank = observe(world, "blank", None, tools=Engine(model, device="cpu"))
    assert all(one["actions"] < 14 for one in blank.works)
    random = observe(world, "random", Engine(scrambled(model, 0), device="cpu"))
    assert np.mean([one["actions"] for one in random.works]) >= np.mean(
        [one["actions"] for one in blank.works]
    )
    assert blank.iou == {}
