"""What the model sees: maps of the open image, without the tower running again."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from cascadeclip.app.presenters.sight import likeness, stage_pictures


@pytest.fixture
def sight(gui, wait):
    gui.do("sight")
    wait()
    return gui.features["SightMaps"]


def test_every_stage_every_map_and_doubt_are_there(gui, sight):
    panel = sight.panel
    assert len(panel.views(panel.likeness)) == 1  # one stage of features
    assert [view.accessibleName() for view in panel.views(panel.stages)] == ["M1", "M2", "Sum"]
    assert len(panel.views(panel.doubt)) == 1
    every = [*panel.views(panel.likeness), *panel.views(panel.stages), *panel.views(panel.doubt)]
    assert all(view.shown for view in every)
    assert [panel.words.itemText(at) for at in range(panel.words.count())] == ["red", "blue"]


def test_a_click_and_the_arrows_choose_the_patch_and_nothing_is_encoded(gui, sight, wait):
    encodes = gui.state.engine.encodes
    (view,) = sight.panel.views(sight.panel.likeness)
    place = view._place()
    at = QPoint(round(place.x() + place.width() * 0.25), round(place.y() + place.height() * 0.4))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    wait()
    assert sight.presenter.point == (pytest.approx(0.25, abs=0.02), pytest.approx(0.4, abs=0.02))
    QTest.keyClick(view, Qt.Key.Key_Right)
    wait()
    assert sight.presenter.point[0] == pytest.approx(0.3, abs=0.02)
    assert gui.state.engine.encodes == encodes


def test_another_word_and_another_image_change_the_maps(gui, sight, wait):
    def maps():
        return [view._image for view in sight.panel.views(sight.panel.stages)]

    red = maps()
    sight.panel.words.setCurrentText("blue")
    sight.panel.words.textActivated.emit("blue")
    wait()
    assert maps() != red
    sight.dock.hide()
    before = maps()
    gui.images.step(forward=True)
    wait()
    assert maps() == before  # nobody is looking


def test_likeness_is_the_cosine_with_the_chosen_patch():
    patches = np.zeros((2, 3, 2, 4), np.float32)
    patches[:, 0, :, :2] = 1
    patches[:, 1, :, 2:] = 1
    first, second = likeness(patches, (0.1, 0.9))
    np.testing.assert_allclose(first.values, [[1, 1, 0, 0]] * 2)
    assert (first.low, second.high) == (0, 1)


def test_the_stages_and_their_sum_are_on_one_scale():
    maps = np.stack([np.full((2, 2), -1.0), np.full((2, 2), 3.0)]).astype(np.float32)
    pictures = stage_pictures(maps)
    assert [one.title for one in pictures] == ["M1", "M2", "Sum"]
    assert {(one.low, one.high) for one in pictures} == {(-3.0, 3.0)}
    np.testing.assert_allclose(pictures[-1].values, 2)
