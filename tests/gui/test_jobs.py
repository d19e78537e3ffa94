import os
import sys
import threading

import pytest

from cascadeclip.app.jobs import Jobs, Lane
from cascadeclip.app.priority import THREAD_NICE
from cascadeclip.core.errors import ProjectError


@pytest.fixture
def problems():
    return []


@pytest.fixture
def jobs(qapp, problems):
    jobs = Jobs(problems.append)
    yield jobs
    jobs.close()


def test_work_runs_elsewhere_and_its_value_arrives_on_the_gui_thread(jobs, qtbot):
    threads, values = [], []

    def work():
        threads.append(threading.current_thread())
        return 7

    def done(value):
        threads.append(threading.current_thread())
        values.append(value)

    jobs.run(Lane.WORK, work, done=done)
    qtbot.waitUntil(lambda: values == [7])
    assert threads[0] is not threading.main_thread()
    assert threads[1] is threading.main_thread()


def test_the_database_has_one_thread(jobs, qtbot):
    threads = set()
    for _ in range(20):
        jobs.run(Lane.DATABASE, lambda: threads.add(threading.get_ident()))
    qtbot.waitUntil(jobs.idle)
    assert len(threads) == 1


def test_the_answer_of_an_older_request_is_dropped(jobs, qtbot):
    gate, values = threading.Event(), []

    def slow():
        gate.wait(5)
        return "old"

    jobs.run(Lane.WORK, slow, done=values.append, topic="image")
    jobs.run(Lane.WORK, lambda: "new", done=values.append, topic="image")
    qtbot.waitUntil(lambda: values == ["new"])
    gate.set()
    qtbot.waitUntil(jobs.idle)
    assert values == ["new"]


def test_waiting_inference_of_an_older_request_is_not_even_begun(jobs, qtbot):
    gate, begun = threading.Event(), []
    jobs.run(Lane.INFERENCE, lambda: gate.wait(5))
    for number in range(5):
        jobs.run(Lane.INFERENCE, lambda number=number: begun.append(number), topic="scores")
    gate.set()
    qtbot.waitUntil(jobs.idle)
    assert begun == [4]


def test_database_work_is_always_done_even_when_nobody_waits_for_it(jobs, qtbot):
    done = []
    for number in range(5):
        jobs.run(Lane.DATABASE, lambda number=number: done.append(number), topic="snapshot")
    qtbot.waitUntil(jobs.idle)
    assert done == [0, 1, 2, 3, 4]


def test_failures_reach_the_right_ears(jobs, qtbot, problems):
    heard = []

    def broken():
        raise ProjectError("The disk is full.")

    jobs.run(Lane.WORK, broken, failed=heard.append)
    jobs.run(Lane.WORK, broken)
    qtbot.waitUntil(lambda: len(heard) == len(problems) == 1)
    assert str(heard[0]) == "The disk is full."


def test_a_long_job_reports_and_can_be_stopped(jobs, qtbot):
    reported, stopped = [], []
    begun = threading.Event()

    def work(report, stop):
        report(1, 4)
        begun.set()
        while not stop():
            pass
        stopped.append(True)

    jobs.tasks_changed.connect(lambda: reported.extend((t.done, t.total) for t in jobs.tasks))
    task = jobs.start("counting", work)
    qtbot.waitUntil(lambda: (1, 4) in reported)
    assert begun.is_set()
    task.stop.set()
    qtbot.waitUntil(jobs.idle)
    assert stopped == [True]
    assert jobs.tasks == []


def test_of_calls_soon_after_another_only_the_last_is_made(jobs, qtbot):
    calls = []
    for number in range(3):
        jobs.after(1, "typing", lambda number=number: calls.append(number))
    assert not jobs.idle()
    qtbot.waitUntil(lambda: calls == [2])


def test_closing_finishes_the_writes_and_drops_the_rest(qapp):
    jobs = Jobs(lambda error: None)
    gate, written, answered = threading.Event(), [], []
    jobs.run(Lane.DATABASE, lambda: gate.wait(5))
    for number in range(3):
        jobs.run(Lane.DATABASE, lambda number=number: written.append(number), done=answered.append)
    gate.set()
    jobs.close()
    assert written == [0, 1, 2]
    jobs.run(Lane.DATABASE, lambda: written.append(9))
    assert written == [0, 1, 2]
    assert answered == []


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority elsewhere")
def test_what_computes_gives_way_to_the_window_and_the_database_does_not(jobs, qtbot):
    found = {}

    def look(lane):
        found[lane] = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    for lane in Lane:
        jobs.run(lane, lambda lane=lane: look(lane))
    qtbot.waitUntil(jobs.idle)
    here = os.getpriority(os.PRIO_PROCESS, 0)
    assert found[Lane.DATABASE] == found[Lane.ANSWERS] == here
    assert found[Lane.INFERENCE] == found[Lane.WORK] == min(19, here + THREAD_NICE)


def test_a_lane_is_crowded_while_somebody_waits_on_it(jobs, qtbot):
    gate, seen = threading.Event(), []
    jobs.run(Lane.INFERENCE, lambda: gate.wait(10) and seen.append(jobs.crowded(Lane.INFERENCE)))
    assert not jobs.crowded(Lane.INFERENCE)
    jobs.run(Lane.INFERENCE, lambda: None)
    assert jobs.crowded(Lane.INFERENCE)
    assert not jobs.crowded(Lane.WORK)
    gate.set()
    qtbot.waitUntil(jobs.idle)
    assert seen == [True]
    assert not jobs.crowded(Lane.INFERENCE)
