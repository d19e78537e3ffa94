"""Retraining from the menu, with a process of our own that tells a short story."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from cascadeclip.app.language import use_language
from cascadeclip.app.panels.curves import HIGH, OTHERS
from cascadeclip.app.panels.models import ModelPanel
from cascadeclip.app.panels.training import TrainingPanel
from cascadeclip.app.presenters import training as module
from cascadeclip.app.presenters.ladder import Proposal
from cascadeclip.app.presenters.training import Progress, Result
from cascadeclip.app.training import (
    Checked,
    Collected,
    Compared,
    Failed,
    Finished,
    Measured,
    Phase,
    Step,
    from_json,
    to_json,
)
from cascadeclip.core.project import VersionRow

COLLECTED = Collected(
    complete=3, partial=1, held_out=2, masks=9, rejected=4, words={"cat": 9.0}, protected=["dog"]
)
COMPARED = Compared(
    words={"cat": [0.5, 0.7], "dog": [0.3, 0.2]}, protected=["dog"], boundary=[0.4, 0.5],
    confused=[["cat", "dog", 0.2]], worst=[[7.0, 0.6, 0.4]], share=0.75, agreement=0.995,
)  # fmt: skip

NARROW = 340
"""Pixels the docks have in a window of 1000."""

WRITER = """
import json, pathlib, sys, time
folder, wait = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
lines = json.loads(sys.argv[3])
for line in lines[:3]:
    print(line, flush=True)
while wait.exists():
    if (folder / "stop").exists():
        print(json.dumps({"event": "failed", "sentence": "Training was stopped."}), flush=True)
        sys.exit(1)
    time.sleep(0.01)
version = folder / "models" / "try-1"
version.mkdir(parents=True, exist_ok=True)
run = {"parent": None, "recipe": "quick", "metrics": {"before": 0.4, "after": 0.6}, "split": {}}
(version / "run.json").write_text(json.dumps(run))
for line in lines[3:]:
    print(line, flush=True)
"""

STORY = (
    Phase("training"),
    Checked(0, 2, 0.95),
    Step(1, 2, 0.9),
    Step(2, 2, 0.5),
    Measured("before", 0.4, {"red": 0.5, "blue": 0.3}),
    Measured("after", 0.6, {"red": 0.55, "blue": 0.7}),
)


class Stub:
    """Run the story in a real process, held up until the gate file is gone."""

    def __init__(self, folder, gate, events):
        self._folder, self._gate = folder, gate
        lines = json.dumps([to_json(event) for event in events])
        self._command = [sys.executable, "-c", WRITER, str(folder), str(gate), lines]
        self._process = None

    def start(self):
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)

    def events(self):
        with self._process as process:
            for line in process.stdout:
                yield from_json(line)

    def cancel(self):
        (self._folder / "stop").touch()

    def stop_here(self):
        self._gate.unlink()


@pytest.fixture
def gate(tmp_path):
    path = tmp_path / "gate"
    path.touch()
    return path


@pytest.fixture
def end():
    return Finished("models/try-1", activate=True, reason="It is better.", before=0.4, after=0.6)


@pytest.fixture
def training(gui, gate, end, refreshed, monkeypatch):
    gui.training._make_run = lambda folder, recipe: Stub(folder, gate, (*STORY, end))
    monkeypatch.setattr(gui.batch, "prelabel", lambda: refreshed.append(1))
    return gui.training


@pytest.fixture
def refreshed():
    """Return a list that grows when all unreviewed images are to be looked at again."""
    return []


def retrain(gui):
    gui.do("retrain")
    gui.window.training.start_button.click()


def table(gui):
    rows = gui.window.training.table
    return [
        [rows.item(row, column).text() for column in range(4)] for row in range(rows.rowCount())
    ]


def test_retraining_ends_in_a_table_and_the_new_version_speaks(
    gui, training, gate, wait, qtbot, loads, refreshed
):
    panel = gui.window.training
    gui.window.actions_table.by_name["retrain"].trigger()
    assert gui.window.docks["training"].isVisible()
    wait()
    panel.start_button.click()
    qtbot.waitUntil(lambda: panel._steps.text().startswith("Step 1 of 2, loss 0.900"))
    assert panel.cancel_button.isVisible()
    gate.unlink()
    wait()
    assert table(gui) == [
        ["All words", "40.0", "60.0", "+20.0"],
        ["blue", "30.0", "70.0", "+40.0"],
        ["red", "50.0", "55.0", "+5.0"],
    ]
    assert "The new version is in use" in panel.result.said.text()
    assert "It is better." in panel.result.said.text()
    assert not panel.activate_button.isEnabled()
    assert gui.state.project.versions.active().name == "try-1"
    assert len(loads) == 2
    assert len(refreshed) == 1


def test_the_old_one_can_be_kept(gui, training, gate, wait, loads):
    gate.unlink()
    retrain(gui)
    wait()
    gui.window.training.keep_button.click()
    wait()
    assert gui.state.project.versions.active() is None
    assert [row.name for row in gui.state.project.versions.all()] == ["try-1"]
    assert len(loads) == 3
    assert gui.window.training.activate_button.isEnabled()
    gui.window.training.activate_button.click()
    wait()
    assert gui.state.project.versions.active().name == "try-1"


@pytest.mark.parametrize(
    "end", [Finished("models/try-1", activate=False, reason="It is worse.", before=0.6, after=0.4)]
)
def test_a_worse_version_is_not_used(gui, training, gate, wait, loads, refreshed):
    gate.unlink()
    retrain(gui)
    wait()
    assert gui.state.project.versions.active() is None
    assert "The old model stays in use" in gui.window.training.result.said.text()
    assert len(loads) == 1
    assert refreshed == []


def test_a_run_can_be_stopped_while_the_window_stays_usable(gui, training, gate, wait, qtbot):
    panel = gui.window.training
    retrain(gui)
    qtbot.waitUntil(lambda: panel._steps.text().startswith("Step 1"))
    gui.review.accept()
    qtbot.waitUntil(lambda: len(gui.state.annotations) == 1 and gui.state.annotations[0].id)
    panel.cancel_button.click()
    assert not panel.cancel_button.isEnabled()
    wait()
    assert panel._phase.text() == "Training was stopped."
    assert panel.start_button.isVisible()
    assert gui.state.project.versions.all() == []


def test_a_run_can_end_early_and_keep_what_it_has_learnt(gui, training, wait, qtbot):
    panel = gui.window.training
    assert not panel.here_button.isVisibleTo(panel)
    retrain(gui)
    qtbot.waitUntil(lambda: panel._steps.text().startswith("Step 1"))
    assert panel.here_button.isVisibleTo(panel)
    panel.here_button.click()
    wait()
    assert "The new version is in use" in panel.result.said.text()


@pytest.mark.parametrize("end", [Failed("There is no reviewed image to learn from.")])
def test_a_run_that_fails_says_why(gui, training, gate, wait):
    gate.unlink()
    retrain(gui)
    wait()
    assert gui.window.training._phase.text() == "There is no reviewed image to learn from."


def test_closing_the_window_stops_the_run(gui, training, qtbot):
    retrain(gui)
    qtbot.waitUntil(lambda: gui.window.training._steps.text().startswith("Step 1"))
    gui.window.close()
    assert gui.jobs.idle()


def test_versions_are_listed_and_rolled_back(gui, training, gate, wait):
    gate.unlink()
    retrain(gui)
    wait()
    gui.window.actions_table.by_name["model"].trigger()
    wait()
    panel = gui.window.findChild(ModelPanel)
    assert panel.tree.topLevelItem(1).text(0) == "try-1  (in use)"
    panel.back_button.click()
    wait()
    assert gui.state.project.versions.active() is None
    assert panel.tree.topLevelItem(1).text(0) == "try-1"


def test_the_real_run_is_the_default(gui):
    run = gui.training._make_run(gui.state.project.folder, "calibrate")
    assert isinstance(run, module.TrainingRun)
    assert run._arguments[3:5] == ["--recipe", "calibrate"]


def test_what_is_learnt_from_and_what_came_of_it_is_shown(gui, tmp_path):
    panel = gui.window.training
    panel.show_running(Progress(phase="training", collected=COLLECTED))
    told = panel._learnt.text()
    assert "Masks: 9 (cat 9). Rejected suggestions: 4." in told
    assert "Images: 3 complete, 1 partly marked; 2 more only measure." in told
    assert "nobody corrected them: dog" in told
    Image.fromarray(np.full((40, 120, 3), 90, np.uint8)).save(tmp_path / "worst-7.png")
    row = VersionRow(1, "v1", tmp_path, None, "quick", {}, "now", active=False)
    words = (("cat", 0.5, 0.7), ("dog", 0.3, 0.2))
    panel.show_result(Result(row, 0.4, 0.45, words, "But dog lost.", COMPARED))
    assert table(gui)[2] == ["dog (not corrected)", "30.0", "20.0", "-10.0"]
    said = panel.result.more.text()
    assert "Outlines within 2 pixels: 40.0 before, 50.0 after." in said
    assert "cat is taken for dog on 20 % of its pixels." in said
    assert "75 % of the way" in said
    shown = [panel.result.pictures.itemAt(at).widget() for at in range(2)]
    assert shown[0].text() == "Yours, before, after: 60 % right before, 40 % after"
    assert shown[1].picture.width() == 120
    assert (shown[1].heightForWidth(60), shown[1].heightForWidth(300)) == (20, 40)
    assert panel.activate_button.text() == "Use it anyway"
    assert panel.activate_button.isEnabled()


def test_a_proposal_chooses_the_recipe_and_the_person_another(gui, training, qtbot):
    panel = gui.window.training
    panel.show_proposal(Proposal("calibrate", "5 images are reviewed."))
    assert panel.chosen == "calibrate"
    panel.recipe.setCurrentIndex(panel.recipe.findData("full"))
    panel.started.disconnect()
    with qtbot.waitSignal(panel.started) as caught:
        panel.start_button.click()
    assert caught.args == ["full"]


UNDER_WAY = Progress(
    phase="training", step=40, total=80, length=80, collected=COLLECTED,
    losses=[(step, 3 / step) for step in range(1, 41)], checks=[(0, 3.2), (20, 0.9), (40, 0.5)],
)  # fmt: skip


def test_both_curves_are_drawn_and_said(gui):
    panel = gui.window.training
    panel.show_running(UNDER_WAY)
    curves = panel.curves
    assert curves.accessibleName() == "Loss over steps"
    assert curves.accessibleDescription() == (
        "Loss 0.075 after step 40 of 80, 3 at first. "
        "On images that are not learnt from 0.5, 3.2 at first."
    )
    curves.resize(300, 160)
    picture = curves.grab().toImage()
    found = {
        picture.pixelColor(x, y).name()
        for x in range(50, picture.width() // 2)
        for y in range(30, picture.height() - 20)
    }
    assert OTHERS.name() in found
    assert curves.palette().highlight().color().name() in found


@pytest.mark.parametrize("size", [(1000, 700), (1600, 1000)])
def test_no_part_of_a_run_is_cut_off(gui, qtbot, size):
    window, panel = gui.window, gui.window.training
    window.resize(*size)
    gui.do("retrain")
    panel.show_running(UNDER_WAY)
    qtbot.waitUntil(lambda: panel.curves.height() >= HIGH)
    learnt = panel._learnt
    assert learnt.height() >= learnt.heightForWidth(learnt.width())
    area = panel.curves.parentWidget().parentWidget()
    bottom = panel.curves.mapTo(area, panel.curves.rect().bottomLeft()).y()
    assert bottom <= area.height() + panel.curves.height() // 4
    for button in (panel.here_button, panel.cancel_button):
        assert panel.rect().contains(button.mapTo(panel, button.rect().bottomRight()))


@pytest.mark.parametrize("language", ["en", "de", "zh_CN"])
def test_a_result_makes_no_window_wider(gui, qapp, qtbot, tmp_path, language):
    use_language(qapp, language)
    panel = TrainingPanel()
    use_language(qapp, "en")
    qtbot.addWidget(panel)
    Image.fromarray(np.full((90, 900, 3), 90, np.uint8)).save(tmp_path / "worst-7.png")
    row = VersionRow(1, "v1", tmp_path, None, "quick", {}, "now", active=False)
    panel.show_result(Result(row, 0.4, 0.45, (("cat", 0.5, 0.7),), "But dog lost.", COMPARED))
    inner = panel.result.said.parentWidget()
    assert inner.minimumSizeHint().width() <= NARROW
    assert panel.minimumSizeHint().width() <= NARROW
