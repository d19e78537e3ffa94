"""Icons are sharp on every screen and follow light and dark."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QPushButton

from cascadeclip.app.theme import Theme, icon, palette


def inks(image):
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    colours = (image.pixelColor(x, y) for x, y in places)
    return {colour.name() for colour in colours if colour.alpha() == 255}


@pytest.fixture
def restored(qapp):
    before = QPalette(qapp.palette())
    yield qapp
    qapp.setPalette(before)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_an_icon_has_a_pixel_for_each_of_the_screen(qapp, ratio):
    image = icon("brush").pixmap(QSize(20, 20), ratio).toImage()
    assert image.size() == QSize(20, 20) * ratio
    assert image.devicePixelRatio() == ratio


def test_an_icon_there_already_follows_the_scheme(restored):
    brush = icon("brush")
    for dark in (False, True, False):
        restored.setPalette(palette(dark=dark))
        wanted = palette(dark=dark).color(QPalette.ColorRole.WindowText)
        assert inks(brush.pixmap(QSize(40, 40)).toImage()) == {QColor(wanted).name()}


def test_a_style_sheet_follows_the_scheme_too(restored, qtbot):
    theme = Theme(restored)
    button = QPushButton("x")
    qtbot.addWidget(button)
    button.resize(60, 30)
    button.show()
    grounds = []
    for dark in (False, True, False):
        theme.use(dark=dark)
        grounds.append(button.grab().toImage().pixelColor(8, 15).name())
    restored.setStyleSheet("")
    assert grounds == [
        palette(dark=dark).color(QPalette.ColorRole.Button).name() for dark in (False, True, False)
    ]
