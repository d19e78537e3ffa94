"""A project: a folder with project.db, models and cache beside images that stay where they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from cascadeclip.core.project.annotations import Annotations
from cascadeclip.core.project.classes import Classes
from cascadeclip.core.project.connection import Store
from cascadeclip.core.project.damage import DATABASE
from cascadeclip.core.project.hand import Hand
from cascadeclip.core.project.images import Images
from cascadeclip.core.project.journal import Journal
from cascadeclip.core.project.listing import Listing
from cascadeclip.core.project.looks import Looks
from cascadeclip.core.project.opening import create_store, open_store
from cascadeclip.core.project.rows import BatchRow, BatchUndone
from cascadeclip.core.project.runs import Runs
from cascadeclip.core.project.settings import Settings
from cascadeclip.core.project.suggestions import Suggestions
from cascadeclip.core.project.versions import Versions


class Project:
    """Give access to everything in one project, from any thread.

    Every call that changes something is one transaction: when it returns the change is on the
    disk, when it raises nothing was changed.
    """

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder = folder
        self._store = store
        self._journal = Journal(store)
        self.settings = Settings(store)
        self.images = Images(store, self._journal, folder)
        self.classes = Classes(store)
        self._hand = Hand(store)
        self.listing = Listing(store)
        self.looks = Looks(store)
        self.annotations = Annotations(store, self._journal, self.images, self.classes, self._hand)
        self.suggestions = Suggestions(
            store,
            self._journal,
            self.images,
            self.classes,
            self.annotations,
            self._hand,
            self.looks,
        )
        self.runs = Runs(store)
        self.versions = Versions(store, folder, self.runs)

    @classmethod
    def create(cls, folder: Path | str) -> Self:
        """Make a project in `folder`, which need not exist; images already in it are not added.

        Raises ProjectError when it holds a project already or nothing can be written there.
        """
        place = Path(folder).resolve()
        return cls(place, create_store(place))

    @classmethod
    def open(cls, folder: Path | str, *, read_only: bool | None = None) -> Self:
        """Open the project in `folder`; one of an older version is copied, then migrated.

        One program at a time may write. While another does, the project can only be read, and
        `refusal` says why; with `read_only` False it is not opened then, with True it is only read
        in any case. Raises ProjectTooNew for one of a newer version, ProjectError when there is
        none, when it is damaged or in a folder where nothing can be written.
        """
        place = Path(folder).resolve()
        return cls(place, open_store(place, read_only=read_only))

    @staticmethod
    def is_project(folder: Path | str) -> bool:
        """Tell whether the folder holds a project; whether it can be opened is not tried."""
        return (Path(folder) / DATABASE).is_file()

    @property
    def read_only(self) -> bool:
        """Tell whether every change is refused here."""
        return bool(self._store.refusal)

    @property
    def refusal(self) -> str:
        """Return the sentence that a change is refused with; empty where changes are allowed."""
        return self._store.refusal

    def close(self) -> None:
        """Close the database; closing twice does nothing."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def integrity(self) -> str:
        """Read the whole database; return what SQLite finds wrong, empty when nothing is."""
        return self._store.integrity()

    def look(self, image_id: int) -> None:
        """Say that somebody looks at the image from now on: the seconds of its masks count."""
        self._hand.look(image_id)

    def undo(self, image_id: int) -> str | None:
        """Take back the last step on this image; return its name, None when there is none."""
        return self._journal.undo(image_id)

    def redo(self, image_id: int) -> str | None:
        """Do again what was undone last on this image; return its name, None when there is none."""
        return self._journal.redo(image_id)

    def batches(self) -> list[BatchRow]:
        """Return the changes of many images at once (imports), the newest first."""
        return self._journal.batches()

    def undo_batch(
        self, batch_id: int, *, progress: Callable[[int, int], None] | None = None
    ) -> BatchUndone:
        """Take back a change of many images in one transaction.

        What was changed since is kept, and counted. `progress(done, total)` is called before each
        step; when it raises, nothing is changed. Raises ProjectError when there is no such change.
        """
        return self._journal.undo_batch(batch_id, progress=progress)

    def redo_batch(self, batch_id: int) -> int:
        """Do a change of many images again; return how many images. Raises ProjectError."""
        return self._journal.redo_batch(batch_id)

    def can_undo(self, image_id: int) -> bool:
        """Tell whether there is a step to take back on this image."""
        return self._journal.can_undo(image_id)

    def can_redo(self, image_id: int) -> bool:
        """Tell whether there is a step to do again on this image."""
        return self._journal.can_redo(image_id)
