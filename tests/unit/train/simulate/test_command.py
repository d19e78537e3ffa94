import io

import numpy as np
import pytest

from cascadeclip.core.scenes.demo import write_demo
from cascadeclip.train.__main__ import main
from cascadeclip.train.simulate.cases import NEVER_CORRECTED, new_world, project_world


def test_new_scenes_hold_things_the_world_lacks_and_never_the_same_image_twice():
    from cascadeclip.core.scenes import WORDS

    world = new_world(pool=2, test=2, guard=1)
    names = [word.name for word in world.words]
    known = {phrase for word in WORDS for phrase in word.phrases}
    assert not set(names[:8]) & known
    assert world.never == NEVER_CORRECTED
    images = [case.image.tobytes() for case in (*world.pool, *world.test)]
    assert len(set(images)) == 4
    for case in (*world.pool, *world.test):
        assert case.labels.min() >= 0
        assert (case.labels < 8).any()


def test_a_demo_with_its_truth_is_read_and_the_last_images_measure(tmp_path):
    write_demo(tmp_path / "demo", count=3, size=64, truth=True)
    world = project_world(tmp_path / "demo", 1, ["cat"])
    assert [case.name for case in world.test] == ["scene-0003.png"]
    assert len(world.pool) == 2
    assert all((case.labels >= 0).mean() > 0.99 for case in world.pool)
    assert np.array_equal(world.pool[0].image.shape[:2], world.pool[0].labels.shape)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--after", "five"], "takes numbers of images"),
        (["--after", "2"], "at least 5 corrected"),
        (["--noise", "2"], "are shares"),
        (["--recipe", "none"], "no recipe"),
    ],
)
def test_what_cannot_be_simulated_is_one_sentence(options, sentence, capsys):
    assert main(["simulate", *options], io.StringIO()) == 2
    assert sentence in capsys.readouterr().err


def test_a_project_without_truth_or_with_too_few_images_is_refused(tmp_path, capsys):
    write_demo(tmp_path / "bare", count=2, size=64)
    assert main(["simulate", "--project", str(tmp_path / "bare")], io.StringIO()) == 2
    assert "demo FOLDER --truth" in capsys.readouterr().err
    write_demo(tmp_path / "few", count=2, size=64, truth=True)
    few = ["simulate", "--project", str(tmp_path / "few"), "--test", "1"]
    assert main(few, io.StringIO()) == 2
    assert "1 images to correct, fewer than 20" in capsys.readouterr().err


def test_the_masks_of_reviewed_images_are_the_truth_where_no_other_is(fill_project):
    project = fill_project(4)
    project.images.set_status(project.images.page()[0].id, "unreviewed")
    world = project_world(project.folder, 1, [])
    assert [case.name for case in (*world.pool, *world.test)] == [
        f"images/{number:02}.png" for number in (1, 2, 3)
    ]
    assert set(np.unique(world.test[0].labels)) == {-1, 0, 1}


def test_a_finished_order_is_kept_and_not_run_again_unless_asked_for_otherwise(
    tmp_path, monkeypatch
):
    from cascadeclip.train.recipes import find_recipe
    from cascadeclip.train.simulate import command
    from cascadeclip.train.simulate.cases import World
    from cascadeclip.train.simulate.course import Measured, Plan

    ran = []

    class Fake:
        def __init__(self, world, plan, order, folder, log):
            ran.append(order)

        def run(self):
            return [Measured("after 5", [{"actions": 3.0}], [3], [2], {"cat": 0.5})]

    monkeypatch.setattr(command, "Course", Fake)
    world = World((), (), ())
    asked = command.Asked(Plan((5,), find_recipe("quick")), 1, tmp_path)
    tmp_path.mkdir(exist_ok=True)
    first = command._course(world, asked, 0, print)
    assert command._course(world, asked, 0, print) == first
    assert ran == [0]
    other = command.Asked(Plan((6,), find_recipe("quick")), 1, tmp_path)
    command._course(world, other, 0, print)
    assert ran == [0, 0]
