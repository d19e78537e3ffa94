"""Open projects and fill them; the start page and the tour."""

from __future__ import annotations

from cascadeclip.app.presenters.recent_cards import RecentCards
from cascadeclip.app.presenters.state import Change
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.tour import Tour
from cascadeclip.app.window.tour_stops import stops
from cascadeclip.app.window.wiring.feature import Calls, Feature


class Projects(Feature):
    """Open a folder, a project, the demo; add images; the start page; the tour."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        start = parts.window.start
        self.tour: Tour | None = None
        self._tour_wanted = False
        self._cards = RecentCards(parts.jobs, start.show_card)
        start.folder_wanted.connect(parts.library.choose_folder)
        start.project_wanted.connect(parts.library.choose_project)
        start.demo_wanted.connect(self.open_demo)
        start.tour_wanted.connect(self.take_tour)
        start.recent_wanted.connect(parts.library.open)
        parts.state.subscribe(Change.IMAGE, self._start_tour)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        library = self.parts.library
        return {
            "open_folder": library.choose_folder,
            "open_project": library.choose_project,
            "open_demo": self.open_demo,
            "add_images": library.choose_more_images,
            "tour": self.take_tour,
        }

    def start(self) -> None:
        """List the projects of the last time."""
        folders = self.parts.recent.folders()
        self.parts.window.start.show_recent(folders)
        self._cards.read(folders)

    def open_demo(self) -> None:
        """Open the demo project in the person's own data folder."""
        self.parts.library.open_demo(self.parts.folder / "demo")

    def take_tour(self) -> None:
        """Show a person around, on the demo when no project is open."""
        if self.tour is not None:
            return
        self._tour_wanted = True
        if self.parts.state.image is not None:
            self._start_tour()
        elif self.parts.state.project is None:
            self.open_demo()

    def _start_tour(self) -> None:
        if not self._tour_wanted or self.parts.state.image is None:
            return
        self._tour_wanted = False
        self.tour = Tour(self.parts.window, stops(self.parts.window))
        self.tour.ended.connect(self._ended)

    def _ended(self) -> None:
        self.tour = None
        self.parts.focus_canvas()
