"""Small views: the newest asked for first, a bounded number waiting, bounded bytes kept."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cascadeclip.app.jobs import Lane
from cascadeclip.app.presenters import thumbnails as module
from cascadeclip.app.presenters.state import Change
from cascadeclip.app.presenters.thumbnails import TOGETHER, WAITING, Thumbnails
from cascadeclip.core.errors import ImageUnreadable


@pytest.fixture
def made(monkeypatch):
    names = []

    def thumbnail(path):
        names.append(path.name)
        if path.name == "image0003.png":
            raise ImageUnreadable("no")
        return np.zeros((4, 4, 3), np.uint8)

    monkeypatch.setattr(module, "thumbnail", thumbnail)
    return names


@pytest.fixture
def came():
    return []


@pytest.fixture
def thumbnails(state, runner, came, made):
    state.project = SimpleNamespace(folder=Path("/somewhere"))
    return Thumbnails(state, runner, came.extend, limit=1200)


def test_a_thumbnail_comes_later_and_stays(thumbnails, runner, make_row, came, made):
    assert thumbnails.of(make_row(1)) is None
    assert [entry[0] for entry in runner.queue] == [Lane.BESIDE]
    runner.go()
    assert came == [1]
    assert thumbnails.of(make_row(1)).shape == (4, 4, 3)
    assert made == ["image0001.png"]
    assert not runner.queue


def test_the_newest_are_made_first_and_what_scrolled_past_is_dropped(
    thumbnails, runner, make_row, made
):
    for number in range(1, WAITING + 20):
        thumbnails.of(make_row(number))
    assert len(runner.queue) == 1
    runner.go(limit=200)
    last = WAITING + 19
    assert made[0] == "image0001.png"  # begun at once
    assert made[1 : 1 + TOGETHER] == [f"image{n:04}.png" for n in range(last, last - TOGETHER, -1)]
    assert len(made) == WAITING + 1


def test_what_cannot_be_opened_is_not_tried_again(thumbnails, runner, make_row, made):
    for _ in range(2):
        assert thumbnails.of(make_row(3)) is None
        runner.go()
    assert made == ["image0003.png"]


def test_bytes_are_bounded_and_another_project_begins_anew(thumbnails, state, runner, make_row):
    for number in range(10, 40):
        thumbnails.of(make_row(number))
        runner.go()
        assert thumbnails.bytes <= 1200
    thumbnails.of(make_row(50))
    state.changed(Change.PROJECT)
    runner.go()
    assert thumbnails.bytes == 0
    assert thumbnails.of(make_row(39)) is None
