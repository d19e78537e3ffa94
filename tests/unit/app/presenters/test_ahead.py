"""Neighbours are made ready behind everything else, and let go when the person goes elsewhere."""

from types import SimpleNamespace

import numpy as np
import pytest

from cascadeclip.app.jobs import Lane
from cascadeclip.app.presenters import ahead as module
from cascadeclip.app.presenters.ahead import Ahead, Pixels, is_fresh, mark_of
from cascadeclip.core.errors import ImageUnreadable


class Engine:
    def __init__(self):
        self.encoded, self.asked = [], None

    def encode(self, pixels, digest, *, stopped):
        self.encoded.append(digest)
        self.asked = stopped
        return SimpleNamespace(whole=not stopped())


@pytest.fixture
def loads(monkeypatch):
    numbers = []

    def load(project, row):
        numbers.append(row.id)
        if row.id == 3:
            raise ImageUnreadable("image0003.png cannot be opened: it is damaged.")
        return Pixels(row, (np.zeros((row.height, row.width, 3), np.uint8),))

    monkeypatch.setattr(module, "load_pixels", load)
    return numbers


@pytest.fixture
def ahead(state, runner, make_row, loads):
    state.project = SimpleNamespace(images=SimpleNamespace(get=make_row))
    state.engine = Engine()
    return Ahead(state, runner, limit=10_000)


def test_the_neighbours_come_when_all_is_quiet(ahead, state, runner, loads, make_row):
    ahead.want((2, 1))
    assert not runner.queue
    runner.ring("ahead")
    lanes = []
    while runner.queue:
        lanes.append(runner.queue[0][0])
        runner.finish(runner.perform(0))
    assert loads == [2, 1]
    assert state.engine.encoded == ["digest2"]
    assert set(lanes) == {Lane.DATABASE, Lane.BESIDE, Lane.INFERENCE}
    assert ahead.has(1).image.id == 1
    assert ahead.bytes == 2 * 6 * 8 * 3


def test_a_jump_elsewhere_ends_it(ahead, state, runner, loads):
    ahead.want((2, 1))
    runner.ring("ahead")
    runner.finish(runner.perform(0))
    under_way = runner.perform(0)
    ahead.stop()
    runner.finish(under_way)
    assert (loads, runner.queue) == ([2], [])


def test_the_engine_is_told_to_stop(ahead, state, runner):
    ahead.want((2,))
    runner.ring("ahead")
    runner.go()
    assert not state.engine.asked()
    ahead.stop()
    assert state.engine.asked()


def test_it_gives_way_to_what_somebody_waits_for_and_goes_on_later(ahead, state, runner):
    ahead.want((2,))
    runner.ring("ahead")
    while state.engine.encoded == []:
        if runner.queue[0][0] is Lane.INFERENCE:
            runner.run(Lane.INFERENCE, lambda: None)  # a word is typed meanwhile
        runner.finish(runner.perform(0))
    runner.go()
    assert state.engine.encoded == ["digest2"]
    runner.ring("ahead")
    runner.go()
    assert state.engine.encoded == ["digest2", "digest2"]
    assert "ahead" not in runner.waiting


def test_what_is_broken_is_passed_by(ahead, runner, loads):
    ahead.want((3, 1))
    runner.ring("ahead")
    runner.go()
    assert (loads, runner.errors) == ([3, 1], [])


def test_memory_is_bounded_and_a_huge_image_is_not_wanted(ahead, runner, loads, make_row):
    for number in range(100):
        size = make_row(number)
        ahead.keep(Pixels(size, (np.zeros((20, 20, 3), np.uint8),)))
        assert ahead.bytes <= 10_000
    assert ahead.has(0) is None
    ahead._state.project.images.get = lambda number: make_row(number, width=100, height=100)
    ahead.want((2,))
    runner.ring("ahead")
    runner.go()
    assert loads == []


def test_another_content_is_another_image(make_row, tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(b"1")
    row = make_row(1)
    kept = Pixels(row, (np.zeros((6, 8, 3), np.uint8),), "", file, mark_of(file))
    assert is_fresh(kept, row)
    assert not is_fresh(kept, type(row)(1, row.path, 8, 6, 1, "other", "unreviewed"))
    file.write_bytes(b"22")
    assert not is_fresh(kept, row)
    file.unlink()
    assert not is_fresh(kept, row)
    assert not is_fresh(Pixels(row, kept.sizes, "", file, mark_of(file)), row)
