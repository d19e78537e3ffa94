"""Open projects and fill them."""

from __future__ import annotations

from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature


class Projects(Feature):
    """Open a folder, a project, the demo; add images; the start page."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        start = parts.window.start
        start.folder_wanted.connect(parts.library.choose_folder)
        start.project_wanted.connect(parts.library.choose_project)
        start.demo_wanted.connect(self.open_demo)
        start.recent_wanted.connect(parts.library.open)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        library = self.parts.library
        return {
            "open_folder": library.choose_folder,
            "open_project": library.choose_project,
            "open_demo": self.open_demo,
            "add_images": library.choose_more_images,
        }

    def start(self) -> None:
        """List the projects of the last time."""
        self.parts.window.start.show_recent(self.parts.recent.folders())

    def open_demo(self) -> None:
        """Open the demo project in the person's own data folder."""
        self.parts.library.open_demo(self.parts.folder / "demo")
