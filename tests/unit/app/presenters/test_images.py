from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cascadeclip.app.presenters import ahead as module
from cascadeclip.app.presenters import images as images_module
from cascadeclip.app.presenters.images import BY_WORTH, NO_OTHER, PAGE, Images
from cascadeclip.app.presenters.snapshot import Snapshot
from cascadeclip.app.presenters.state import Change
from cascadeclip.core.errors import ImageUnreadable, ProjectError
from cascadeclip.core.project.finding import Found
from cascadeclip.core.project.listing import ListRow
from cascadeclip.core.project.looks import Candidates


class Store:
    def __init__(self, rows):
        self.rows = {row.id: row for row in rows}

    def get(self, number):
        return self.rows[number]

    def set_status(self, number, status):
        old = self.rows[number]
        self.rows[number] = type(old)(
            old.id, old.path, old.width, old.height, 1, old.digest, status
        )


class Listing:
    def __init__(self, store):
        self.store = store
        self.asked = []

    def ids(self, wanted):
        self.asked.append(wanted)
        rows = self.store.rows.values()
        return np.array([row.id for row in rows if wanted.search in row.path], np.int64)

    def rows(self, ids):
        return [ListRow(self.store.rows[int(one)], masks=1) for one in ids]

    def begin(self, limit):
        return self.rows(list(self.store.rows)[:limit])

    def total(self):
        return len(self.store.rows)

    def unreviewed(self):
        rows = self.store.rows.values()
        return np.array([row.id for row in rows if row.status == "unreviewed"], np.int64)


class Looks:
    """Know three images: 5 and 2 are alike, 4 is not."""

    def candidates(self, *, version):
        turned = np.radians([0, 1, 90])
        embeddings = np.stack((np.cos(turned), np.sin(turned)), 1).astype(np.float32)
        unsure = np.array([0.9, 0.8, 0.3], np.float32)
        return Candidates(np.array([5, 2, 4]), embeddings, unsure, np.zeros((0, 0)), 3)


@pytest.fixture
def count():
    return 5


@pytest.fixture
def files():
    """Give other times to files, by name."""
    return {}


@pytest.fixture
def opened(monkeypatch, files):
    """Record which files were decoded; number 3 is broken."""
    numbers = []

    def open_image(path):
        number = int(path.name)
        numbers.append(number)
        if number == 3:
            raise ImageUnreadable("image0003.png cannot be opened: it is damaged.")
        return np.full((6, 8, 3), number % 256, np.uint8)

    def find(project, number):
        return Found(Path("/nowhere") / str(number), "It has moved." if number == 4 else "")

    monkeypatch.setattr(module, "open_image", open_image)
    monkeypatch.setattr(module, "mark_of", lambda path: (1, files.get(path.name, 1)))
    monkeypatch.setattr(module, "find", find)
    monkeypatch.setattr(
        images_module,
        "read_snapshot",
        lambda project, number: Snapshot(number, (), (), (), False, False),
    )
    return numbers


@pytest.fixture
def images(state, runner, canvas, images_view, messages, make_row, count, opened):
    state.image = state.pixels = None
    store = Store([make_row(at) for at in range(1, count + 1)])
    looked = []
    state.project = SimpleNamespace(
        images=store,
        listing=Listing(store),
        looks=Looks(),
        read_only=False,
        look=looked.append,
        looked=looked,
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


@pytest.fixture
def loaded(images, runner):
    images.load()
    runner.go()
    return images


def test_loading_opens_the_first_image(loaded, state, images_view):
    assert state.image.id == 1
    assert state.pixels[0, 0, 0] == 1
    assert (images_view.selected, images_view.count, images_view.total) == (0, 5, 5)
    assert images_view.known == (None, 0)


def test_steps_stop_at_both_ends(loaded, runner):
    seen = []
    for forward in (False, True, True, True, True, True, True):
        loaded.step(forward=forward)
        runner.go()
        seen.append(loaded.position)
    assert seen == [0, 1, 2, 3, 4, 4, 4]


def test_the_next_unreviewed_image_goes_round_and_may_be_lacking(loaded, state, runner, messages):
    for number in (2, 3, 5):
        state.project.images.set_status(number, "reviewed")
    seen = []
    for forward in (True, True, False):
        loaded.step_unreviewed(forward=forward)
        runner.go()
        seen.append(state.image.id)
    assert seen == [4, 1, 4]
    state.project.images.set_status(1, "reviewed")
    messages.said.clear()
    loaded.step_unreviewed(forward=True)
    runner.go()
    assert state.image.id == 4
    assert messages.said == [NO_OTHER]


def test_a_late_image_is_dropped(loaded, state, runner):
    loaded.open(1)
    runner.perform(0)  # the row of the image that was left
    runner.finish(runner.perform(0))
    late = runner.perform(0)
    loaded.open(3)
    runner.go()
    runner.finish(late)
    assert state.image.id == 4
    assert state.pixels[0, 0, 0] == 4


def test_an_image_that_is_long_in_coming_is_said_to_be_read(loaded, state, runner):
    told = []
    state.subscribe(Change.LIST | Change.IMAGE, lambda: told.append(loaded.reading))
    loaded.open(2)
    assert "slow image" in runner.waiting
    runner.ring("slow image")
    assert told == [True]
    runner.go()
    assert told[-1] is False
    loaded.open(1)
    runner.go()
    assert "slow image" not in runner.waiting  # it came in time
    assert told[-1] is False


def test_a_moved_image_is_said_and_looked_at(loaded, state, runner, messages):
    assert messages.said == []
    loaded.open(3)
    runner.go()
    assert state.image.id == 4
    assert messages.said == ["It has moved."]
    assert state.project.looked == [1, 4]
    loaded.open(0)
    runner.go()
    loaded.open(3)  # from memory: nothing is said again
    runner.go()
    assert messages.said == ["It has moved."]


def test_an_image_in_memory_is_not_decoded_again_unless_its_file_changed(
    loaded, runner, opened, files
):
    loaded.open(1)
    runner.go()
    loaded.open(0)
    runner.go()
    assert opened == [1, 2]
    files["2"] = 99
    loaded.open(1)
    runner.go()
    assert opened == [1, 2, 2]


def test_a_broken_image_says_one_sentence_and_the_next_one_opens(
    loaded, state, runner, canvas, images_view
):
    loaded.open(2)
    runner.go()
    assert state.image is None
    assert canvas.message == "image0003.png cannot be opened: it is damaged."
    assert images_view.broken == [3]
    loaded.step(forward=True)
    runner.go()
    assert state.image.id == 4
    assert state.image_trouble == ""


def test_an_image_of_another_size_than_noted_is_refused(loaded, state, runner, canvas, make_row):
    state.project.images.rows[2] = make_row(2, width=99)
    loaded.open(1)
    runner.go()
    assert "changed its size" in canvas.message


def test_reviewed_is_toggled_and_shown(loaded, state, runner, images_view):
    for status in ("reviewed", "unreviewed"):
        loaded.toggle_reviewed()
        runner.go()
        assert state.image.status == status
        assert images_view.rows[0].image.status == status
        assert images_view.rows[0].state == ("reviewed" if status == "reviewed" else "masks")


def test_a_mark_that_cannot_be_written_is_said_and_what_is_true_is_shown(
    loaded, state, runner, messages, monkeypatch
):
    def refuse(*_):
        raise ProjectError("The disk is full.")

    shown = []
    monkeypatch.setattr(loaded, "_show_snapshot", shown.append)
    monkeypatch.setattr(state.project.images, "set_status", refuse)
    loaded.toggle_reviewed()
    runner.go()
    assert messages.said == ["The disk is full."]
    assert [snapshot.image_id for snapshot in shown] == [1]
    assert state.image.status == "unreviewed"


def test_searching_lists_what_fits_and_leaves_the_open_image(loaded, state, runner, images_view):
    loaded.search("0004")
    runner.ring("search")
    runner.go()
    assert [row.image.id for row in images_view.rows] == [4]
    assert (images_view.count, images_view.total, images_view.selected) == (1, 5, None)
    assert state.image.id == 1


def test_filters_are_passed_on_and_kept_while_searching(loaded, state, runner):
    loaded.filter("masks", 7)
    loaded.search("a")
    runner.ring("search")
    runner.go()
    wanted = state.project.listing.asked[-1]
    assert (wanted.state, wanted.class_id, wanted.search) == ("masks", 7, "a")
    loaded.forget()
    assert loaded.wanted.everything


def test_what_is_worth_labelling_comes_first_the_rest_by_name(loaded, runner, images_view):
    loaded.sort(BY_WORTH)
    runner.go()
    # 5 is the most uncertain; 2 is like it, so that 4 comes before
    assert [row.image.id for row in images_view.rows] == [5, 4, 2, 1, 3]
    assert images_view.known == (3, 5)
    assert (loaded.position, images_view.selected) == (3, 3)


@pytest.mark.parametrize("count", [PAGE + 3])
def test_of_a_long_list_only_what_is_looked_at_is_read(loaded, runner, images_view):
    assert (images_view.count, len(images_view.rows)) == (PAGE + 3, PAGE)
    loaded.page(PAGE)
    runner.go()
    assert [row.image.id for row in images_view.pages[PAGE]] == [PAGE + 1, PAGE + 2, PAGE + 3]
    loaded.open(PAGE)
    runner.go()
    assert loaded.position == PAGE


def test_a_page_of_an_older_list_is_dropped(loaded, runner, images_view):
    loaded.page(0)
    late = runner.perform(0)
    loaded.load()
    runner.go()
    runner.finish(late)
    assert images_view.pages == {}
