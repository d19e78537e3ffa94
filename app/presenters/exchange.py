"""What leaves the project and comes into it: export, import and its taking back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cascadeclip.app.jobs import Check, Lane, Report, Runner, Task
from cascadeclip.app.presenters.state import State
from cascadeclip.app.presenters.views import Messages
from cascadeclip.app.translation import tr

if TYPE_CHECKING:
    from cascadeclip.core.formats import ExportOptions, ExportResult
    from cascadeclip.core.formats.importing import ImportPreview, ImportUndone
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.rows import BatchRow

_NAMED = 20


@dataclass(frozen=True, slots=True)
class ExportWish:
    """Hold what somebody chose: the format, where to, and the rest by the names of its options."""

    kind: str
    out: Path
    chosen: dict[str, Any] = field(default_factory=dict)

    def options(self) -> ExportOptions:
        """Return the options. Raise FormatError for impossible ones."""
        from cascadeclip.core.formats import ExportOptions

        return ExportOptions(**self.chosen)


@dataclass(frozen=True, slots=True)
class ImportWish:
    """Hold what somebody chose to import, and what happens to masks that are there."""

    path: Path
    kind: str
    policy: str = "add"
    crowds: str = "keep"


class Exchange:
    """Export and import in the background; each can be watched and stopped."""

    def __init__(
        self,
        state: State,
        jobs: Runner,
        messages: Messages,
        *,
        settle: Callable[[], None],
        reload: Callable[[], None],
        refuse: Callable[[Exception], None],
    ) -> None:
        self._state, self._jobs, self._messages = state, jobs, messages
        self._settle, self._reload, self._refuse = settle, reload, refuse

    def export(self, wish: ExportWish) -> None:
        """Write the masks of the project as wished, and say what came of it."""
        project = self._state.project
        if project is None:
            return

        def work(progress: Report, stopped: Check) -> ExportResult:
            from cascadeclip.core.formats import export

            return export(
                project,
                wish.out,
                wish.kind,
                options=wish.options(),
                progress=progress,
                stopped=stopped,
            )

        self._settle()
        self._jobs.start(tr("exporting"), work, done=self._exported, failed=self._refuse)

    def preview(self, wish: ImportWish, show: Callable[[ImportPreview], None]) -> Task | None:
        """Find out what an import would change and hand it to `show`; nothing is changed.

        A stopped one is not shown. The task can be stopped.
        """
        project = self._state.project
        if project is None:
            return None

        def done(found: ImportPreview | None) -> None:
            if found is not None:
                show(found)

        def work(progress: Report, stopped: Check) -> ImportPreview | None:
            found = _import(project, wish, progress, stopped, dry_run=True)
            return None if stopped() else found

        return self._jobs.start(tr("looking"), work, done=done, failed=self._refuse)

    def bring_in(self, wish: ImportWish) -> None:
        """Import as wished, as one step; it can be taken back at once from the message."""
        project = self._state.project
        if project is None or self._state.refuses(self._messages):
            return

        def work(progress: Report, stopped: Check) -> ImportPreview:
            return _import(project, wish, progress, stopped, dry_run=False)

        self._settle()
        self._jobs.start(tr("importing"), work, done=self._imported, failed=self._refuse)

    def list_imports(self, show: Callable[[list[BatchRow]], None]) -> None:
        """Hand the imports there were, the newest first, to `show`, if there are any."""
        project = self._state.project
        if project is None or self._state.refuses(self._messages):
            return

        def work() -> list[BatchRow]:
            from cascadeclip.core.formats.importing import imports

            return imports(project)

        def done(found: list[BatchRow]) -> None:
            if found:
                show(found)
            else:
                self._messages.say(tr("There is no import to take back."))

        self._jobs.run(Lane.DATABASE, work, done=done, failed=self._refuse)

    def undo_import(self, number: int | None) -> None:
        """Take back an import on all its images; what was changed since is kept, and said."""
        project = self._state.project
        if project is None or self._state.refuses(self._messages):
            return

        def work(progress: Report, stopped: Check) -> ImportUndone | None:
            from cascadeclip.core.formats.importing import undo_import

            return undo_import(project, number, progress=progress, stopped=stopped)

        self._settle()
        self._jobs.start(tr("taking back"), work, done=self._taken_back, failed=self._refuse)

    def _exported(self, result: ExportResult) -> None:
        if result.path is None:
            self._messages.say(tr("Export was stopped; nothing was written."))
            return
        text = tr(
            "Exported {masks} masks on {images} images to {path}",
            masks=result.annotations,
            images=result.images,
            path=result.path,
        )
        self._messages.say(" ".join((f"{text}.", *result.notes)) if result.notes else text)

    def _imported(self, result: ImportPreview) -> None:
        if not result.done:
            self._messages.say(tr("Import was stopped; nothing was changed."))
            return
        self._reload()
        text = tr(
            "Imported {masks} masks and {boxes} boxes on {images} images",
            masks=result.added,
            boxes=result.suggested,
            images=result.images_matched,
        )
        left = sum(count for _, count in result.dropped)
        if left or result.unmatched:
            text += tr(
                "; {left} regions and {names} names were left out",
                left=left,
                names=len(result.unmatched),
            )
        changed = result.added or result.replaced or result.suggested or result.withdrawn
        number = result.batch
        self._messages.say(text, undo=(lambda: self.undo_import(number)) if changed else None)

    def _taken_back(self, done: ImportUndone | None) -> None:
        if done is None:
            self._messages.say(tr("There is no import to take back."))
            return
        if not done.done:
            self._messages.say(tr("It was stopped; nothing was taken back."))
            return
        self._reload()
        found = done.found
        parts = [tr("Took back the import on {images} images.", images=found.images)]
        if found.kept:
            parts.append(tr("{kept} masks or boxes changed since are kept.", kept=found.kept))
        if found.unknown:
            parts.append(
                tr("{images} images were left alone: it is too long ago.", images=found.unknown)
            )
        self._messages.say(" ".join(parts))


def _import(
    project: Project, wish: ImportWish, progress: Report, stopped: Check, *, dry_run: bool
) -> ImportPreview:
    from cascadeclip.core.formats.importing import import_annotations

    return import_annotations(
        project,
        wish.path,
        wish.kind,
        policy=wish.policy,
        crowds=wish.crowds,
        dry_run=dry_run,
        progress=progress,
        stopped=stopped,
    )


def words_of(text: str) -> tuple[str, ...]:
    """Read "dog, cat"."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def shares_of(text: str) -> tuple[tuple[str, float], ...]:
    """Read "train=0.8, val=0.2". Raise FormatError when it says something else."""
    from cascadeclip.core.errors import FormatError

    try:
        pairs = [part.partition("=") for part in text.split(",") if part.strip()]
        return tuple((name.strip(), float(share)) for name, _, share in pairs)
    except ValueError as error:
        raise FormatError(
            f"{text!r} is no split; write shares such as train=0.8, val=0.2."
        ) from error


def rows_of(found: ImportPreview) -> list[tuple[str, str, str]]:
    """Return a preview as rows of a table: what, how many, and some of them."""
    examples = {what: "; ".join(some) for what, some in found.examples}
    rows = [
        (tr("Images found by their names"), str(found.images_matched), ""),
        (tr("Masks to add"), str(found.added), ""),
        (tr("Masks to take out"), str(found.replaced), ""),
        (tr("Masks there already or left alone"), str(found.skipped), ""),
        (tr("Boxes, as suggestions"), str(found.suggested), ""),
        (tr("Earlier boxes to take out"), str(found.withdrawn), ""),
        (tr("New words"), str(len(found.classes_new)), ", ".join(found.classes_new)),
    ]
    kept = [row for row in rows if row[1] != "0" or row in rows[:2]]
    kept += [
        (tr("Left out: {what}", what=what), str(count), examples.get(what, ""))
        for what, count in found.dropped
    ]
    kept += [
        (tr("Name without an image"), name, reason) for name, reason in found.unmatched[:_NAMED]
    ]
    more = len(found.unmatched) - _NAMED
    if more > 0:
        kept.append((tr("More names without an image"), str(more), ""))
    return kept + [(tr("Note"), "", note) for note in found.notes]
