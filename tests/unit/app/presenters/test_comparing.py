"""Two versions on one image."""

from types import SimpleNamespace

import numpy as np
import pytest

from cascadeclip.app.jobs import Lane
from cascadeclip.app.presenters import comparing as module
from cascadeclip.app.presenters.comparing import BUNDLED, NO_IMAGE, Comparing, seen
from cascadeclip.core import masks
from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.regions import ScoreMaps
from cascadeclip.core.values import Suggestion


class Engine:
    """See the first word everywhere left of a column."""

    def __init__(self, column):
        self.column, self.asked = column, 0

    def encode(self, pixels, digest):
        self.asked += 1
        return pixels.shape[:2]

    def scores(self, size, words, templates):
        maps = np.zeros((len(words), *size), np.float32)
        maps[0, :, : self.column] = 0.9
        return ScoreMaps(tuple(words), maps, *size)


class View:
    def __init__(self):
        self.versions, self.waiting, self.shown = None, [], []

    def show_versions(self, versions, first, second):
        self.versions = (versions, first, second)

    def show_waiting(self, text):
        self.waiting.append(text)

    def show_comparison(self, comparison):
        self.shown.append(comparison)


def version(number, name, parent, *, active=False):
    return SimpleNamespace(id=number, name=name, parent=parent, active=active, folder=name)


@pytest.fixture
def project(state, make_word, make_row, tmp_path):
    rows = [version(1, "v1", "mini-1"), version(2, "v2", "v1", active=True)]
    versions = SimpleNamespace(all=lambda: rows, active=lambda: rows[1])
    state.project = SimpleNamespace(versions=versions, read_only=False, folder=tmp_path)
    for row in rows:
        (tmp_path / row.folder).mkdir()
    state.words = (make_word(1, "cat"), make_word(2, "dog"))
    state.image, state.pixels = make_row(1), np.zeros((40, 40, 3), np.uint8)
    state.engine = Engine(10)
    return state.project


@pytest.fixture
def opened():
    return []


@pytest.fixture
def comparing(state, runner, project, opened):
    def open_version(folder, device):
        opened.append((folder.name, device))
        if folder.name == "v1":
            return Engine(20)
        raise CheckpointError("The bundled model is missing.")

    return Comparing(state, runner, device="cpu", open_version=open_version)


def test_the_version_in_use_and_its_parent_are_compared_at_once(comparing, runner, opened):
    view = View()
    comparing.show(view)
    lanes = []
    while runner.queue:
        lanes.append(runner.queue[0][0])
        runner.finish(runner.perform(0))
    assert view.versions == ([(BUNDLED, "mini (bundled)"), (1, "v1"), (2, "v2")], 1, 2)
    (found,) = view.shown
    assert (found.first.name, found.second.name) == ("v1", "v2")
    assert (found.first.share, found.second.share) == pytest.approx((0.5, 0.25), abs=0.01)
    assert found.same == 0.75
    assert (found.first.suggestions, found.first.mean_score) == (1, pytest.approx(0.88, abs=0.02))
    assert opened == [("v1", "cpu")]  # the one that speaks is not loaded a second time
    assert lanes[-1] is Lane.MEASURING


def test_what_cannot_be_opened_is_said(comparing, runner, monkeypatch):
    view = View()
    comparing.show(view)
    runner.go()
    comparing.compare(BUNDLED, 2)
    runner.go()
    assert view.waiting[-1] == "The bundled model is missing."
    assert len(view.shown) == 1


def test_a_late_answer_and_one_for_a_closed_window_are_dropped(comparing, runner):
    view = View()
    comparing.show(view)
    runner.finish(runner.perform(0))
    late = runner.perform(0)
    comparing.compare(1, 2)
    runner.finish(late)
    assert view.shown == []
    comparing.show(None)
    runner.go()
    assert view.shown == []


def test_without_image_or_words_it_says_what_to_do(comparing, state, runner):
    view = View()
    state.words = ()
    comparing.show(view)
    runner.go()
    assert view.waiting == [NO_IMAGE]


def test_hidden_words_are_not_asked_for(comparing, state, runner):
    view = View()
    state.hidden = frozenset({1})
    comparing.show(view)
    runner.go()
    # what is left is "dog", now the first word of the question
    assert view.shown[0].first.suggestions == 1
    assert comparing._question().numbers == (2,)


def test_a_picture_has_outlines_in_the_colour_of_the_word():
    mask = np.zeros((1000, 2000), bool)
    mask[200:800, 400:1200] = True
    pixels = np.zeros((1000, 2000, 3), np.uint8)
    found = (Suggestion(7, masks.encode(mask), 0.8, 0.5),)
    one = seen("v", pixels, found, {7: "#ff8000"})
    assert one.picture.shape == (450, 900, 3)
    assert one.picture[90, 300].tolist() == pytest.approx([255, 128, 0], abs=3)  # the edge
    inside = np.array([255, 128, 0]) * module.FILL
    assert one.picture[200, 300].tolist() == pytest.approx(inside.tolist(), abs=2)
    assert one.picture[50, 300].tolist() == [0, 0, 0]
    assert one.share == pytest.approx(0.24, abs=0.01)
    assert seen("v", pixels, (), {}).mean_score == 0
