"""Put window, presenters and features together, and take them apart at the end."""

from __future__ import annotations

from PySide6.QtCore import Slot

from cascadeclip.app.presenters.views import Asking
from cascadeclip.app.window import place
from cascadeclip.app.window.main_window import MainWindow
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring import FEATURES
from cascadeclip.app.window.wiring.feature import Calls


class Assembly(Parts):
    """Own the window and everything behind it, from the first signal to the last thread.

    A `window` that is on the screen already is filled; without one a new one is made.
    """

    def __init__(
        self,
        *,
        version: str,
        device: str = "auto",
        asking: Asking | None = None,
        window: MainWindow | None = None,
    ) -> None:
        folder = place.data_folder()
        super().__init__(
            version=version, folder=folder, device=device, asking=asking, window=window
        )
        self.features = {feature.__name__: feature(self) for feature in FEATURES}
        self.window.make_actions(self._calls())
        self.window.closing.connect(self.close)
        self.window.restore(self.settings)
        for feature in self.features.values():
            feature.start()
        self.display.project()
        self.display.actions()
        self.choose_tool("select")

    def do(self, name: str) -> None:
        """Do what the row of this name in the table of actions does."""
        table = self.window.actions_table
        if table is not None:
            table.by_name[name].trigger()

    def _calls(self) -> Calls:
        calls: Calls = {}
        for feature in self.features.values():
            calls |= feature.calls()
        return calls

    @Slot()
    def close(self) -> None:
        """Write what is left, stop the jobs, join the threads."""
        self.window.save(self.settings)
        for feature in self.features.values():
            feature.close()
        self.suggesting.settle()
        self.training.cancel()
        project = self.state.project
        self.jobs.close()
        if project is not None:
            project.close()
        self.state.project = None
