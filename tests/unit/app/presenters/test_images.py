from types import SimpleNamespace

import numpy as np
import pytest

from cascadeclip.app.presenters import images as module
from cascadeclip.app.presenters.images import PAGE, Images
from cascadeclip.app.presenters.snapshot import Snapshot
from cascadeclip.core.errors import ImageUnreadable
from cascadeclip.core.project.finding import Found


class Store:
    def __init__(self, rows):
        self.rows = {row.id: row for row in rows}

    def page(self, *, offset=0, limit=200, status=None, search=None):
        rows = [row for row in self.rows.values() if not search or search in row.path]
        return rows[offset : offset + limit]

    def count(self, *, status=None):
        return len(self.rows)

    def get(self, number):
        return self.rows[number]

    def set_status(self, number, status):
        old = self.rows[number]
        self.rows[number] = type(old)(
            old.id, old.path, old.width, old.height, 1, old.digest, status
        )


@pytest.fixture
def count():
    return 5


@pytest.fixture
def opened(monkeypatch):
    """Record which files were decoded; number 3 is broken."""
    numbers = []

    def open_image(number):
        numbers.append(number)
        if number == 3:
            raise ImageUnreadable("image0003.png cannot be opened: it is damaged.")
        return np.full((6, 8, 3), number % 256, np.uint8)

    def find(project, number):
        return Found(number, "It has moved." if number == 4 else "")

    monkeypatch.setattr(module, "open_image", open_image)
    monkeypatch.setattr(module, "find", find)
    monkeypatch.setattr(
        module, "read_snapshot", lambda project, number: Snapshot(number, (), (), (), False, False)
    )
    return numbers


@pytest.fixture
def images(state, runner, canvas, images_view, messages, make_row, count, opened):
    state.image = state.pixels = None
    store = Store([make_row(at) for at in range(1, count + 1)])
    looked = []
    state.project = SimpleNamespace(
        images=store, read_only=False, look=looked.append, looked=looked
    )
    return Images(
        state,
        runner,
        canvas,
        images_view,
        messages,
        show=lambda snapshot: None,
        settle=lambda: None,
    )


def test_loading_opens_the_first_image(images, state, runner, images_view):
    images.load()
    runner.go()
    assert state.image.id == 1
    assert state.pixels[0, 0, 0] == 1
    assert (images_view.selected, images_view.total) == (0, 5)


def test_steps_stop_at_both_ends(images, state, runner):
    images.load()
    runner.go()
    seen = []
    for forward in (False, True, True, True, True, True, True):
        images.step(forward=forward)
        runner.go()
        seen.append(images.position)
    assert seen == [0, 1, 2, 3, 4, 4, 4]


def test_a_late_image_is_dropped(images, state, runner):
    images.load()
    runner.go()
    images.open(1)
    runner.finish(runner.perform(0))
    late = runner.perform(0)
    images.open(3)
    runner.go()
    runner.finish(late)
    assert state.image.id == 4
    assert state.pixels[0, 0, 0] == 4


def test_a_moved_image_is_said_and_looked_at(images, state, runner, messages):
    images.load()
    runner.go()
    assert messages.said == []
    images.open(3)
    runner.go()
    assert state.image.id == 4
    assert messages.said == ["It has moved."]
    assert state.project.looked == [1, 4]


def test_a_broken_image_says_one_sentence_and_the_next_one_opens(
    images, state, runner, canvas, images_view
):
    images.load()
    runner.go()
    images.open(2)
    runner.go()
    assert state.image is None
    assert canvas.message == "image0003.png cannot be opened: it is damaged."
    assert images_view.broken == [3]
    images.step(forward=True)
    runner.go()
    assert state.image.id == 4
    assert state.image_trouble == ""


def test_an_image_of_another_size_than_noted_is_refused(images, state, runner, canvas, make_row):
    images.load()
    runner.go()
    state.project.images.rows[2] = make_row(2, width=99)
    images.open(1)
    runner.go()
    assert "changed its size" in canvas.message


def test_reviewed_is_toggled_and_shown(images, state, runner, images_view):
    images.load()
    runner.go()
    for status in ("reviewed", "unreviewed"):
        images.toggle_reviewed()
        runner.go()
        assert state.image.status == status
        assert images_view.rows[0].status == status


def test_searching_lists_what_fits_and_leaves_the_open_image(images, state, runner, images_view):
    images.load()
    runner.go()
    images.search("0004")
    runner.ring("search")
    runner.go()
    assert [row.id for row in images_view.rows] == [4]
    assert state.image.id == 1


@pytest.mark.parametrize("count", [PAGE + 3])
def test_a_long_list_is_read_in_pages(images, runner, images_view):
    images.load()
    runner.go()
    assert len(images_view.rows) == PAGE
    images.open(PAGE - 1)
    images.step(forward=True)
    runner.go()
    assert len(images_view.rows) == PAGE + 3
    assert images.position == PAGE
    images.more()
    assert not runner.queue
