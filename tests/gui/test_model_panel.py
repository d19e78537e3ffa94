"""The model panel, the dialog that gets models, and two versions side by side."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cascadeclip.app.panels.comparing import CompareDialog
from cascadeclip.app.panels.models import NO_PROJECT
from cascadeclip.app.panels.weights import WeightsDialog
from cascadeclip.app.presenters import models as presenter
from cascadeclip.app.presenters.models import Weights

Key, Button = Qt.Key, Qt.MouseButton
HERE = Weights("own", "", 1, "MIT", target="/x", here=True)
THERE = Weights(
    "ViT-B-16", "openai", 350_000_000, "MIT", True, "https://host/ViT-B-16.pt", "/x", "its digest",
    False, 50_000_000, "5806e77c",
)  # fmt: skip


@pytest.fixture
def versions(gui, wait):
    """Give the project two versions, the second grown from the first and in use."""
    versions, folder = gui.state.project.versions, gui.state.project.folder / "models"
    for name, parent in (("v1", "mini-1"), ("v2", "v1")):
        (folder / name).mkdir(parents=True)
        metrics = {"before": {"miou": 0.4}, "after": {"miou": 0.5}} if name == "v2" else {}
        row = versions.add(name, folder=folder / name, parent=parent, recipe="quick",
                           metrics=metrics)  # fmt: skip
    versions.activate(row.id)
    return versions


@pytest.fixture
def panel(gui, wait):
    panel = gui.features["ModelChoice"].panel
    QTest.keyClick(gui.window, Key.Key_F8)
    wait()
    return panel


def texts(item):
    return [texts(item.child(at)) for at in range(item.childCount())], item.text(0), item.text(1)


def test_the_panel_tells_which_model_speaks_and_how_fast(gui, panel, wait):
    assert panel.name.text() == "colours v1"
    facts = {name: label.text() for name, label in panel.facts.items()}
    assert facts["Device"] == "Processor"
    assert facts["Runs by"] == "torch cpu: a small model"
    assert facts["Memory"].endswith("of features")
    assert facts["Last encode"].endswith(" ms")
    assert facts["Last decode"].endswith(" ms")
    assert panel.note.text() == "This model sees colours only."
    gui.window.docks["model"].close()
    assert not panel.isVisible()
    QTest.keyClick(gui.window, Key.Key_F8)
    assert panel.isVisible()


def test_versions_hang_below_the_ones_they_were_grown_from(versions, gui, panel, wait):
    root = panel.tree.topLevelItem(0)
    assert texts(root) == ([([([], "v2  (in use)", "40.0 to 50.0")], "v1", "")], "mini", "")
    first = root.child(0)
    assert "Grown from mini-1" in first.toolTip(0)
    assert not panel.activate_button.isEnabled()
    first.setSelected(True)
    QTest.mouseClick(panel.activate_button, Button.LeftButton)
    wait()
    assert versions.active().name == "v1"
    assert panel.tree.topLevelItem(0).child(0).text(0) == "v1  (in use)"
    QTest.mouseClick(panel.back_button, Button.LeftButton)
    wait()
    assert versions.active().name == "v2"


def test_the_bundled_model_alone_has_nothing_to_go_back_to(gui, panel, wait):
    assert panel.tree.topLevelItem(0).text(0) == "mini  (in use)"
    assert not panel.back_button.isEnabled()
    assert not panel.compare_button.isEnabled()


def test_a_project_that_is_only_read_keeps_its_model(versions, panel):
    panel.tree.topLevelItem(0).child(0).setSelected(True)
    assert panel.activate_button.isEnabled()
    panel.show_refusal("Another program has it.")
    assert not panel.activate_button.isEnabled()
    assert not panel.back_button.isEnabled()
    assert panel.compare_button.isEnabled()


def test_two_versions_stand_side_by_side(versions, gui, panel, wait):
    comparing = gui.features["ModelChoice"].comparing
    comparing._open = lambda folder, device: gui.state.engine
    QTest.mouseClick(panel.compare_button, Button.LeftButton)
    wait()
    dialog = gui.window.findChild(CompareDialog)
    assert [box.currentText() for box in dialog.choices] == ["v1", "v2"]
    assert dialog.said.text() == "The two say the same on 100 % of the pixels."
    assert [facts.text()[:14] for facts in dialog.facts] == ["2 suggestions,"] * 2
    assert all(picture.image.width() > 300 for picture in dialog.pictures)
    dialog.choices[0].setFocus()
    QTest.keyClick(dialog.choices[0], Key.Key_Up)
    wait()
    assert dialog.choices[0].currentText() == "mini (bundled)"
    QTest.keyClick(dialog, Key.Key_Escape)


@pytest.fixture
def dialog(gui, wait, monkeypatch):
    monkeypatch.setattr(presenter, "known_weights", lambda: (THERE, HERE))
    gui.do("get_clip")
    wait()
    dialog = gui.window.findChild(WeightsDialog)
    yield dialog
    dialog.close()


def test_weights_tell_size_licence_place_and_digest_before_anything_is_fetched(dialog):
    facts = {name: line.text() for name, line in dialog.facts.items()}
    assert facts == {
        "Size": "350 MB, 50 MB of it here already",
        "Licence": "MIT (not for commercial use)",
        "From": "https://host/ViT-B-16.pt",
        "To": "/x",
        "Checked": "against its digest",
        "SHA-256": "5806e77c",
    }
    assert dialog.fetch.text() == "Download"
    dialog.choice.setFocus()
    QTest.keyClick(dialog.choice, Key.Key_Down)
    assert dialog.fetch.text() == "Use it"


def test_progress_cancel_and_trying_again(dialog, gui):
    wanted, stopped = [], []
    gui.features["ModelChoice"].models.download = wanted.append
    dialog.download_wanted.connect(wanted.append)
    dialog.stop_wanted.connect(lambda: stopped.append(1))
    dialog.show_progress("Downloading ViT", 100_000_000, 350_000_000)
    assert dialog.said.text() == "Downloading ViT: 100 MB of 350 MB"
    assert dialog.bar.isVisible()
    assert not dialog.file.isEnabled()
    QTest.mouseClick(dialog.stop, Button.LeftButton)
    assert stopped == [1]
    dialog.show_end("The host is away: try again later.", trouble=True)
    assert not dialog.bar.isVisible()
    assert dialog.fetch.text() == "Try again"
    assert dialog.fetch.isEnabled()


def test_without_a_project_the_panel_says_so(bare, wait):
    feature = bare.features["ModelChoice"]
    feature.panel.show_speaking(feature._speaking())
    assert feature.panel.name.text() == NO_PROJECT
