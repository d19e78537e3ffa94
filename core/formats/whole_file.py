"""A text file that is written piece by piece and appears whole."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import IO, Self

from cascadeclip.core.errors import FormatError
from cascadeclip.core.replacing import draft_of, put, remove


class WholeFile:
    """Write ASCII text as it comes; leave the block without an error to keep it.

    `discard` inside the block, or an error, leaves the old file as it was. Whatever the disk
    refuses is a FormatError that names the file.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self._draft: Path | None = None
        self._file: IO[str] | None = None
        self._keep = True

    def __enter__(self) -> Self:
        """Open a new file beside the final one. Raise FormatError where that cannot be."""
        try:
            self._draft = draft_of(self.out)
            self._file = self._draft.open("w", encoding="ascii", newline="\n")
        except OSError as error:
            raise cannot_write(self.out, error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the finished file in its place, or remove every trace of it."""
        file, draft = self._file, self._draft
        self._file = None
        if file is None or draft is None:
            return
        try:
            file.close()
            if kind is None and self._keep:
                put(draft, self.out)
        except OSError as problem:
            if kind is None:  # else a full disk has been told of already
                raise cannot_write(self.out, problem) from problem
        finally:
            remove(draft)

    def discard(self) -> None:
        """Give up: nothing is written when the block ends."""
        self._keep = False

    @property
    def kept(self) -> bool:
        """Tell whether nobody gave up."""
        return self._keep

    def write(self, text: str) -> None:
        """Add text. Raise FormatError."""
        if self._file is None:
            raise FormatError(f"{self.out.name} is written inside its `with` block.")
        try:
            self._file.write(text)
        except OSError as error:
            raise cannot_write(self.out, error) from error


def cannot_write(out: Path, error: OSError) -> FormatError:
    """Return the sentence about a file that could not be written."""
    reason = error.strerror or str(error)
    return FormatError(f"{out} could not be written ({reason}); choose another place.")
