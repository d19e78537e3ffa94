import numpy as np
import pytest

from cascadeclip.core.masks import encode
from cascadeclip.core.values import Suggestion
from cascadeclip.train.data.corrections import BACKGROUND, UNKNOWN, collect


def suggested(project, image, word, mask):
    found = [Suggestion(word.id, encode(mask), 0.9, 0.5)]
    project.suggestions.replace(image.id, found, "v0")
    return project.suggestions.of_image(image.id)[0].id


def blank(image):
    return np.zeros((image.height, image.width), dtype=bool)


def test_partly_marked_images_are_read_beside_complete_ones(fill_project):
    project = fill_project(3)
    first, *_ = project.images.page()
    project.images.set_status(first.id, "unreviewed")
    found = collect(project)
    assert found.source == "images (2 complete, 1 partly marked)"
    assert [image.complete for image in found.images] == [False, True, True]
    blanks = [set(np.unique(image.truth().labels)) - {0, 1} for image in found.images]
    assert blanks == [{UNKNOWN}, {BACKGROUND}, {BACKGROUND}]


def test_an_image_with_nothing_but_a_rejection_teaches_too(fill_project):
    project = fill_project(2, reviewed=False)
    image = project.images.page()[0]
    for row in project.annotations.of_image(image.id):
        project.annotations.delete(row.id)
    mask = blank(image)
    mask[:4, :4] = True
    word = project.classes.all()[0]
    project.suggestions.reject(suggested(project, image, word, mask))
    truth = collect(project).images[0].truth()
    assert set(np.unique(truth.labels)) == {UNKNOWN}
    ((index, there),) = truth.rejected
    assert index == 0
    assert np.array_equal(there, mask)


def test_reviewed_images_may_be_declared_partly_marked_as_a_whole_or_one_by_one(fill_project):
    project = fill_project(3)
    first, second, _ = project.images.page()
    project.settings.set("training.reviewed", "partial")
    project.settings.set(f"complete/{first.id}", True)
    assert [image.complete for image in collect(project).images] == [True, False, False]
    project.settings.set("training.reviewed", "complete")
    project.settings.set(f"complete/{second.id}", False)
    assert [image.complete for image in collect(project).images] == [True, False, True]


def test_what_was_taken_from_an_accepted_suggestion_is_refused_for_that_word(fill_project):
    project = fill_project(1, reviewed=False, annotated=False)
    image, (word, _) = project.images.page()[0], project.classes.all()
    whole = blank(image)
    whole[:10, :10] = True
    made = project.suggestions.accept(suggested(project, image, word, whole))
    kept = whole.copy()
    kept[5:, :] = False
    project.annotations.edit(made.id, kept)
    truth = collect(project).images[0].truth()
    ((index, taken),) = truth.rejected
    assert index == 0
    assert np.array_equal(taken, whole & ~kept)
    assert np.array_equal(truth.labels == 0, kept)


def test_an_accepted_suggestion_left_alone_refuses_nothing(fill_project):
    project = fill_project(1, reviewed=False, annotated=False)
    image, (word, _) = project.images.page()[0], project.classes.all()
    mask = blank(image)
    mask[:10, :10] = True
    project.suggestions.accept(suggested(project, image, word, mask))
    assert collect(project).images[0].truth().rejected == ()


@pytest.mark.parametrize("cells", [(40, 40), (10, 10), (5, 20)])
def test_sampling_reads_the_centres_of_the_cells(fill_project, cells):
    truth = collect(fill_project(1)).images[0].truth()
    sampled = truth.sampled(*cells)
    assert sampled.labels.shape == cells
    high, wide = truth.labels.shape[0] // cells[0], truth.labels.shape[1] // cells[1]
    assert np.array_equal(sampled.labels, truth.labels[high // 2 :: high, wide // 2 :: wide])
