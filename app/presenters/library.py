"""Which project is open: a folder, a project, the demo; and the engine that speaks in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.app.jobs import Check, Lane, Report, Runner
from cascadeclip.app.presenters.recent import Recent
from cascadeclip.app.presenters.state import DEFAULT_THRESHOLD, Change, State
from cascadeclip.app.presenters.views import Asking, Messages
from cascadeclip.app.sayings import said
from cascadeclip.app.translation import tr
from cascadeclip.core.errors import CascadeClipError, ProjectError
from cascadeclip.core.images import find_images
from cascadeclip.core.project import Project
from cascadeclip.core.project.files import look, sentence
from cascadeclip.core.project.paging import every_image
from cascadeclip.core.templates import project_templates

if TYPE_CHECKING:
    from cascadeclip.core.engine import Engine
    from cascadeclip.core.project import AddResult, ClassRow

DATABASE_NAME = "project.db"
FOLDER_SETTING = "window.images_folder"
DEMO_MARK = "demo.json"
DEMO_SEED, DEMO_COUNT = 7, 12


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Hold what is read from a project when it opens."""

    words: list[ClassRow]
    threshold: float
    images_folder: str | None
    demo: bool
    templates: tuple[str, ...] = ()


class Library:
    """Open and leave projects."""

    def __init__(
        self,
        state: State,
        jobs: Runner,
        asking: Asking,
        messages: Messages,
        recent: Recent,
        *,
        show_words: Callable[[list[ClassRow]], None],
        load_images: Callable[[], None],
        leave: Callable[[], None],
        refuse: Callable[[Exception], None],
        device: str = "auto",
    ) -> None:
        self._state, self._jobs, self._asking, self._messages = state, jobs, asking, messages
        self._recent, self._device = recent, device
        self._show_words, self._load_images = show_words, load_images
        self._leave, self._refuse = leave, refuse

    def choose_folder(self) -> None:
        """Ask for a folder of images and open it."""
        folder = self._asking.folder(tr("Open a folder of images"))
        if folder is not None:
            self.open(folder)

    def choose_project(self) -> None:
        """Ask for a project folder and open it."""
        folder = self._asking.folder(tr("Open a project"))
        if folder is None:
            return
        if not (folder / DATABASE_NAME).is_file():
            self._refuse(ProjectError(f"{folder} is not a project: it holds no {DATABASE_NAME}."))
            return
        self.open(folder)

    def choose_more_images(self) -> None:
        """Ask for a folder and add its images to the open project."""
        if self._state.refuses(self._messages):
            return
        folder = self._asking.folder(tr("Add the images of a folder"))
        if folder is not None and self._state.project is not None:
            self._add_images(self._state.project, folder)

    def open(self, folder: Path) -> None:
        """Open a project, or make one in a folder of images."""
        self._jobs.run(
            Lane.DATABASE,
            lambda: open_or_create(folder),
            done=self.use,
            failed=self._refuse,
            topic="project",
        )

    def open_demo(self, folder: Path) -> None:
        """Open the demo project, drawing its scenes first when they are not there yet."""
        if (folder / DATABASE_NAME).is_file():
            self.open(folder)
            return

        def work(progress: Report, stopped: Check) -> None:
            from cascadeclip.core.scenes.demo import write_demo  # drawing needs heavy imports

            write_demo(folder, seed=DEMO_SEED, count=DEMO_COUNT, progress=progress, stopped=stopped)

        self._jobs.start(
            tr("drawing the demo"), work, done=lambda _: self.open(folder), failed=self._refuse
        )

    def use(self, project: Project) -> None:
        """Show this project instead of the one before."""
        self._leave()
        old, state = self._state.project, self._state
        state.project, state.image, state.pixels, state.engine = project, None, None, None
        state.templates = ()
        state.words, state.word, state.engine_trouble, state.image_trouble = (), None, "", ""
        state.annotations, state.suggestions, state.preview = (), (), ()
        state.selected, state.best, state.hidden = None, None, frozenset()
        if old is not None:
            self._jobs.run(Lane.DATABASE, old.close)
        self._recent.add(project.folder)
        state.changed(Change.PROJECT | Change.IMAGE | Change.SHAPES | Change.ENGINE)
        self._jobs.run(Lane.DATABASE, lambda: read_facts(project), done=self._show_facts)
        self.load_engine()

    def load_engine(self) -> None:
        """Load the active model version of the project, off the GUI thread."""
        project = self._state.project
        if project is None:
            return

        def work() -> Engine:
            from cascadeclip.core.engine import open_engine  # brings torch, seconds on a cold disk

            return open_engine(project, device=self._device, notify=self._tell)

        self._jobs.run(
            Lane.INFERENCE, work, done=self._show_engine, failed=self.no_engine, topic="engine"
        )

    def _tell(self, sentence: str) -> None:
        """Say what the engine has to say, such as that memory ran out; from any thread."""

        def say() -> None:
            self._messages.say(said(sentence))
            self._state.changed(Change.ENGINE_TIMES)  # it may run elsewhere now

        self._jobs.on_gui(say)

    def no_engine(self, error: Exception) -> None:
        """Go on without suggestions: drawing, reviewing and exporting need no model."""
        if not isinstance(error, CascadeClipError | OSError | ImportError | RuntimeError):
            raise error
        self._state.engine_trouble = said(str(error))
        self._state.changed(Change.ENGINE)

    # Inside

    def _show_facts(self, facts: Facts) -> None:
        self._state.threshold, self._state.demo = facts.threshold, facts.demo
        self._state.templates = facts.templates
        self._state.changed(Change.THRESHOLD | Change.FACTS | Change.TEMPLATES)
        self._show_words(facts.words)
        self._load_images()
        project = self._state.project
        if project is None:
            return
        if not project.read_only and facts.images_folder is not None:
            self._add_images(project, project.folder / facts.images_folder, quiet=True)
        self._look_at_files(project)

    def _look_at_files(self, project: Project) -> None:
        """Say when image files are missing or changed."""

        def work(progress: Report, stopped: Check) -> str:
            return sentence(
                look(project, quick=True, progress=progress, stopped=stopped), project.folder
            )

        def say(text: str) -> None:
            if text and project is self._state.project:
                self._messages.say(text)

        # When it fails because the project was left meanwhile, nobody needs to know.
        self._jobs.start(
            tr("looking at the image files"),
            work,
            done=say,
            failed=lambda error: say(said(str(error))),
        )

    def _show_engine(self, engine: Engine) -> None:
        self._state.engine, self._state.engine_trouble = engine, ""
        self._state.changed(Change.ENGINE)

    def _add_images(self, project: Project, folder: Path, *, quiet: bool = False) -> None:
        def work(progress: Report, stopped: Check) -> AddResult | None:
            return add_images(project, folder, progress, stopped)

        def done(result: AddResult | None) -> None:
            if project is not self._state.project:
                return
            self._load_images()
            if result is None:
                if not quiet:
                    self._messages.say(tr("No images were found in {folder}.", folder=folder))
            elif result.failed:
                self._messages.say(_failed_text(result.failed))
            elif result.notes:
                self._messages.say(_notes_text(result.notes))
            elif not quiet:
                self._messages.say(tr("Added {count} images", count=len(result.added)))

        self._jobs.start(tr("reading images"), work, done=done)


def open_or_create(folder: Path) -> Project:
    """Open the project in `folder`, or create one there when it holds images.

    Raises ProjectError for anything else, with a sentence that says what to do.
    """
    if not folder.exists():
        raise ProjectError(f"{folder} does not exist: check the path.")
    if not folder.is_dir():
        raise ProjectError(f"{folder} is not a folder: give the folder that holds the images.")
    if (folder / DATABASE_NAME).is_file():
        return Project.open(folder)
    if not find_images(folder):
        raise ProjectError(f"There are no images in {folder}: choose a folder that holds some.")
    project = Project.create(folder)
    project.settings.set(FOLDER_SETTING, ".")
    return project


def read_facts(project: Project) -> Facts:
    """Read what the window needs of a project before its first image."""
    threshold = project.settings.get("threshold", DEFAULT_THRESHOLD)
    folder = project.settings.get(FOLDER_SETTING)
    demo = (project.folder / DEMO_MARK).is_file()
    templates = project_templates(project)
    return Facts(project.classes.all(), float(threshold), folder, demo, templates)


def add_images(
    project: Project, folder: Path, progress: Report, stopped: Check
) -> AddResult | None:
    """Add the images below `folder` that the project does not have; None when there is nothing."""
    known = {(project.folder / row.path).resolve() for row in every_image(project)}
    fresh = [path for path in find_images(folder) if path.resolve() not in known]
    if not fresh:
        return None
    return project.images.add_many(fresh, progress=progress, stopped=stopped)


def _failed_text(failed: tuple[tuple[str, str], ...]) -> str:
    if len(failed) == 1:
        return failed[0][1]
    return tr(
        "{count} images could not be read and were left out; the first: {value}",
        count=len(failed),
        value=failed[0][1],
    )


def _notes_text(notes: tuple[tuple[str, str], ...]) -> str:
    if len(notes) == 1:
        return notes[0][1]
    return tr(
        "Of {count} images only the first page is used; the first: {value}",
        count=len(notes),
        value=notes[0][1],
    )
