"""Make menus, keys and the tool bar from the table of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from cascadeclip.app.theme import icon
from cascadeclip.app.window.rows import ACTIONS, HELD, LINE, MENUS, Row

__all__ = ["ACTIONS", "HELD", "LINE", "MENUS", "Actions", "Row", "tip_of"]


class Actions:
    """Make the table's actions for a window and bind them to functions."""

    def __init__(self, window: QMainWindow, calls: Mapping[str, Callable[[], None]]) -> None:
        self._window = window
        self.by_name: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {name: window.menuBar().addMenu(name) for name in MENUS}
        for menu in self.menus.values():
            menu.setToolTipsVisible(True)
        self._groups: dict[str, QActionGroup] = {}
        for row in ACTIONS:
            if row.name == LINE:
                self.menus[row.menu].addSeparator()
            else:
                self._add(row, calls[row.name])

    def attach(self, canvas: QWidget, lists: tuple[QWidget, ...]) -> None:
        """Let the keys of the image work on these widgets only."""
        for row in ACTIONS:
            for widget in {"image": (canvas, *lists), "canvas": (canvas,)}.get(row.scope, ()):
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

    def bar(self) -> tuple[tuple[QAction, ...], ...]:
        """Give what belongs on the tool bar: the tools, then the rest."""
        rows = [row for row in ACTIONS if row.icon]
        tools = tuple(self.by_name[row.name] for row in rows if row.group == "tool")
        return tools, tuple(self.by_name[row.name] for row in rows if row.group != "tool")

    def _add(self, row: Row, call: Callable[[], None]) -> None:
        action = QAction(row.text, self._window)
        action.setObjectName(row.name)
        action.setCheckable(row.checkable)
        if row.icon:
            action.setIcon(icon(row.icon))
        action.triggered.connect(lambda *_: call())
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        if row.scope != "window":
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setToolTip(tip_of(row))
        if row.group:
            self._groups.setdefault(row.group, QActionGroup(self._window)).addAction(action)
        if row.name == "quit":
            action.setMenuRole(QAction.MenuRole.QuitRole)
        (self.menus[row.menu] if row.menu else self._window).addAction(action)
        self.by_name[row.name] = action


def tip_of(row: Row) -> str:
    """Give the tooltip of an action: what it does and its first key."""
    text = row.text.removesuffix("...")
    return f"{text} ({row.keys[0]})" if row.keys else text
