"""Make menus, keys and the tool bar from the table of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from cascadeclip.app.theme import icon
from cascadeclip.app.translation import tr
from cascadeclip.app.window import keymap
from cascadeclip.app.window.rows import ACTIONS, HELD, LINE, MENUS, Row

__all__ = ["ACTIONS", "HELD", "LINE", "MENUS", "Actions", "Row"]


def titled(window: QMainWindow) -> dict[str, QMenu]:
    """Make the menus of a window by their names, with nothing in them yet."""
    return {name: window.menuBar().addMenu(tr(name)) for name in MENUS}


def written(key: str) -> str:
    """Give a key as it is written on this system; Return goes by the name of its twin, Enter."""
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    return text.replace("Return", "Enter")


class Actions:
    """Make the table's actions for a window and bind them to functions; fill `menus`."""

    def __init__(
        self,
        window: QMainWindow,
        calls: Mapping[str, Callable[[], None]],
        menus: dict[str, QMenu],
    ) -> None:
        self._window = window
        self._refusal = ""
        self.keys: dict[str, tuple[str, ...]] = {}
        self.by_name: dict[str, QAction] = {}
        self.menus = menus
        for menu in self.menus.values():
            menu.setToolTipsVisible(True)
        self._groups: dict[str, QActionGroup] = {}
        for row in ACTIONS:
            if row.name == LINE:
                self.menus[row.menu].addSeparator()
            else:
                self._add(row, calls[row.name])
        self.set_keys(keymap.preset(keymap.LABELME))

    def attach(self, canvas: QWidget, lists: tuple[QWidget, ...]) -> None:
        """Let the keys of the image work on these widgets only."""
        for row in ACTIONS:
            for widget in {"image": (canvas, *lists), "canvas": (canvas,)}.get(row.scope, ()):
                widget.addAction(self.by_name[row.name])

    def enable(self, *, project: bool, image: bool, refusal: str = "") -> None:
        """Offer only what can be done now; `refusal` says why nothing can be changed, if so."""
        there = {"": True, "project": project, "image": image}
        for row in keymap.rows():
            refused = bool(refusal) and row.edits
            self.by_name[row.name].setEnabled(there[row.needs] and not refused)
        if refusal != self._refusal:  # this is asked for with every image
            self._refusal = refusal
            self._tell()

    def set_keys(self, keys: keymap.Keys) -> None:
        """Give every action these keys from now on, in the menus and tooltips too."""
        self.keys = {row.name: tuple(keys.get(row.name, ())) for row in keymap.rows()}
        for name, some in self.keys.items():
            self.by_name[name].setShortcuts([QKeySequence(key) for key in some])
        self._tell()

    def key_of(self, name: str) -> str:
        """Give the first key of an action as it is written here, empty when it has none."""
        some = self.keys[name]
        return written(some[0]) if some else ""

    def tip(self, name: str, text: str = "") -> str:
        """Give the tooltip of an action: `text`, or what the menu says, and its first key."""
        key = self.key_of(name)
        text = text or self.by_name[name].text().removesuffix("...")
        return f"{text} ({key})" if key else text

    def _tell(self) -> None:
        """Write the tooltips: what it does and its key, or why it cannot be done."""
        for row in keymap.rows():
            action = self.by_name[row.name]
            refused = bool(self._refusal) and row.edits
            action.setToolTip(self._refusal if refused else self.tip(row.name, _plain(row)))
            action.setStatusTip(self._refusal if refused else "")

    def bar(self) -> tuple[tuple[QAction, ...], ...]:
        """Give what belongs on the tool bar: the tools, then the rest."""
        rows = [row for row in ACTIONS if row.icon]
        tools = tuple(self.by_name[row.name] for row in rows if row.group == "tool")
        return tools, tuple(self.by_name[row.name] for row in rows if row.group != "tool")

    def _add(self, row: Row, call: Callable[[], None]) -> None:
        action = QAction(tr(row.text), self._window)
        action.setObjectName(row.name)
        action.setCheckable(row.checkable)
        if row.icon:
            action.setIcon(icon(row.icon))
        action.triggered.connect(lambda *_: call())
        if row.scope != "window":
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        if row.group:
            self._groups.setdefault(row.group, QActionGroup(self._window)).addAction(action)
        if row.name == "quit":
            action.setMenuRole(QAction.MenuRole.QuitRole)
        (self.menus[row.menu] if row.menu else self._window).addAction(action)
        self.by_name[row.name] = action


def _plain(row: Row) -> str:
    return tr(row.text).removesuffix("...")
