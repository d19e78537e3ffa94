"""Work done beside: all of it, or the first error, and no thread left."""

import threading

import pytest

from cascadeclip.core.formats.workers import Workers


def names():
    return [thread.name for thread in threading.enumerate() if "export" in thread.name]


def test_all_is_done_when_the_block_ends():
    done = []
    with Workers() as workers:
        for number in range(50):
            workers.do(lambda number=number: done.append(number))
    assert sorted(done) == list(range(50))
    assert names() == []


def test_the_first_error_is_raised_and_stops_what_has_not_begun():
    done = []

    def fail():
        raise OSError("full")

    def work():
        with Workers() as workers:
            workers.do(fail)
            workers.finish()
            workers.do(lambda: done.append(1))

    with pytest.raises(OSError, match="full"):
        work()
    assert done == []
    assert names() == []


def test_what_is_dropped_raises_nothing():
    with Workers() as workers:
        workers.do(lambda: None)
        workers.drop()
    assert names() == []


def test_few_pieces_wait():
    hold, begun = threading.Event(), []

    def work():
        begun.append(1)
        hold.wait(5)

    with Workers() as workers:
        most = 2 * workers._threads
        for _ in range(most):
            workers.do(work)
        threading.Timer(0.05, hold.set).start()
        workers.do(work)  # waits for the oldest
        assert hold.is_set()
