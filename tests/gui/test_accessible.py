"""Everything that can have the focus or be pressed has a name to be read aloud."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QDialog,
    QDockWidget,
    QMenu,
    QMenuBar,
    QPushButton,
    QScrollBar,
    QWidget,
)

# Each window-modal dialog that an action opens without asking the system for one.
DIALOGS = ("keys", "change_keys", "templates", "sweep")


def nameless(top):
    """List what can have the focus or be pressed and says nothing to a screen reader."""
    found = []
    for widget in top.findChildren(QWidget):
        # Parts that Qt makes for itself speak through their owner.
        if widget.objectName().startswith("qt_") or isinstance(
            widget, QScrollBar | QMenu | QMenuBar
        ):
            continue
        if isinstance(widget.parent(), QDockWidget | QAbstractScrollArea):
            continue
        if widget.parent().metaObject().className() == "QComboBoxPrivateContainer":
            continue
        pressed = isinstance(widget, QAbstractButton)
        if not pressed and widget.focusPolicy() is Qt.FocusPolicy.NoFocus:
            continue
        spoken = QAccessible.queryAccessibleInterface(widget)
        name = spoken.text(QAccessible.Text.Name) if spoken is not None else ""
        if not name.strip():
            found.append(
                f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
            )
    return found


def test_the_start_page_and_the_work_page_have_names(gui):
    assert not nameless(gui.window), "\n".join(nameless(gui.window))


def test_dialogs_have_names(gui, wait):
    for name in DIALOGS:
        gui.do(name)
        wait()
        for dialog in gui.window.findChildren(QDialog):
            assert nameless(dialog) == [], name
            assert dialog.windowTitle()
            dialog.close()


def test_a_planted_nameless_button_is_seen(gui):
    QPushButton(gui.window.start).setObjectName("planted")
    assert any("planted" in one for one in nameless(gui.window))


def test_what_can_be_pressed_on_the_work_page_can_be_reached_by_tab(gui):
    out_of_reach = []
    for button in gui.window.findChildren(QAbstractButton):
        name = button.objectName()
        if (
            not button.isVisibleTo(gui.window)
            or name.startswith("qt_")
            or button.parent() is gui.window.tools
        ):
            continue  # the tool bar's have keys and rows in the menus
        if not button.focusPolicy() & Qt.FocusPolicy.TabFocus:
            out_of_reach.append(f"{type(button).__name__} {name} {button.accessibleName()}")
    assert out_of_reach == []
