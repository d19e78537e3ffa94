import threading
from time import sleep

import numpy as np
import pytest
from PIL import Image

from cascadeclip.core import masks
from cascadeclip.core.engine.prelabel import desk, prelabel, threads
from cascadeclip.core.errors import CheckpointError, VocabularyError
from cascadeclip.core.project import Project
from cascadeclip.core.project.looks import Look
from cascadeclip.core.templates import set_project_templates
from cascadeclip.core.values import Suggestion
from cascadeclip.core.vocabulary import parse_vocabulary


def paint(path, *, height=64, width=64, place=(8, 8, 32, 24)):
    """A red box on blue."""
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 2] = 255
    top, left, high, wide = place
    image[top : top + high, left : left + wide] = (255, 0, 0)
    Image.fromarray(image).save(path)
    return image[..., 0] == 255


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "project") as made:
        made.classes.add("red")
        made.classes.add("blue", negative=True)
        yield made


@pytest.fixture
def filled(project):
    for k in range(5):
        path = project.folder / f"{k}.png"
        paint(path, place=(8, 8 * k, 32, 24))
        project.images.add(path)
    return project


def ids(project):
    return [row.id for row in project.images.page()]


def test_every_image_gets_its_regions(filled, engine):
    seen = []
    result = prelabel(filled, engine, threshold=0.5, progress=lambda *at: seen.append(at))
    assert (result.images, result.suggestions, result.accepted) == (5, 5, 0)
    assert (result.failed, result.skipped, result.cancelled) == ((), 0, False)
    assert seen == [(k, 5) for k in range(1, 6)]
    for k, image_id in enumerate(ids(filled)):
        (row,) = filled.suggestions.of_image(image_id)
        truth = np.zeros((64, 64), bool)
        truth[8:40, 8 * k : 8 * k + 24] = True
        assert masks.iou(row.rle, masks.encode(truth)) > 0.75
        assert (row.model_version, row.threshold, row.phrases) == ("v1", 0.5, ("red",))
    assert filled.annotations.count() == 0


def test_a_second_run_repeats_nothing(filled, engine):
    prelabel(filled, engine, threshold=0.5)
    counts = (engine.encodes, engine.decodes)
    again = prelabel(filled, engine, threshold=0.5)
    assert (again.images, again.skipped) == (0, 5)
    assert (engine.encodes, engine.decodes) == counts


def test_an_image_without_any_region_is_not_looked_at_again(filled, make_engine):
    filled.classes.set_vocabulary(parse_vocabulary("green"))
    engine = make_engine()
    assert prelabel(filled, engine, threshold=0.9).suggestions == 0
    assert prelabel(filled, engine, threshold=0.9).skipped == 5
    assert prelabel(filled, engine, threshold=0.95).images == 5
    newer = make_engine()
    object.__setattr__(newer.info, "version", "v2")
    assert prelabel(filled, newer, threshold=0.95).images == 5


@pytest.mark.parametrize("change", ["threshold", "vocabulary", "model", "window"])
def test_other_means_look_again(filled, make_engine, change):
    prelabel(filled, make_engine(), threshold=0.5)
    threshold, info = 0.5, {}
    expected = 5
    if change == "threshold":
        threshold = 0.55
    elif change == "vocabulary":
        filled.classes.add("green")
    elif change == "model":
        info = {"trained_words": ("red",), "calibration": 0.05}
    else:
        row = filled.suggestions.of_image(ids(filled)[2])[0]
        filled.suggestions.replace(row.image_id, [row_as_suggestion(row, threshold=0.3)], "v1")
        expected = 1
    engine = make_engine(info=info)
    if change == "model":
        object.__setattr__(engine.info, "version", "v2")
    assert prelabel(filled, engine, threshold=threshold).images == expected


def row_as_suggestion(row, *, threshold):
    return Suggestion(row.class_id, row.rle, row.score, threshold)


def test_a_stopped_run_is_taken_up_where_it_was(filled, engine, monkeypatch):
    seen, scores = [], engine.scores
    monkeypatch.setattr(engine, "scores", lambda *some: sleep(0.05) or scores(*some))
    stopped = prelabel(
        filled,
        engine,
        threshold=0.5,
        progress=lambda done, _: seen.append(done),
        stopped=lambda: len(seen) >= 2,
    )
    assert stopped.cancelled
    assert 2 <= stopped.images < 5
    assert stopped.images == len(done_images(filled)) == len(seen)
    seen.clear()
    rest = prelabel(filled, engine, threshold=0.5, progress=lambda done, _: seen.append(done))
    assert (rest.images, rest.skipped) == (5 - stopped.images, stopped.images)
    assert not rest.cancelled
    assert len(done_images(filled)) == 5


def done_images(project):
    return [row.id for row in project.images.page() if project.suggestions.of_image(row.id)]


def test_a_stop_before_the_first_image_looks_at_nothing(filled, engine):
    result = prelabel(filled, engine, threshold=0.5, stopped=lambda: True)
    assert (result.images, result.cancelled, engine.encodes) == (0, True, 0)


def test_edges_are_a_choice_that_is_remembered(filled, engine):
    assert prelabel(filled, engine, threshold=0.5, refine_edges=False).images == 5
    plain = [one.rle for k in ids(filled) for one in filled.suggestions.of_image(k)]
    assert prelabel(filled, engine, threshold=0.5, refine_edges=False).skipped == 5
    assert prelabel(filled, engine, threshold=0.5).images == 5
    assert plain != [one.rle for k in ids(filled) for one in filled.suggestions.of_image(k)]


def test_the_sentences_of_the_project_are_used(filled, engine):
    prelabel(filled, engine, threshold=0.5)
    set_project_templates(filled, ["a drawing of a {}"])
    assert prelabel(filled, engine, threshold=0.5).images == 5
    assert filled.suggestions.of_image(ids(filled)[0])[0].templates == ("a drawing of a {}",)


def test_a_file_with_other_pixels_is_seen_as_it_is_now(filled, engine):
    prelabel(filled, engine, threshold=0.5)
    first = ids(filled)[0]
    now = paint(filled.folder / "0.png", place=(32, 32, 24, 32))
    prelabel(filled, engine, threshold=0.45)
    (row,) = filled.suggestions.of_image(first)
    assert masks.iou(row.rle, masks.encode(now)) > 0.8


def test_what_no_image_can_have_stops_the_run(filled, engine, monkeypatch):
    def refuse(*_):
        raise CheckpointError("This model has no text tower.")

    monkeypatch.setattr(engine, "scores", refuse)
    before = set(threading.enumerate())
    with pytest.raises(CheckpointError, match="no text tower"):
        prelabel(filled, engine, threshold=0.5)
    assert set(threading.enumerate()) <= before


def test_a_broken_image_is_listed_and_the_rest_goes_on(filled, engine):
    (filled.folder / "1.png").write_bytes(b"no image at all")
    (filled.folder / "2.png").unlink()
    paint(filled.folder / "3.png", height=80)
    seen = []
    result = prelabel(filled, engine, threshold=0.5, progress=lambda *at: seen.append(at[0]))
    assert result.images == 2
    assert [path for path, _ in result.failed] == ["1.png", "2.png", "3.png"]
    assert all(path in reason for path, reason in result.failed)
    assert "size" in result.failed[2][1]
    assert seen == [1, 2, 3, 4, 5]
    assert prelabel(filled, engine, threshold=0.5).skipped == 2


def test_reviewed_images_are_left_alone_unless_asked(filled, engine):
    first, second = ids(filled)[:2]
    filled.images.set_status(first, "reviewed")
    result = prelabel(filled, engine, threshold=0.5, accept_above=0.5)
    assert (result.images, result.skipped, result.accepted) == (4, 1, 4)
    assert filled.suggestions.of_image(first, status=None) == []
    assert filled.annotations.of_image(first) == []
    filled.images.set_status(second, "reviewed")
    asked = prelabel(filled, engine, threshold=0.5, accept_above=0.5, include_reviewed=True)
    assert (asked.images, asked.accepted) == (1, 1)


def test_an_image_reviewed_meanwhile_is_left_alone(filled, engine):
    last = ids(filled)[-1]
    seen = []

    def review(done, _total):
        seen.append(done)
        if done == 4:  # the last image is being read by now
            filled.images.set_status(last, "reviewed")

    result = prelabel(filled, engine, threshold=0.5, accept_above=0.5, progress=review)
    assert (result.images, result.skipped, result.accepted) == (4, 1, 4)
    assert seen == [1, 2, 3, 4, 5]


def test_accepting_twice_makes_no_twins(filled, engine):
    first = prelabel(filled, engine, threshold=0.5, accept_above=0.5)
    assert (first.accepted, filled.annotations.count()) == (5, 5)
    assert filled.annotations.of_image(ids(filled)[0])[0].provenance.origin == "accepted"
    for threshold in (0.5, 0.45):
        again = prelabel(filled, engine, threshold=threshold, accept_above=0.5)
        assert (again.accepted, filled.annotations.count()) == (0, 5)


def test_accepting_later_needs_no_new_look(filled, engine):
    prelabel(filled, engine, threshold=0.5)
    later = prelabel(filled, engine, threshold=0.5, accept_above=0.5)
    assert (later.images, later.accepted, engine.encodes) == (0, 5, 5)


def test_only_good_scores_are_accepted(filled, engine):
    result = prelabel(filled, engine, threshold=0.5, accept_above=1.0)
    assert (result.accepted, filled.annotations.count()) == (0, 0)
    assert len(filled.suggestions.of_image(ids(filled)[0])) == 1


def test_what_a_person_drew_stays_as_it_is(filled, engine):
    image_id = ids(filled)[0]
    red = filled.classes.all()[0].id
    drawn = np.zeros((64, 64), bool)
    drawn[50:60, 50:60] = True
    row = filled.annotations.add(image_id, red, drawn)
    prelabel(filled, engine, threshold=0.5, accept_above=0.5)
    assert filled.annotations.get(row.id) == row
    assert len(filled.annotations.of_image(image_id)) == 2


def test_without_words_to_look_for_it_says_so(project, engine):
    project.classes.set_vocabulary(parse_vocabulary("-blue"))
    with pytest.raises(VocabularyError, match="add some"):
        prelabel(project, engine, threshold=0.5)


def test_a_project_without_images_has_nothing_to_do(project, engine):
    assert prelabel(project, engine, threshold=0.5).images == 0


def test_pages_follow_each_other(filled, engine, monkeypatch):
    monkeypatch.setattr(desk, "PAGE", 2)
    assert prelabel(filled, engine, threshold=0.5).images == 5


def test_the_engine_keeps_little_of_images_that_do_not_come_again(filled, engine, monkeypatch):
    monkeypatch.setattr(threads, "KEPT_IMAGES", 2)
    cleared, clear = [], engine.clear
    monkeypatch.setattr(engine, "clear", lambda: cleared.append(engine.encodes) or clear())
    prelabel(filled, engine, threshold=0.5)
    assert cleared == [2, 4]


def test_a_run_keeps_what_the_model_made_of_each_image(filled, engine):
    first = ids(filled)[0]
    red = filled.classes.all()[0]
    prelabel(filled, engine, threshold=0.5)
    look = filled.looks.get(first)
    assert (look.model_version, look.agreement) == ("v1", None)
    assert len(look.embedding) == 3
    assert 0 < look.uncertainty < 1
    row = filled.suggestions.of_image(first)[0]
    assert row.class_id == red.id
    filled.annotations.add(first, red.id, masks.decode(row.rle))
    prelabel(filled, engine, threshold=0.45)
    assert filled.looks.get(first).agreement == pytest.approx(1, abs=0.1)
    assert filled.looks.candidates(version="v1").known == 5


def order_of(project, recipe):
    return [item.image_id for item in desk.Desk(project, recipe).items()]


@pytest.fixture
def recipe(filled, engine):
    return desk.recipe_for(filled, engine, threshold=0.5, refine_edges=False)


def look_at(project, image_id, uncertainty, *, version="old", turn=0.0):
    direction = np.array([np.cos(turn), np.sin(turn)], np.float32)
    project.looks.put(image_id, Look(version, direction, uncertainty))


def test_images_most_worth_labelling_are_looked_at_first(filled, recipe, monkeypatch):
    monkeypatch.setattr(desk, "PAGE", 2)
    one, two, three, four, five = ids(filled)
    assert order_of(filled, recipe) == [one, two, three, four, five]
    look_at(filled, two, 0.5, turn=0.8)
    look_at(filled, three, 0.9)
    look_at(filled, four, 0.8, turn=0.05)  # as three: no second one of the kind
    look_at(filled, five, 0.3, turn=1.5)
    assert order_of(filled, recipe) == [three, five, two, four, one]
    filled.images.set_status(five, "reviewed")
    assert order_of(filled, recipe) == [three, two, four, one]


def test_a_run_goes_on_in_the_order_of_the_old_looks(filled, engine, recipe, monkeypatch):
    scores = engine.scores
    monkeypatch.setattr(engine, "scores", lambda *some: sleep(0.05) or scores(*some))
    for place, image_id in enumerate(ids(filled)):
        look_at(filled, image_id, 0.1 + 0.15 * place, turn=place)
    first = order_of(filled, recipe)
    stop = []
    prelabel(
        filled, engine, threshold=0.5, refine_edges=False,
        progress=lambda done, _: stop.append(done), stopped=lambda: len(stop) >= 2,
    )  # fmt: skip
    left = order_of(filled, recipe)
    assert 0 < len(left) < 5
    assert left == [image_id for image_id in first if image_id in left]
    assert filled.looks.speaker(recipe.mark) == "old"
    prelabel(filled, engine, threshold=0.5, refine_edges=False)
    assert order_of(filled, recipe) == []
    assert filled.looks.speaker(recipe.mark) is None


def test_a_file_that_cannot_be_read_is_tried_once(filled, engine):
    bad = ids(filled)[2]
    look_at(filled, bad, 0.9)
    filled.images.absolute(bad).write_bytes(b"nothing")
    result = prelabel(filled, engine, threshold=0.5)
    assert result.images == 4
    assert [name for name, _ in result.failed] == ["2.png"]
