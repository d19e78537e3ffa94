"""How image and masks look, the navigator, the zoom: on the real window."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cascadeclip.app.canvas import settling
from cascadeclip.app.canvas.navigator import Navigator
from cascadeclip.app.canvas.strip import Strip
from cascadeclip.app.presenters import review
from cascadeclip.app.window.assembly import Assembly

Key, Left = Qt.Key, Qt.MouseButton.LeftButton


@pytest.fixture
def canvas(gui):
    return gui.window.canvas


@pytest.fixture
def strip(canvas):
    return canvas.findChild(Strip)


@pytest.fixture
def navigator(canvas):
    return canvas.findChild(Navigator)


def trigger(gui, name):
    gui.window.actions_table.by_name[name].trigger()


def colour(canvas, x, y):
    """The colour on the screen of image pixel x, y."""
    here = canvas.placement
    at = QPoint(round(here.x + (x + 0.5) * here.scale), round(here.y + (y + 0.5) * here.scale))
    image = canvas.grab().toImage()
    return image.pixelColor(at * image.devicePixelRatio()).getRgb()[:3]


def test_the_strip_changes_how_masks_look_and_no_mask_is_laid_out_again(
    gui, wait, canvas, strip, monkeypatch
):
    gui.review.accept_all()
    wait()
    QTest.qWait(2 * settling.MILLISECONDS)
    composed = []
    monkeypatch.setattr(review, "compose", lambda *a, **k: composed.append(a))
    before = colour(canvas, 24, 24)
    strip.sliders["opacity"].setValue(0)
    assert colour(canvas, 24, 24) == (255, 0, 0) != before
    strip.sliders["opacity"].setValue(100)
    assert colour(canvas, 24, 24) not in ((255, 0, 0), before)
    wait()
    assert composed == []


def test_brightness_is_seen_and_neither_stored_nor_in_the_pixels(gui, canvas, strip):
    pixels = gui.state.pixels.copy()
    strip.sliders["brightness"].setValue(40)
    assert colour(canvas, 48, 60) == (51, 51, 51)
    assert np.array_equal(gui.state.pixels, pixels)
    strip.again.click()
    assert colour(canvas, 48, 60) == (0, 0, 0)
    assert strip.sliders["brightness"].value() == 0


def test_the_strip_folds_up_and_stays_in_its_corner(gui, canvas, strip):
    low = strip.height()
    trigger(gui, "look")
    assert strip.height() > low
    assert strip.geometry().bottom() == canvas.height() - 13
    strip.button.click()
    assert strip.height() == low
    assert not gui.window.actions_table.by_name["look"].isChecked()


def test_what_is_set_is_there_the_next_time_but_the_brightness(gui, strip):
    strip.sliders["opacity"].setValue(70)
    strip.sliders["brightness"].setValue(30)
    strip.outlines.setChecked(False)
    trigger(gui, "navigator")
    gui.window.close()
    again = Assembly(version="0", asking=None)
    look = again.window.canvas.look
    assert (look.opacity, look.outlines, look.brightness) == (0.7, False, 0)
    assert again.window.actions_table.by_name["navigator"].isChecked()
    again.window.close()


def test_the_navigator_shows_the_part_in_sight_and_brings_the_view_elsewhere(
    gui, canvas, navigator
):
    assert not navigator.isVisible()
    QTest.keyClick(gui.window, Key.Key_F9)
    assert navigator.isVisible()
    assert navigator.seen().width() == pytest.approx(navigator.width() - 2)
    canvas.zoom_by(8)
    assert navigator.seen().width() < navigator.width() / 2
    QTest.mouseClick(navigator, Left, pos=QPoint(navigator.width() // 4, navigator.height() // 4))
    x, y = canvas.placement.to_image(canvas.width() / 2, canvas.height() / 2)
    assert (x, y) == pytest.approx((96 / 4, 64 / 4), abs=1)
    assert gui.state.annotations == ()
    QTest.keyClick(gui.window, Key.Key_F9)
    assert not navigator.isVisible()


def test_u_shades_what_nothing_covers_until_the_image_is_reviewed(gui, wait, canvas):
    gui.review.accept_all()
    wait()
    ground = canvas.ground
    assert not ground.look.veiled
    QTest.keyClick(canvas, Key.Key_U)
    assert ground.look.veiled
    gui.images.toggle_reviewed()
    wait()
    assert not ground.look.veiled


def test_ctrl_h_hides_masks_also_when_the_focus_goes_and_m_was_held(gui, wait, canvas):
    gui.review.accept_all()
    wait()
    trigger(gui, "hide_masks")
    QTest.keyPress(canvas, Key.Key_M)
    QTest.keyRelease(canvas, Key.Key_M)
    gui.window.words.field.setFocus()
    assert colour(canvas, 24, 24) == (255, 0, 0)
    trigger(gui, "hide_masks")
    assert colour(canvas, 24, 24) != (255, 0, 0)


def point(canvas, at):
    """Move the pointer there, whatever the platform makes of it."""
    at, none = QPointF(at), Qt.MouseButton.NoButton
    kind, held = QEvent.Type.MouseMove, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, at, canvas.mapToGlobal(at), none, none, held)
    QApplication.sendEvent(canvas, event)


def test_the_status_bar_tells_the_colour_under_the_pointer(gui, canvas):
    here = canvas.placement
    point(canvas, QPoint(int(here.x + 24.5 * here.scale), int(here.y + 24.5 * here.scale)))
    assert gui.window.status.pointer.text() == "24, 24  255 0 0"
    point(canvas, QPoint(1, 1))
    assert "  " not in gui.window.status.pointer.text()


def test_the_image_is_shown_up_to_6400_per_cent_with_its_pixels_as_tiles(canvas):
    canvas.zoom_by(1e9)
    assert canvas.placement.scale == 64
    canvas.set_peek(True)
    canvas.look_at(8.0, 24.5)
    image = canvas.grab().toImage()
    ratio, y = image.devicePixelRatio(), canvas.height() // 2
    row = [image.pixelColor(int(x * ratio), int(y * ratio)).red() for x in range(canvas.width())]
    middle = canvas.width() // 2
    assert set(row[middle - 60 : middle - 4]) == {0}
    assert len(set(row[middle + 6 : middle + 60])) == 1


def test_fit_width_fills_the_view_from_side_to_side(canvas, gui):
    trigger(gui, "fit_width")
    assert canvas.placement.scale * 96 == pytest.approx(canvas.width() - 32)
    gui.window.resize(gui.window.width() - 60, gui.window.height())
    assert canvas.placement.scale * 96 == pytest.approx(canvas.width() - 32)


@pytest.mark.parametrize("motion", [True, False])
def test_an_accepted_mask_settles_in_120_ms_or_at_once_without_motion(
    gui, wait, canvas, monkeypatch, motion
):
    if not motion:
        trigger(gui, "reduce_motion")
    seen = []
    fade = canvas.ground.fade
    monkeypatch.setattr(canvas.ground, "fade", lambda fading: (seen.append(fading), fade(fading)))
    gui.review.accept_all()
    wait()
    QTest.qWait(3 * settling.MILLISECONDS)
    if motion:
        opacities = [value for fading in seen for value in fading.values()]
        assert min(opacities) < 0.3
        assert all(0.2 <= value <= 0.45 for value in opacities)
    assert seen[-1] == {}
    assert len(seen) > 2 if motion else len(seen) == 1


def test_where_the_style_moves_nothing_masks_do_not_either(qapp, monkeypatch):
    assert settling.motion_wanted()
    still = type("Still", (), {"styleHint": lambda self, hint: 0})()
    monkeypatch.setattr(QApplication, "style", lambda: still)
    assert not settling.motion_wanted()


class Painted(QObject):
    """Write down which part of a widget is painted."""

    def __init__(self, widget):
        super().__init__(widget)
        self.places = []
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint:
            self.places.append(event.rect())
        return False


def test_moving_the_pointer_paints_the_pointer_and_nothing_else(gui, wait, canvas):
    gui.review.accept_all()
    wait()
    QTest.qWait(2 * settling.MILLISECONDS)
    QTest.keyClick(canvas, Key.Key_B)
    canvas.set_brush(size=4)
    QTest.mouseMove(canvas, QPoint(200, 150))
    QTest.qWait(20)
    painted = Painted(canvas)
    canvas.ground.drawn.clear()
    for x in range(200, 260, 6):
        QTest.mouseMove(canvas, QPoint(x, 150))
        QApplication.processEvents()
    assert len(painted.places) >= 5
    assert all(max(place.width(), place.height()) < 80 for place in painted.places)
    assert canvas.ground.drawn == []
    QTest.mousePress(canvas, Left, pos=QPoint(260, 150))
    for x in range(266, 400, 6):
        QTest.mouseMove(canvas, QPoint(x, 150))
        QApplication.processEvents()
    assert len(canvas.ground.drawn) > 10
    assert all(place.width() < 120 for place in canvas.ground.drawn)
    QTest.mouseRelease(canvas, Left, pos=QPoint(400, 150))
    wait()
