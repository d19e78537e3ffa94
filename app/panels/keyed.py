"""Tooltips that end with the key an action has now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

ACTION, TIP, SHOWN = "keyed_action", "keyed_text", "keyed_tip"


def keyed(widget: QWidget, action: str, text: str) -> None:
    """Let a widget do what `action` of the table does: its tooltip is `text` and the key."""
    widget.setProperty(ACTION, action)
    widget.setProperty(TIP, text)
    widget.setProperty(SHOWN, text)
    widget.setToolTip(text)


def tip_of(widget: QWidget) -> str:
    """Give the tooltip of a keyed widget, with its key."""
    return str(widget.property(SHOWN))


def show_tips(top: QWidget, tip: Callable[[str, str], str]) -> None:
    """Write every keyed tooltip below `top` anew; `tip` adds the key of an action to a text."""
    for widget in top.findChildren(QWidget):
        action = widget.property(ACTION)
        if action is None:
            continue
        before, fresh = tip_of(widget), tip(str(action), str(widget.property(TIP)))
        widget.setProperty(SHOWN, fresh)
        if widget.toolTip() == before:  # else it says why it cannot be pressed
            widget.setToolTip(fresh)
