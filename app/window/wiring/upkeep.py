"""Check, copy and set up the open project."""

from __future__ import annotations

from cascadeclip.app.presenters.upkeep import Findings, Upkeep
from cascadeclip.app.translation import tr
from cascadeclip.app.window.check_dialog import CheckDialog
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.project_settings import ProjectSettings
from cascadeclip.app.window.wiring.feature import Calls, Feature
from cascadeclip.core.project.copies import dated
from cascadeclip.core.project.preferences import Preferences


class KeptWell(Feature):
    """Wire the dialogs that look after a project."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.upkeep = Upkeep(
            parts.state,
            parts.jobs,
            parts.window.toast,
            reload=self._reload,
            refuse=parts.problems.refuse,
        )

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        return {
            "check_project": lambda: self.upkeep.check(self._show_findings),
            "back_up": self._ask_backup,
            "project_settings": lambda: self.upkeep.settings(self._show_settings),
        }

    def _show_findings(self, found: Findings) -> None:
        refusal = self.parts.state.refusal
        dialog = CheckDialog(found, self.parts.asking, self.parts.window, refusal=refusal)
        dialog.mend_wanted.connect(
            lambda files, changed: self.upkeep.mend(
                files, dialog.show_findings, take_changed=changed
            )
        )
        dialog.search_wanted.connect(
            lambda place: self.upkeep.check(dialog.show_findings, search=(place,))
        )
        dialog.open()

    def _ask_backup(self) -> None:
        project = self.parts.state.project
        if project is None:
            return
        name = str(dated(project.folder, "project"))
        out = self.parts.asking.new_file(tr("Back up"), name, "*.db")
        if out is not None:
            self.upkeep.back_up(out)

    def _show_settings(self, now: Preferences) -> None:
        dialog = ProjectSettings(now, self.parts.window, refusal=self.parts.state.refusal)
        dialog.chosen.connect(self.upkeep.keep_settings)
        dialog.open()

    def _reload(self) -> None:
        self.parts.review.reload()
        self.parts.images.load()
