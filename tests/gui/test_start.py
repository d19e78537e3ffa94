"""The start page says how far each project is; the tour shows the real window."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from cascadeclip.app.window.assembly import Assembly
from cascadeclip.app.window.tour import beside
from cascadeclip.core.project import Project


@pytest.fixture
def fresh(gui, folder, wait, qtbot):
    """Accept one mask, review an image, close, and open the program again."""
    gui.do("accept")
    gui.do("reviewed")
    wait()
    gui.window.close()
    again = Assembly(version="0")
    qtbot.addWidget(again.window)
    again.window.show()
    qtbot.waitUntil(again.jobs.idle, timeout=10_000)
    yield again
    again.window.close()


def test_a_recent_project_shows_how_far_it_is(fresh, folder, qtbot):
    card = fresh.window.start.cards[folder]
    assert card.said == "1 of 3 reviewed, 1 masks"
    assert card._image is not None
    assert card.accessibleName() == f"Open {folder.name}"
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: fresh.state.image is not None, timeout=10_000)
    qtbot.waitUntil(fresh.jobs.idle, timeout=10_000)
    assert fresh.state.project.folder == folder


def test_a_damaged_recent_project_is_a_card_without_numbers(bare, tmp_path, wait):
    lost = tmp_path / "lost"
    lost.mkdir()
    (lost / "project.db").write_bytes(b"nothing")
    bare.recent.add(lost)
    bare.features["Projects"].start()
    wait()
    assert bare.window.start.cards[lost].said == ""


def test_the_tour_goes_from_part_to_part_and_back(gui):
    gui.do("tour")
    tour = gui.features["Projects"].tour
    titles = [tour.title.text()]
    while tour.at < 5:
        tour.next.click()
        titles.append(tour.title.text())
        hole = tour._shade.hole
        assert hole.isValid()
        assert gui.window.rect().contains(tour.geometry())
    assert len(set(titles)) == 6
    tour.back.click()
    assert tour.title.text() == titles[4]
    tour.next.click()
    tour.next.click()
    assert gui.features["Projects"].tour is None
    assert gui.window.canvas.hasFocus()


def test_the_tour_is_skipped_with_escape_and_the_window_works_meanwhile(gui, wait):
    gui.do("tour")
    tour = gui.features["Projects"].tour
    here = gui.window.canvas.placement
    at = QPoint(round(here.x + 24 * here.scale), round(here.y + 24 * here.scale))
    QTest.mouseClick(gui.window.canvas, Qt.MouseButton.LeftButton, pos=at)
    wait()
    with Project.open(gui.state.project.folder, read_only=True) as project:
        assert project.annotations.count() == 1
    tour.setFocus()
    QTest.keyClick(tour, Qt.Key.Key_Escape)
    assert gui.features["Projects"].tour is None


@pytest.mark.parametrize(
    "part",
    [QRect(0, 0, 800, 40), QRect(0, 560, 800, 40), QRect(700, 0, 100, 600), QRect(0, 0, 60, 600)],
)
def test_the_card_lies_beside_its_part(part):
    card, whole = QRect(0, 0, 340, 150), QRect(0, 0, 800, 600)
    place = QRect(beside(part, card, whole), card.size())
    assert whole.contains(place)
    assert not place.intersects(part)
