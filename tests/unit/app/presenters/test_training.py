from pathlib import Path
from types import SimpleNamespace

import pytest

from cascadeclip.app.presenters import training as module
from cascadeclip.app.presenters.training import Training, compare
from cascadeclip.app.training import (
    Checked,
    Collected,
    Compared,
    Failed,
    Finished,
    Measured,
    Phase,
    Step,
)
from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.project import VersionRow

FINISHED = Finished("models/v1", activate=True, reason="It is better.", before=0.4, after=0.5)
COLLECTED = Collected(
    complete=3, partial=1, held_out=2, masks=9, rejected=4, words={"cat": 9.0}, protected=["dog"]
)
COMPARED = Compared(
    words={"cat": [0.5, 0.52], "dog": [0.3, 0.6]}, protected=["dog"], boundary=[0.4, 0.5],
    confused=[["cat", "dog", 0.2]], worst=[[7.0, 0.6, 0.4]], share=0.75, agreement=0.995,
)  # fmt: skip
STORY = (
    COLLECTED,
    COMPARED,
    Phase("training"),
    Checked(0, 2, 0.95),
    Step(1, 2, 0.9),
    Step(2, 2, 0.7),
    Measured("before", 0.4, {"cat": 0.5, "dog": 0.3}),
    Measured("after", 0.5, {"cat": 0.52, "dog": 0.6}),
    FINISHED,
)


class Run:
    def __init__(self, story):
        self.story, self.cancelled, self.started = story, False, False

    def start(self):
        if self.story is None:
            raise TrainingFailed("There is no reviewed image to learn from.")
        self.started = True

    def events(self):
        yield from self.story

    def cancel(self):
        self.cancelled = True


class View:
    def __init__(self):
        self.phases, self.losses, self.result, self.failed = [], [], None, None
        self.collected = self.proposal = None

    def show_proposal(self, proposal):
        self.proposal = proposal

    def show_running(self, progress):
        self.collected = progress.collected
        self.phases.append(progress.phase)
        self.losses, self.checks = list(progress.losses), list(progress.checks)

    def show_result(self, result):
        self.result = result

    def show_failed(self, sentence):
        self.failed = sentence


class Versions:
    def __init__(self):
        self.calls = []
        self.row = VersionRow(1, "v1", Path("models/v1"), None, "quick", {}, "now", active=True)

    def get(self, name):
        return self.row

    def all(self):
        return [self.row]

    def active(self):
        return None

    def rollback(self):
        self.calls.append("rollback")

    def activate(self, number):
        self.calls.append(("activate", number))


@pytest.fixture
def versions(state, monkeypatch):
    versions = Versions()
    images = SimpleNamespace(count=lambda status: 12)
    state.project = SimpleNamespace(
        folder=Path("somewhere"), versions=versions, images=images, read_only=False
    )
    monkeypatch.setattr(module, "register", lambda project, finished, activate: versions.row)
    return versions


@pytest.fixture
def view():
    return View()


@pytest.fixture
def reloads():
    return []


@pytest.fixture
def make(state, runner, view, messages, versions, reloads):
    def make(story):
        run = Run(story)
        training = Training(
            state,
            runner,
            view,
            messages,
            reload_engine=lambda: reloads.append(1),
            make_run=lambda folder, recipe: run,
            refresh=lambda: reloads.append("refreshed"),
        )
        training.start()
        return training, run

    return make


def test_a_run_is_told_step_by_step_and_ends_in_a_comparison(make, runner, view, reloads):
    training, _ = make(STORY)
    assert training.running
    runner.go()
    assert not training.running
    assert view.losses == [(1, 0.9), (2, 0.7)]
    assert view.checks == [(0, 0.95)]
    assert view.result.words == (("dog", 0.3, 0.6), ("cat", 0.5, 0.52))
    assert (view.result.before, view.result.after) == (0.4, 0.5)
    assert view.result.compared == COMPARED
    assert view.collected == COLLECTED
    assert reloads == [1, "refreshed"]


def test_a_second_run_waits_for_the_first(make, runner):
    training, run = make(STORY)
    training.start()
    assert len(runner.queue) == 1


def test_keeping_the_old_one_rolls_back_only_what_was_activated(make, runner, versions, reloads):
    training, _ = make(STORY)
    runner.go()
    training.keep_old()
    runner.go()
    assert versions.calls == ["rollback"]
    assert reloads == [1, "refreshed", 1]


def test_cancelling_asks_the_run_to_stop(make, runner, view):
    training, run = make((Phase("training"), Failed("Training was stopped.")))
    training.cancel()
    assert run.cancelled
    runner.go()
    assert view.failed == "Training was stopped."
    assert view.result is None


def test_a_run_that_cannot_start_says_why(make, runner, view):
    make(None)
    runner.go()
    assert view.failed == "There is no reviewed image to learn from."


def test_a_run_without_a_result_says_so(make, runner, view):
    make(())
    runner.go()
    assert "without a result" in view.failed


def test_words_measured_only_once_are_kept_in_the_comparison():
    rows = compare(Measured("before", 0.1, {"cat": 0.2}), Measured("after", 0.1, {"dog": 0.9}))
    assert set(rows) == {("cat", 0.2, None), ("dog", None, 0.9)}


def test_a_proposal_is_shown_when_asked_for_and_after_a_run(make, runner, view):
    training, _ = make(STORY)
    training.propose()
    assert view.proposal is None
    runner.go()
    assert view.proposal.recipe == "pixels"


def test_the_next_way_is_proposed_where_one_found_nothing_to_do(make, runner, view):
    training, _ = make((Failed("Nothing changes for the better."),))
    training.cancel()  # a person's wish says nothing about what would help
    runner.go()
    training.propose()
    runner.go()
    assert view.proposal.recipe == "pixels"
    tries = ("pixels", "prototypes"), ("prototypes", "quick"), ("quick", "self-training")
    for recipe, following in tries:
        training.start(recipe)
        runner.go()
        assert view.failed == "Nothing changes for the better."
        assert view.proposal.recipe == following
