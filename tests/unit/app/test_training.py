import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cascadeclip.app import training
from cascadeclip.app.training import (
    Failed,
    Finished,
    Measured,
    Phase,
    TrainingRun,
    finish,
    run_lines,
    to_json,
)
from cascadeclip.core.errors import TrainingFailed

DONE = Finished("models/v1", activate=True, reason="Better.", before=0.25, after=0.5)


@pytest.fixture
def script(monkeypatch):
    """Return a function that makes the training process run a piece of Python instead."""

    def use(text):
        monkeypatch.setattr(training, "command", lambda *asked: [sys.executable, "-c", text])

    return use


def heard(run):
    run.start()
    return list(run.events())


def test_events_arrive_in_order_and_end_with_finished(script, tmp_path):
    said = [Phase("collecting"), Measured("before", 0.25, {"cat": 0.25}), DONE]
    script("\n".join(f"print({to_json(event)!r})" for event in said))
    assert heard(TrainingRun(tmp_path)) == said


def test_a_crash_becomes_one_sentence_with_the_last_line_of_the_log(script, tmp_path):
    script("import sys; sys.stderr.write('noise\\nout of luck\\n\\n'); sys.exit(3)")
    run = TrainingRun(tmp_path)
    (event,) = heard(run)
    assert isinstance(event, Failed)
    assert "exit code 3" in event.sentence
    assert "out of luck" in event.sentence
    assert run.log.read_text() == "noise\nout of luck\n\n"


def test_a_silent_end_is_a_failure_too(script, tmp_path):
    script("pass")
    (event,) = heard(TrainingRun(tmp_path))
    assert isinstance(event, Failed)
    assert "ended unexpectedly" in event.sentence


def test_finished_counts_only_when_the_process_ends_well(script, tmp_path):
    script(f"import sys; print({to_json(DONE)!r}, flush=True); sys.exit(1)")
    (event,) = heard(TrainingRun(tmp_path))
    assert isinstance(event, Failed)


def test_a_process_that_is_slow_to_end_has_finished_all_the_same(script, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "ENDING_SECONDS", 0.2)
    script(f"import time; print({to_json(DONE)!r}, flush=True); time.sleep(60)")
    assert heard(TrainingRun(tmp_path, grace=0.1)) == [DONE]


def test_a_failure_is_passed_on_as_it_was_said(script, tmp_path):
    script(f"import sys; print({to_json(Failed('Too few images.'))!r}); sys.exit(2)")
    assert heard(TrainingRun(tmp_path)) == [Failed("Too few images.")]


def test_an_unknown_line_ends_the_run(script, tmp_path):
    script("print('hello', flush=True); import time; time.sleep(60)")
    started = time.monotonic()
    (event,) = heard(TrainingRun(tmp_path))
    assert "said something unknown" in event.sentence
    assert time.monotonic() - started < 20


LISTENS = """
import pathlib, sys, time
stop = pathlib.Path(sys.argv[1])
print('{"event": "phase", "name": "training"}', flush=True)
while not stop.exists():
    time.sleep(0.01)
sys.exit(130)
"""
DEAF = 'print(\'{"event": "phase", "name": "training"}\', flush=True); ' + (
    "import time; time.sleep(60)"
)


def test_cancel_asks_by_a_file_and_leaves_none_behind(monkeypatch, tmp_path):
    def listening(arguments, processes):
        stop_file = arguments[arguments.index("--stop-file") + 1]
        return [sys.executable, "-c", LISTENS, stop_file]

    monkeypatch.setattr(training, "command", listening)
    run = TrainingRun(tmp_path)
    run.start()
    events = run.events()
    assert next(events) == Phase("training")
    run.cancel()
    assert [type(event) for event in events] == [Failed]
    assert run.cancelled
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["training.log"]


def test_a_deaf_process_is_killed_after_the_grace(script, tmp_path):
    script(DEAF)
    run = TrainingRun(tmp_path, grace=0.2)
    run.start()
    events = run.events()
    next(events)
    started = time.monotonic()
    run.cancel()
    assert "stopped" in next(events).sentence
    assert time.monotonic() - started < 10


def test_whoever_stops_listening_ends_the_run(script, tmp_path):
    script(DEAF)
    run = TrainingRun(tmp_path, grace=0.2)
    run.start()
    events = run.events()
    next(events)
    events.close()
    assert run.cancelled


def test_cancelling_before_or_after_does_nothing(script, tmp_path):
    script("pass")
    run = TrainingRun(tmp_path)
    run.cancel()
    heard(run)
    run.cancel()
    assert not run.cancelled


def test_a_project_folder_that_cannot_hold_models_is_refused(tmp_path):
    (tmp_path / "models").write_text("a file is in the way")
    with pytest.raises(TrainingFailed, match="could not start"):
        TrainingRun(tmp_path).start()


def test_the_arguments_say_what_was_asked_for(monkeypatch, tmp_path):
    seen = []

    def remember(arguments, processes):
        seen.extend(arguments)
        return [sys.executable, "-c", "pass"]

    monkeypatch.setattr(training, "command", remember)
    heard(TrainingRun(tmp_path, recipe="full", device="cpu", seed=7, steps=3))
    pairs = dict(zip(seen[1::2], seen[2::2], strict=True))
    assert seen[0] == "retrain"
    assert pairs.pop("--stop-file").startswith(str(tmp_path))
    assert pairs.pop("--enough-file").startswith(str(tmp_path))
    assert pairs == {
        "--project": str(tmp_path),
        "--recipe": "full",
        "--device": "cpu",
        "--seed": "7",
        "--steps": "3",
    }


def test_run_lines_yields_what_is_printed_and_raises_what_went_wrong(script, capsys):
    script("import sys; print('a'); sys.stderr.write('1/2\\n2/2\\n'); print('b')")
    assert list(run_lines(["evaluate"])) == ["a", "b"]
    assert capsys.readouterr().err == "1/2\n2/2\n"
    script("import sys; print('a'); sys.stderr.write('1/2\\nNo images.\\n'); sys.exit(2)")
    lines = run_lines(["evaluate"])
    assert next(lines) == "a"
    with pytest.raises(TrainingFailed, match=r"^No images\.$"):
        next(lines)
    assert capsys.readouterr().err == "1/2\n", "the sentence is told by whoever catches the error"


@dataclass
class Row:
    id: int
    name: str
    active: bool = False


@dataclass
class FakeProject:
    """Stand in for the store: remembers what was registered and activated."""

    folder: Path
    rows: list = field(default_factory=list)
    kept: dict = field(default_factory=dict)

    @property
    def versions(self):
        return self

    @property
    def settings(self):
        return self

    def set(self, key, value):
        self.kept[key] = value

    def active(self):
        return self.kept.get("active")

    def add(self, name, **values):
        self.kept["added"] = {"name": name, **values}
        self.rows.append(Row(1, name))
        return self.rows[0]

    def activate(self, row_id):
        self.rows[0].active = row_id == 1
        return self.rows[0]


@pytest.fixture
def fake(tmp_path):
    folder = tmp_path / "models" / "v1"
    folder.mkdir(parents=True)
    run = {
        "parent": None,
        "recipe": "quick",
        "metrics": {"share": 1.0},
        "split": {"train": ["a"], "held_out": ["b"]},
    }
    (folder / "run.json").write_text(json.dumps(run))
    return FakeProject(tmp_path)


@pytest.mark.parametrize(
    ("policy", "better", "active"),
    [
        ("auto", True, True),
        ("auto", False, False),
        ("never", True, False),
        ("always", False, True),
    ],
)
def test_finish_registers_always_and_activates_by_policy(fake, policy, better, active):
    finished = Finished(str(fake.folder / "models" / "v1"), better, "Reason.", 0.1, 0.2)
    row = finish(fake, finished, activate=policy)
    assert row.active is active
    assert fake.kept["added"]["name"] == "v1"
    assert fake.kept["added"]["recipe"] == "quick"
    assert fake.kept["added"]["folder"] == fake.folder / "models" / "v1"
    assert fake.kept["training.split"] == {"train": ["a"], "held_out": ["b"]}


@pytest.mark.parametrize("policy", ["auto", "always"])
def test_a_version_that_was_overtaken_is_used_only_by_order(fake, policy):
    fake.kept["active"] = Row(7, "v7")
    finished = Finished(str(fake.folder / "models" / "v1"), True, "Better.", 0.1, 0.2)
    row = finish(fake, finished, activate=policy)
    assert row.active is (policy == "always")
    reason = fake.kept["added"]["metrics"]["reason"]
    assert reason.startswith("Better. Another version came into use meanwhile")


def test_finish_refuses_a_folder_without_a_run(fake):
    with pytest.raises(TrainingFailed, match="no finished model version"):
        finish(fake, Finished("models/v9", activate=True, reason="", before=0, after=1))
    assert fake.rows == []
