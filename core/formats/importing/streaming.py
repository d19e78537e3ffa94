"""A JSON object in a file too large to be held: its lists are walked, their items found again.

The bytes are read as if each were a character. That changes no mark of JSON, since these are never
part of a longer character of UTF-8, and makes places in the text places in the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

from cascadeclip.core.errors import FormatError

_CHUNK = 1 << 20
# One item, however long its outline is, is smaller; what is larger is no list of annotations.
MOST_BYTES = 256 << 20
_SPACE = re.compile(r"[ \t\n\r]*")
_AFTER = tuple(" \t\n\r,]}")
_MARK = b"\xef\xbb\xbf"

Json = Any  # whatever JSON can hold; the caller checks
Span = tuple[int, int]  # first byte and number of bytes
BEGIN: Span = (0, 0)


class Walk:
    """Walk once through the object in a file, holding one item at a time.

    Yield (key, value, span) for every item of a list and for every other value; a list begins with
    an item of no length. The texts in values of the keys `skimmed` are not decoded: read such an
    item again by its span. Raise FormatError for what is no JSON object in UTF-8.
    """

    def __init__(self, path: Path, *, skimmed: Collection[str] = ()) -> None:
        self._name, self._path, self._skimmed = path.name, path, skimmed
        self._decode = json.JSONDecoder(parse_constant=_refuse).raw_decode
        self._text, self._at, self._first = "", 0, 0
        self._file: IO[bytes] | None = None

    def __iter__(self) -> Iterator[tuple[str, Json, Span]]:
        try:
            with self._path.open("rb") as self._file:
                self._first = len(_MARK) if self._file.read(len(_MARK)) == _MARK else 0
                self._file.seek(self._first)
                yield from self._object()
        except OSError as error:
            reason = error.strerror or error
            raise FormatError(f"{self._path} cannot be read ({reason}).") from error

    def _object(self) -> Iterator[tuple[str, Json, Span]]:
        if self._mark() != "{":
            raise self._none("it holds no object")
        self._at += 1
        if self._mark() == "}":
            self._at += 1
        else:
            yield from self._members()
        if self._mark():
            raise self._none("it goes on after its end")

    def _members(self) -> Iterator[tuple[str, Json, Span]]:
        while True:
            key = self._value()[0] if self._mark() == '"' else None
            if not isinstance(key, str) or self._mark() != ":":
                raise self._none("a name or a colon is missing")
            self._at += 1
            if self._mark() == "[":
                yield from ((key, *item) for item in self._items(key))
            else:
                yield key, *self._meant(key)
            if self._ends("}"):
                return

    def _items(self, key: str) -> Iterator[tuple[Json, Span]]:
        yield [], BEGIN
        self._at += 1
        if self._mark() == "]":
            self._at += 1
            return
        while True:
            yield self._meant(key)
            if self._ends("]"):
                return

    def _meant(self, key: str) -> tuple[Json, Span]:
        value, span = self._value()
        if key in self._skimmed:
            return value, span
        raw = self._text[self._at - span[1] : self._at]
        try:
            return json.loads(raw.encode("latin-1").decode("utf-8")), span
        except UnicodeError as error:
            raise FormatError(f"{self._name} is no text in UTF-8.") from error

    def _ends(self, last: str) -> bool:
        mark = self._mark()
        if mark not in (",", last):
            raise self._none("a comma is missing")
        self._at += 1
        return mark == last

    def _mark(self) -> str:
        """Return the next character that is no space, "" at the end of the file."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _value(self) -> tuple[Json, Span]:
        self._mark()
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except RecursionError as error:
                raise FormatError(
                    f"{self._name} is nested too deeply to be annotations."
                ) from error
            except ValueError as error:
                if not self._more():
                    raise self._none(str(error).partition("\n")[0][:80]) from error
                continue
            # A number may go on behind what was read, as 1 does in 1.5 and 1e9. Reading on moves
            # the text; the length of the value stays.
            whole, length = self._text[end : end + 1] in _AFTER, end - self._at
            if whole or not isinstance(value, int | float) or not self._more():
                span = (self._first + self._at, length)
                self._at += length
                return value, span

    def _more(self) -> bool:
        """Read on, more each time that one value is not complete; tell whether there was more."""
        held = len(self._text) - self._at
        if self._file is None or held > MOST_BYTES:
            return False
        chunk = self._file.read(max(_CHUNK, held))
        if self._at:
            self._first += self._at
            self._text, self._at = self._text[self._at :], 0
        self._text += chunk.decode("latin-1")
        return bool(chunk)

    def _none(self, why: str) -> FormatError:
        head = self._text[self._at : self._at + 64].encode("latin-1")
        if self._first + self._at < _CHUNK and b"\xff" in head:  # no byte of UTF-8
            return FormatError(f"{self._name} is no text in UTF-8.")
        return FormatError(f"{self._name} is no proper JSON file ({why}).")


def read_again(path: Path, spans: list[Span]) -> list[Json]:
    """Return the items at these places. Raise FormatError when the file is another by now."""
    try:
        with path.open("rb") as file:
            return [_item(file, *span) for span in spans]
    except (OSError, ValueError, RecursionError) as error:
        raise FormatError(f"{path.name} changed while it was read; import it again.") from error


def _item(file: IO[bytes], first: int, count: int) -> Json:
    file.seek(first)
    return json.loads(file.read(count).decode("utf-8"), parse_constant=_refuse)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
