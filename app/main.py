"""Start the window: read the command line, open what it names, run."""

from __future__ import annotations

import argparse
import gc
import importlib
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.core.errors import CascadeClipError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from cascadeclip.app.window.assembly import Assembly
    from cascadeclip.app.window.main_window import MainWindow
    from cascadeclip.core.project import Project

BAD_INPUT = 2


def program_version() -> str:
    """Give the installed version of this program."""
    from importlib import metadata  # takes some time, and few ask

    try:
        return metadata.version("cascadeclip")
    except metadata.PackageNotFoundError:
        return "unknown"


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="cascadeclip-gui",
        description="Segment images by words: open a folder, type what you want to find, "
        "click the masks you agree with.",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "place", nargs="?", metavar="PROJECT | FOLDER", help="a project, or a folder of images"
    )
    where.add_argument("--demo", action="store_true", help="open a project of drawn scenes")
    parser.add_argument(
        "--device", default="auto", choices=("auto", "cpu", "cuda"), help="where the model runs"
    )
    parser.add_argument("--version", action="store_true", help="print the version and end")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code: 0, or 2 for bad input on the command line."""
    options = read_arguments(arguments)
    if options.version:
        print(program_version())  # noqa: T201 - what was asked for
        return 0
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        project = open_named(options.place)
    except (CascadeClipError, OSError) as error:
        from cascadeclip.app.problems import sentence

        print(sentence(error), file=sys.stderr)  # noqa: T201 - the one sentence of a refusal
        return BAD_INPUT
    if sys.platform == "win32":
        # Loaded after Qt, torch's libraries are refused there.
        importlib.import_module("cascadeclip.core.engine.engine")
    return run_window(project, demo=options.demo, device=options.device)


def open_named(place: str | None) -> Project | None:
    """Open the project or folder of the command line, so that a bad one ends before any window."""
    if place is None:
        return None
    from cascadeclip.app.presenters.library import open_or_create

    return open_or_create(Path(place).expanduser().absolute())


def run_window(project: Project | None, *, demo: bool, device: str) -> int:
    """Show the window until it is closed."""
    application = make_application()
    running = Running(project, demo=demo, device=device)
    previous = signal.signal(signal.SIGINT, lambda *_: running.window.close())
    try:
        return application.exec()
    finally:
        signal.signal(signal.SIGINT, previous)
        sys.excepthook = sys.__excepthook__


class Running:
    """Hold the window of this process and what fills it.

    The start page is shown first and filled when it has been painted, a second later on a slow
    machine. With a project from the command line the page is empty until then.
    """

    def __init__(self, project: Project | None, *, demo: bool, device: str) -> None:
        from PySide6.QtCore import QTimer

        from cascadeclip.app.presenters.recent import Recent
        from cascadeclip.app.window import place
        from cascadeclip.app.window.main_window import MainWindow
        from cascadeclip.app.window.opening import Painted

        self._demo, self._device = demo, device
        self.assembly: Assembly | None = None
        self.window: MainWindow = MainWindow()
        # Python sees Ctrl+C only between two of its own instructions: a timer gives it the chance.
        heartbeat = QTimer(self.window)
        heartbeat.timeout.connect(_beat)
        heartbeat.start(200)
        folder = place.data_folder()
        self.window.restore(place.window_settings(folder))
        if project is not None:
            self.window.show_nothing()
            Painted(self.window, lambda: self._begin(project))
        else:
            self.window.start.show_recent(Recent(place.recent_file(folder)).folders())
            Painted(self.window, self._fill)
        self.window.show()

    def _begin(self, project: Project) -> None:
        """Make all the rest and open a project, once its page has been painted too.

        The model begins to be read then: before, it would take the cores from the window.
        """
        from cascadeclip.app.window.opening import Painted

        assembly = self._fill()
        self.window.show_work()
        Painted(self.window, lambda: assembly.library.use(project))

    def _fill(self) -> Assembly:
        """Make all the rest; open the demo if that is what the command line said."""
        # Nothing of what is read and made now is garbage, now or later: looking for some takes a
        # tenth of the start, and many times as long as a frame while somebody works.
        gc.disable()
        from cascadeclip.app.window.assembly import Assembly

        made = Assembly(version=program_version(), device=self._device, window=self.window)
        self.assembly = made
        made.problems.install()
        gc.freeze()
        gc.enable()
        if self._demo:
            made.do("open_demo")
        return made


def make_application() -> QApplication:
    """Make the application, or take the one there is: sharp, in its colours and its language."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from cascadeclip.app.language import LANGUAGE, SYSTEM, use_language
    from cascadeclip.app.theme import Theme
    from cascadeclip.app.window import place

    found = QApplication.instance()
    if found is None:
        # 150 % is neither 100 % nor 200 %.
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
            Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
        )
    application = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("cascadeclip")
    application.setApplicationDisplayName("Cascade-CLIP")
    settings = place.window_settings(place.data_folder())
    use_language(application, str(settings.value(LANGUAGE, SYSTEM)))
    theme = Theme(application)
    theme.setObjectName("theme")
    return application


def _beat() -> None:
    """Let Python look whether somebody pressed Ctrl+C."""


if __name__ == "__main__":
    raise SystemExit(main())
