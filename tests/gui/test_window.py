"""The window as a whole: menus, lists, start page, status bar, looks."""

import json
from collections import Counter

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from cascadeclip.app.jobs import Lane
from cascadeclip.app.panels.image_model import ImageModel
from cascadeclip.app.theme import palette
from cascadeclip.app.window.actions import ACTIONS, HELD, LINE, MENUS
from cascadeclip.app.window.assembly import Assembly
from cascadeclip.app.window.key_sheet import KeySheet
from cascadeclip.core import regions
from cascadeclip.core.project import ImageRow, Project
from cascadeclip.core.project.listing import ListRow


def test_no_key_means_two_things():
    keys = Counter(key for row in ACTIONS for key in row.keys)
    keys.update(["M", "Space"])
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_action_is_bound_and_in_a_menu(bare):
    names = [row.name for row in ACTIONS if row.name != LINE]
    assert set(bare._calls()) == set(names)
    for row in ACTIONS:
        if row.name != LINE:
            action = bare.window.actions_table.by_name[row.name]
            menu = bare.window.actions_table.menus.get(row.menu, bare.window)
            assert action in menu.actions()
    assert [action.text() for action in bare.window.menuBar().actions()] == list(MENUS)


def test_the_sheet_of_keys_names_every_key(bare, qtbot):
    sheet = KeySheet(bare.window.actions_table.keys, bare.window)
    qtbot.addWidget(sheet)
    texts = {label.text() for label in sheet.findChildren(QLabel)}
    wanted = [row.text.removesuffix("...") for row in ACTIONS if row.keys and row.menu]
    assert len(wanted) > 20
    assert set(wanted) | {text for _, text in HELD} <= texts
    assert sheet.sizeHint().height() < 720


def test_f1_opens_the_sheet(bare, qtbot):
    QTest.keyClick(bare.window, Qt.Key.Key_F1)
    sheet = bare.window.findChild(KeySheet)
    assert sheet.isVisible()
    sheet.close()


def test_before_a_project_the_start_page_offers_four_ways(bare):
    page = bare.window.start
    assert page.isVisible()
    buttons = [button.text() for button in page.findChildren(QAbstractButton)]
    assert buttons == ["Open folder", "Try the demo", "Open project", "Two-minute tour"]
    enabled = {
        row.name
        for row in ACTIONS
        if row.name != LINE and bare.window.actions_table.by_name[row.name].isEnabled()
    }
    assert {"open_folder", "open_demo", "keys"} <= enabled
    assert not {"accept", "export_coco", "retrain"} & enabled


def test_a_project_is_remembered_on_the_start_page(gui, folder):
    gui.window.start.show_recent(gui.recent.folders())
    names = [button.toolTip() for button in gui.window.start.findChildren(QAbstractButton)]
    assert str(folder) in names


def test_opening_the_same_folder_again_adds_only_what_is_new(gui, folder, wait):
    content = bytearray((folder / "image0.png").read_bytes())
    (folder / "later.png").write_bytes(content + b"later")
    gui.library.open(folder)
    wait()
    assert gui.images.total == 4
    assert len(gui.window.words.chips) == 2


def test_the_status_bar_tells_who_speaks_and_where_one_is(gui):
    status = gui.window.status
    assert status.engine.text() == "colours v1"
    assert status.device.text() == "torch cpu"
    assert status.device.toolTip().endswith("torch cpu: a small model")
    assert status.times.text().startswith("encode ")
    assert status.place.text() == "1/3"
    assert status.zoom.text().endswith(" %")
    assert status.saved.text() == "saved"


def test_the_banner_says_what_the_model_cannot_see_but_not_in_the_demo(gui, folder, wait):
    assert gui.window.banner.isVisible()
    assert gui.window.banner.text == "This model sees colours only."
    (folder / "demo.json").write_text("{}")
    gui.library.open(folder)
    wait()
    assert not gui.window.banner.isVisible()


def test_the_wheel_zooms_at_the_pointer(gui):
    canvas = gui.window.canvas
    at = QPointF(300, 200)
    before = canvas.placement.to_image(at.x(), at.y())
    scale = canvas.placement.scale
    wheel = QWheelEvent(
        at,
        canvas.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, wheel)
    assert canvas.placement.scale > scale
    assert canvas.placement.to_image(at.x(), at.y()) == pytest.approx(before)
    QTest.keyClick(canvas, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert canvas.placement.scale == pytest.approx(1.0)
    QTest.keyClick(canvas, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert canvas.placement.scale == pytest.approx(scale)


def test_space_and_drag_move_the_image(gui):
    canvas = gui.window.canvas
    x = canvas.placement.x
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(canvas, QPoint(130, 100))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(130, 100))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.placement.x == pytest.approx(x + 30)
    assert gui.state.annotations == ()


def test_hovering_names_the_suggestion(gui):
    canvas = gui.window.canvas
    here = canvas.placement
    QTest.mouseMove(canvas, QPoint(int(here.x + 24 * here.scale), int(here.y + 24 * here.scale)))
    assert canvas._hovered.text.startswith("red .")


def test_masks_can_be_seen_on_the_canvas(gui, wait):
    gui.review.accept_all()
    wait()
    canvas = gui.window.canvas
    shown = canvas.grab().toImage()
    canvas.set_peek(True)
    bare = canvas.grab().toImage()
    here = canvas.placement
    inside = QPoint(int(here.x + 24 * here.scale), int(here.y + 24 * here.scale))
    outside = QPoint(int(here.x + 48 * here.scale), int(here.y + 60 * here.scale))
    ratio = canvas.devicePixelRatio()
    assert shown.pixelColor(inside * ratio) != bare.pixelColor(inside * ratio)
    assert shown.pixelColor(outside * ratio) == bare.pixelColor(outside * ratio)


def test_export_coco_holds_the_accepted_masks(gui, wait, asking, tmp_path):
    gui.review.accept_all()
    asking.answers = [tmp_path / "out.json"]
    gui.window.actions_table.by_name["export_coco"].trigger()
    wait()
    exported = json.loads((tmp_path / "out.json").read_text())
    assert len(exported["annotations"]) == 2
    assert [one["name"] for one in exported["categories"]] == ["red", "blue"]


def test_searching_images(gui, wait):
    field = gui.window.images.field
    field.setFocus()
    QTest.keyClicks(field, "image2")
    wait()
    model = gui.window.images.model
    assert [model.row_at(at).image.path for at in range(model.rowCount())] == ["image2.png"]
    QTest.keyClick(field, Qt.Key.Key_Escape)
    wait()
    assert model.rowCount() == 3


def test_the_image_model_keeps_qts_rules_and_few_rows(qapp):
    def rows(first, count):
        numbers = range(first, first + count)
        images = (ImageRow(at, f"{at}.png", 8, 6, 1, str(at), "unreviewed") for at in numbers)
        return [ListRow(image, suggestions=2) for image in images]

    model = ImageModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    asked = []
    model.rows_wanted.connect(asked.append)
    model.reset(300, rows(0, 100))
    assert model.data(model.index(99, 0)) == "99.png"
    for _ in range(2):
        assert model.data(model.index(250, 0)) is None
    asked = [first for first in asked if first == 200]
    assert asked == [200]  # asked for once
    model.put(200, rows(200, 100))
    assert model.data(model.index(250, 0)) == "250.png"
    assert model.data(model.index(250, 0), 3).endswith("has suggestions\nMasks: 0, suggestions: 2")
    tester.deleteLater()
    model = ImageModel()
    model.reset(100_000, rows(0, 100))
    assert model.rowCount() == 100_000
    for first in range(0, 100_000, 1000):
        model.put(first, rows(first, 100))
        assert model.held <= 1600
    model.mark_broken(99_000)
    assert model.data(model.index(99_000, 0), 3).startswith("99000.png, 8 x 6, cannot be opened")
    model.reset(0, [])
    assert model.rowCount() == 0


def test_switching_projects_leaves_nothing_of_the_old_one(gui, folder, tmp_path, wait):
    other = tmp_path / "other"
    other.mkdir()
    (folder / "image0.png").rename(other / "one.png")
    gui.library.open(other)
    wait()
    assert gui.images.total == 1
    assert gui.window.words.chips == ()
    assert gui.state.suggestions == ()
    with Project.open(folder) as project:
        assert project.images.count() == 3


@pytest.mark.parametrize("dark", [False, True])
def test_text_can_be_read_on_every_ground(dark):
    colours = palette(dark=dark)

    def light(colour):
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    for ground in (colours.base(), colours.window(), colours.button()):
        for text in (colours.text(), colours.placeholderText()):
            high, low = sorted((light(ground.color()), light(text.color())), reverse=True)
            assert (high + 0.05) / (low + 0.05) > 4.0


def test_buttons_and_fields_have_names_and_tooltips(gui):
    checked = 0
    for button in gui.window.findChildren(QAbstractButton):
        if button.objectName().startswith("qt_") or not button.isVisible():
            continue
        checked += 1
        assert button.text() or button.accessibleName() or button.toolTip(), button
    assert checked > 8


def test_ctrl_shift_e_lets_outlines_follow_edges_or_not_and_is_remembered(gui, wait, monkeypatch):
    guides = []
    suggest = regions.suggest

    def spied(*arguments, image=None, **options):
        guides.append(image is not None)
        return suggest(*arguments, image=image, **options)

    monkeypatch.setattr(regions, "suggest", spied)
    action = gui.window.actions_table.by_name["edges"]
    assert action.isChecked()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    for follows in (False, True, False):
        QTest.keyClick(gui.window, Qt.Key.Key_E, both)
        wait()
        assert action.isChecked() is follows
        assert gui.state.refine_edges is follows
        assert guides[-1] is follows
    gui.settings.sync()
    again = Assembly(version="0", asking=None)
    assert again.state.refine_edges is False
    assert not again.window.actions_table.by_name["edges"].isChecked()
    again.window.close()


def test_what_the_engine_has_to_say_is_said_on_the_gui_thread(gui, wait, qtbot):
    # From another thread, as an engine that runs out of memory does.
    gui.jobs.run(Lane.WORK, lambda: gui.library._tell("Moved to the processor."))
    wait()
    qtbot.waitUntil(lambda: gui.window.toast.text == "Moved to the processor.")
