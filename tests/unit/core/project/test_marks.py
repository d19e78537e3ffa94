"""What an image's suggestions were made with stands beside them, and goes when they go."""

import numpy as np
import pytest
from PIL import Image

from cascadeclip.core import masks
from cascadeclip.core.errors import VocabularyError
from cascadeclip.core.project import Project
from cascadeclip.core.values import Suggestion


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "project") as made:
        for k in range(5):
            path = made.folder / f"{k}.png"
            Image.new("RGB", (8, 6), (k, 0, 0)).save(path)
            made.images.add(path)
        yield made


def marked(project, mark="m"):
    page = project.suggestions.marked_page(mark, after=0, limit=10)
    return [row.id for row, is_marked in page if is_marked]


def test_a_mark_comes_with_the_suggestions_and_is_of_its_kind(project):
    project.suggestions.replace(2, [], "v1", mark="m")
    project.suggestions.replace(3, [], "v1", mark="other")
    assert marked(project) == [2]
    assert marked(project, "other") == [3]
    assert project.suggestions.count_unmarked("m", include_reviewed=True) == 4
    project.suggestions.replace(2, [], "v1", mark="other")
    assert marked(project) == []


def test_other_suggestions_take_the_mark_away(project):
    project.suggestions.replace(2, [], "v1", mark="m")
    project.suggestions.replace(2, [], "v1")
    assert marked(project) == []


def test_a_changed_file_has_no_mark(project):
    project.suggestions.replace(2, [], "v1", mark="m")
    Image.new("RGB", (8, 6), (9, 9, 9)).save(project.folder / "1.png")
    assert project.images.take_changed(2)
    assert marked(project) == []


def test_pages_follow_each_other_by_number(project):
    first = project.suggestions.marked_page("m", after=0, limit=2)
    second = project.suggestions.marked_page("m", after=2, limit=9)
    assert [row.id for row, _ in first + second] == [1, 2, 3, 4, 5]
    assert first[0][0] == project.images.get(1)
    assert project.suggestions.marked_page("m", after=5, limit=2) == []


def test_reviewed_images_count_where_they_are_asked_for(project):
    project.images.set_status(1, "reviewed")
    project.suggestions.replace(2, [], "v1", mark="m")
    assert project.suggestions.count_unmarked("m", include_reviewed=False) == 3
    assert project.suggestions.count_unmarked("m", include_reviewed=True) == 4


def test_a_refused_replacement_leaves_the_mark(project):
    project.suggestions.replace(2, [], "v1", mark="m")
    mask = np.ones((6, 8), np.bool_)
    of_no_word = Suggestion(99, masks.encode(mask), 0.5, 0.5)
    with pytest.raises(VocabularyError):
        project.suggestions.replace(2, [of_no_word], "v1", mark="other")
    assert marked(project) == [2]


def test_unmarked_images_come_alone(project):
    project.suggestions.replace(2, [], "v1", mark="m")
    project.images.set_status(4, "reviewed")

    def page(after, limit, *, reviewed):
        rows = project.suggestions.unmarked_page(
            "m", after=after, limit=limit, include_reviewed=reviewed
        )
        return [row.id for row in rows]

    assert page(0, 9, reviewed=False) == [1, 3, 5]
    assert page(0, 9, reviewed=True) == [1, 3, 4, 5]
    assert page(1, 1, reviewed=False) == [3]
    assert page(5, 9, reviewed=True) == []
