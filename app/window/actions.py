"""Everything the menus and keys can do, as one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from cascadeclip.app.theme import icon


@dataclass(frozen=True, slots=True)
class Row:
    """Describe an action: `name` is what the window binds to a function.

    `scope` "image" means that its keys work while the focus is on the image or a list, so that a
    button or field in focus keeps its Enter and Backspace. `needs` names what must be there:
    "", "project" or "image". What `edits` cannot be done in a project that is only read.
    """

    name: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    scope: str = "window"
    needs: str = "image"
    icon: str = ""
    checkable: bool = False
    edits: bool = False


MENUS = ("File", "Edit", "View", "Image", "Model", "Help")
LINE = "-"

ACTIONS = (
    Row("open_folder", "File", "Open folder...", ("Ctrl+O",), needs=""),
    Row("open_project", "File", "Open project...", ("Ctrl+Shift+O",), needs=""),
    Row("open_demo", "File", "Open the demo", needs=""),
    Row("add_images", "File", "Add images...", needs="project", edits=True),
    Row(LINE, "File", ""),
    Row("export_coco", "File", "Export COCO...", ("Ctrl+E",), needs="project"),
    Row(LINE, "File", ""),
    Row("quit", "File", "Quit", ("Ctrl+Q",), needs=""),
    Row("undo", "Edit", "Undo", ("Ctrl+Z",), edits=True),
    Row("redo", "Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), edits=True),
    Row(LINE, "Edit", ""),
    Row("accept", "Edit", "Accept suggestion", ("Return", "Enter"), scope="image", edits=True),
    Row("reject", "Edit", "Reject suggestion", ("Backspace",), scope="image", edits=True),
    Row(
        "accept_all",
        "Edit",
        "Accept all",
        ("Shift+Return", "Shift+Enter"),
        scope="image",
        edits=True,
    ),
    Row("next_suggestion", "Edit", "Next suggestion", ("Tab",), scope="canvas"),
    Row("previous_suggestion", "Edit", "Previous suggestion", ("Shift+Tab",), scope="canvas"),
    Row("delete", "Edit", "Delete mask", ("Delete",), scope="image", edits=True),
    Row("deselect", "Edit", "Deselect", ("Escape",), scope="image"),
    Row(LINE, "Edit", ""),
    Row("select", "Edit", "Select", ("V",), icon="select", checkable=True),
    Row("brush", "Edit", "Brush", ("B",), icon="brush", checkable=True, edits=True),
    Row("eraser", "Edit", "Eraser", ("X",), icon="eraser", checkable=True, edits=True),
    Row("smaller", "Edit", "Smaller brush", ("[",)),
    Row("larger", "Edit", "Larger brush", ("]",)),
    Row(LINE, "Edit", ""),
    Row("type_word", "Edit", "Type a word", ("Ctrl+L",), needs="project"),
    Row(
        "join_words",
        "Edit",
        "Write as one word",
        ("Ctrl+Return", "Ctrl+Enter"),
        needs="project",
        edits=True,
    ),
    Row("zoom_in", "View", "Zoom in", ("Ctrl+=", "Ctrl++")),
    Row("zoom_out", "View", "Zoom out", ("Ctrl+-",)),
    Row("fit", "View", "Fit image", ("Ctrl+F",), icon="fit"),
    Row("actual", "View", "100 %", ("Ctrl+0",)),
    Row("edges", "View", "Outlines follow edges", ("Ctrl+Shift+E",), needs="", checkable=True),
    Row("hide_masks", "View", "Hide masks", ("Ctrl+H",), icon="peek", checkable=True),
    Row(LINE, "View", ""),
    Row("previous", "Image", "Previous image", ("A",), needs="project"),
    Row("next", "Image", "Next image", ("D",), needs="project"),
    Row("reviewed", "Image", "Reviewed", ("K",), edits=True),
    Row("suggest", "Image", "Suggest again", ("Ctrl+I",)),
    Row("templates", "Model", "Templates...", ("Ctrl+T",), needs="project", edits=True),
    Row("retrain", "Model", "Retrain...", ("Ctrl+R",), needs="project", edits=True),
    Row("prelabel", "Model", "Pre-label all images", ("Ctrl+B",), needs="project", edits=True),
    Row("versions", "Model", "Model versions...", needs="project"),
    Row("keys", "Help", "Keys", ("F1",), needs=""),
    Row("about", "Help", "About", needs=""),
)

# Keys that are held or typed on the image itself, for the sheet of keys.
HELD = (
    ("Space", "Hold and drag to move the image"),
    ("M", "Hold to see the image without masks"),
    ("Wheel", "Zoom at the pointer"),
    ("Click", "Accept a suggestion, select a mask"),
    ("1 ... 9, 0", "Word of the selected mask, and of the next one drawn"),
)


class Actions:
    """Make the table's actions for a window and bind them to functions."""

    def __init__(self, window: QMainWindow, calls: Mapping[str, Callable[[], None]]) -> None:
        self._window = window
        self.by_name: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {name: window.menuBar().addMenu(name) for name in MENUS}
        for menu in self.menus.values():
            menu.setToolTipsVisible(True)
        self._tools = QActionGroup(window)
        for row in ACTIONS:
            if row.name == LINE:
                self.menus[row.menu].addSeparator()
            else:
                self._add(row, calls[row.name])

    def attach(self, canvas: QWidget, lists: tuple[QWidget, ...]) -> None:
        """Let the keys of the image work on these widgets only."""
        for row in ACTIONS:
            if row.scope == "image":
                for widget in (canvas, *lists):
                    widget.addAction(self.by_name[row.name])

    def enable(self, *, project: bool, image: bool, refusal: str = "") -> None:
        """Offer only what can be done now; `refusal` says why nothing can be changed, if so."""
        there = {"": True, "project": project, "image": image}
        for row in ACTIONS:
            if row.name == LINE:
                continue
            action, refused = self.by_name[row.name], bool(refusal) and row.edits
            action.setEnabled(there[row.needs] and not refused)
            action.setToolTip(refusal if refused else tip_of(row))
            action.setStatusTip(refusal if refused else "")

    def _add(self, row: Row, call: Callable[[], None]) -> None:
        action = QAction(row.text, self._window)
        action.setObjectName(row.name)
        action.setCheckable(row.checkable)
        if row.icon:
            action.setIcon(icon(row.icon))
        action.triggered.connect(lambda *_: call())
        keys = [QKeySequence(key) for key in row.keys]
        if row.scope == "canvas":
            # Tab belongs to Qt's focus chain everywhere but on the canvas, which takes it itself.
            action.setText(f"{row.text}\t{row.keys[0]}")
        else:
            action.setShortcuts(keys)
        if row.scope == "image":
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setToolTip(tip_of(row))
        if row.name in ("select", "brush", "eraser"):
            self._tools.addAction(action)
        if row.name == "quit":
            action.setMenuRole(QAction.MenuRole.QuitRole)
        self.menus[row.menu].addAction(action)
        self.by_name[row.name] = action


def tip_of(row: Row) -> str:
    """Give the tooltip of an action: what it does and its first key."""
    text = row.text.removesuffix("...")
    return f"{text} ({row.keys[0]})" if row.keys else text
