"""What a row of the table of actions says."""

from __future__ import annotations

from dataclasses import dataclass

LINE = "-"
MENUS = ("File", "Edit", "View", "Image", "Model", "Help")


@dataclass(frozen=True, slots=True)
class Row:
    """Describe an action: `name` is what a feature binds to a function.

    `menu` is one of MENUS, or empty for what only has a key. `scope` "image" means that its keys
    work while the focus is on the image or a list, so that a button or field in focus keeps its
    Enter and Backspace; "canvas" on the image alone, "window" everywhere. `needs` names what must
    be there: "", "project" or "image". What `edits` cannot be done in a project that is only read.
    Of one `group` one is chosen at a time. An `icon` puts it on the tool bar, tools first.
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
    group: str = ""
