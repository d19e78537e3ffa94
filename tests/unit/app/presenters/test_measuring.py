"""A large model is measured once in the background; then it is loaded again and said why."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from cascadeclip.app.jobs import Lane
from cascadeclip.app.measuring import Chosen
from cascadeclip.app.presenters.measuring import Measuring
from cascadeclip.app.presenters.state import Change
from cascadeclip.core.engine import models
from cascadeclip.core.errors import MeasuringFailed

SLOW = SimpleNamespace(backend="torch cpu", reason=models.NOT_MEASURED)
FAST = SimpleNamespace(
    backend="onnxruntime cpu int8", reason="900 ms a window; torch-cpu 1750, onnx-cpu 1300"
)


@pytest.fixture
def desk(state, runner, messages, monkeypatch):
    """Give a presenter whose measurements answer `answer`, and what it asked for."""
    monkeypatch.setattr(models, "active_model", lambda project: Path(project.model))
    state.project.model = "models/v1"
    desk = SimpleNamespace(asked=[], reloads=[], answer=Chosen("onnx-cpu-int8", "900 ms"))

    def measure(folder, device, stopped):
        desk.asked.append((folder, device))
        if isinstance(desk.answer, Exception):
            raise desk.answer
        return None if stopped() else desk.answer

    def come(engine):
        state.engine = engine
        state.changed(Change.ENGINE)

    def reload():
        desk.reloads.append(state.project)
        come(FAST)

    desk.come = come
    desk.presenter = Measuring(
        state, runner, messages, reload_engine=reload, device="cpu", measure=measure
    )
    return desk


def test_a_large_model_is_measured_loaded_again_and_explained(desk, runner, messages):
    desk.come(SLOW)
    runner.finish(runner.perform(0))  # which folder it is
    assert [(lane, len(desk.asked)) for lane, *_ in runner.queue] == [(Lane.MEASURING, 0)]
    runner.go()
    assert desk.asked == [(Path("models/v1"), "cpu")]
    assert len(desk.reloads) == 1
    assert messages.said == [
        "onnxruntime cpu int8 runs this model here: 900 ms a window; torch-cpu 1750, onnx-cpu 1300"
    ]
    desk.come(FAST)
    assert not runner.queue
    assert len(messages.said) == 1


def test_a_small_or_measured_model_starts_nothing(desk, runner):
    for engine in (SimpleNamespace(backend="torch cpu", reason="a small model"), FAST, None):
        desk.come(engine)
        assert not runner.queue


def test_the_same_engine_told_of_again_is_not_measured_twice(desk, runner):
    desk.come(SLOW)
    desk.come(SLOW)
    runner.go()
    assert len(desk.asked) == 1


def test_a_child_that_dies_leaves_torch_and_one_sentence(desk, runner, messages):
    desk.answer = MeasuringFailed("the process ended unexpectedly, exit code -9")
    desk.come(SLOW)
    runner.go()
    desk.come(SLOW)
    runner.go()
    assert (len(desk.asked), desk.reloads, len(messages.said)) == (1, [], 1)
    assert "torch runs: the process ended unexpectedly" in messages.said[0]
    assert not runner.errors


def test_where_nothing_was_to_be_measured_nothing_is_said(desk, runner, messages):
    desk.answer = Chosen()
    desk.come(SLOW)
    runner.go()
    assert (desk.reloads, messages.said) == ([], [])


def test_a_project_that_is_left_ends_it(desk, runner, state, messages):
    desk.come(SLOW)
    runner.finish(runner.perform(0))
    state.project = SimpleNamespace(model="models/other", read_only=False)
    state.engine = None
    state.changed(Change.PROJECT | Change.ENGINE)
    runner.go()
    assert (desk.asked, desk.reloads, messages.said) == ([], [], [])


def test_an_answer_for_the_project_before_changes_nothing(desk, runner, state, messages):
    desk.come(SLOW)
    runner.finish(runner.perform(0))
    late = runner.perform(0)
    state.project, state.engine = SimpleNamespace(model="models/other", read_only=False), None
    state.changed(Change.PROJECT | Change.ENGINE)
    runner.finish(late)
    assert (len(desk.asked), desk.reloads, messages.said) == (1, [], [])


def test_another_version_is_measured_in_the_place_of_the_one_before(desk, runner, state):
    desk.come(SLOW)
    runner.finish(runner.perform(0))
    state.project.model = "models/v2"
    desk.come(SLOW)
    runner.finish(runner.perform(1))
    runner.go()
    assert [folder for folder, _ in desk.asked] == [Path("models/v2")]
