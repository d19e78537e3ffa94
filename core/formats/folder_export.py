"""What the formats share that are a folder of files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from cascadeclip.core.formats.folder import Folder
from cascadeclip.core.formats.plan import ExportImage, Plan


class FolderExport(ABC):
    """Write a folder; a format says what happens at the begin, for each image and at the end."""

    kind = ""

    def __init__(self, plan: Plan, out: Path, images: str) -> None:
        self.annotations = 0
        self.plan = plan
        self.folder = Folder(out, kind=self.kind, images=images, notes=plan.notes)
        self._stack = ExitStack()
        self._kept = True

    def begin(self) -> None:  # noqa: B027 - most formats begin with nothing
        """Write what comes before the images."""

    @abstractmethod
    def add(self, image: ExportImage) -> None:
        """Write one image. Raise FormatError, ImageUnreadable."""

    def finish(self) -> None:  # noqa: B027 - most formats end with nothing
        """Write what can only be known at the end."""

    def discard(self) -> None:
        """Give up: nothing is written when the block ends."""
        self._kept = False
        self.folder.discard()

    def __enter__(self) -> Self:
        """Start writing beside. Raise FormatError where that cannot be."""
        with self._stack as stack:  # leaves nothing behind when `begin` fails
            stack.enter_context(self.folder)
            self.begin()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the folder in its place, or remove every trace of it."""
        with self._stack:
            if error is not None:
                raise error
            if self._kept:
                self.finish()
