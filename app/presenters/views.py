"""What presenters ask of the screen; widgets provide it, tests put plain doubles in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cascadeclip.app.canvas.layers import Layer, Pixels

if TYPE_CHECKING:
    from cascadeclip.app.presenters.typing import Hints
    from cascadeclip.core.project.listing import ListRow


class Messages(Protocol):
    """Say something that needs no answer."""

    def say(self, text: str, *, undo: Callable[[], None] | None = None) -> None:
        """Show a sentence for some seconds, with an Undo button when `undo` is given."""


class Asking(Protocol):
    """Ask the person for a decision."""

    def folder(self, title: str) -> Path | None:
        """Ask for a folder; None when the person thought better of it."""

    def file(self, title: str, kind: str) -> Path | None:
        """Ask for a file that is there; `kind` is a pattern like *.json."""

    def new_file(self, title: str, name: str, kind: str) -> Path | None:
        """Ask where to write a file; `kind` is a pattern like *.json."""


class CanvasView(Protocol):
    """Show an image and its masks."""

    def show_image(self, sizes: tuple[Pixels, ...], *, keep_place: bool = False) -> None:
        """Show an image given as its halves."""

    def clear(self, message: str = "") -> None:
        """Show one sentence instead of an image."""

    def show_layers(self, settled: Layer, pending: Layer) -> None:
        """Draw these masks."""


class ImagesView(Protocol):
    """Show the images of the project as a list."""

    def reset(self, count: int, total: int, first: Sequence[ListRow]) -> None:
        """Show a list of `count` of all `total` images, of which the first rows are here."""

    def put(self, first: int, rows: Sequence[ListRow]) -> None:
        """Show the rows from the place `first` on."""

    def replace(self, row: ListRow) -> None:
        """Show one row anew."""

    def forget(self) -> None:
        """Show no image, and every image of the next list."""

    def show_known(self, known: int | None, unreviewed: int) -> None:
        """Say of how many unreviewed images it is known what they are worth; None: not asked."""

    def select(self, position: int | None) -> None:
        """Mark the row at this position as the open one."""

    def mark_broken(self, image_id: int) -> None:
        """Show that the image could not be opened."""


class TypingView(Protocol):
    """Show what is known about the words being typed."""

    def show_hints(self, hints: Hints) -> None:
        """Show these; empty ones when nothing is typed."""
