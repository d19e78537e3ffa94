"""View > Language."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QActionGroup

from cascadeclip.app.language import LANGUAGE, LANGUAGES, SYSTEM
from cascadeclip.app.translation import tr
from cascadeclip.app.window.wiring.feature import Feature


class Language(Feature):
    """Offer the languages; the next start speaks the one chosen."""

    def start(self) -> None:
        """Add the languages to the View menu."""
        table = self.parts.window.actions_table
        if table is None:
            return
        menu = table.menus["View"].addMenu(tr("Language"))
        group = QActionGroup(menu)
        chosen = str(self.parts.settings.value(LANGUAGE, SYSTEM))
        for code, name in {SYSTEM: tr("As the system"), **LANGUAGES}.items():
            action = menu.addAction(name, self._choosing(code))
            action.setCheckable(True)
            action.setChecked(code == chosen)
            group.addAction(action)

    def _choosing(self, code: str) -> Callable[[], None]:
        def choose() -> None:
            self.parts.settings.setValue(LANGUAGE, code)
            self.parts.window.toast.say(tr("The language changes with the next start."))

        return choose
