"""The images of a project: files that stay where they are, known by a relative path."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from cascadeclip.core.errors import ImageUnreadable, ProjectError
from cascadeclip.core.images import digest, read_header
from cascadeclip.core.project.connection import Record, Store, now
from cascadeclip.core.project.journal import Journal
from cascadeclip.core.project.rows import AddResult, ImageRow
from cascadeclip.core.project.searching import containing

STATUSES = ("unreviewed", "reviewed")
_NAMES = ("id", "path", "width", "height", "orientation", "digest", "status")
_COLUMNS = ", ".join(_NAMES)
# Files per transaction in `add_many`: few enough that stopping loses nothing, many enough that
# waiting for the disk does not count.
_BATCH = 100


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Hold an image with its file's size in bytes and time in ns since 1970; None: not known."""

    image: ImageRow
    size: int | None
    modified: int | None


class Images:
    """Add, list and mark the images of one project."""

    def __init__(self, store: Store, journal: Journal, folder: Path) -> None:
        self._store = store
        self._journal = journal
        self._folder = folder

    def add(self, path: Path | str) -> ImageRow:
        """Add an image file; one that is there already is returned as it is.

        A relative `path` counts from the working folder, or else from the project folder. Only
        the header and the digest are read. Raises ImageUnreadable, ProjectError.
        """
        file = self._located(path)
        known = self._by_path(self._relative(file))
        if known is not None:
            return known
        record = self._read(file)  # reading a file takes long: not inside the transaction
        with self._store.transaction():
            return self._insert(record)[0]

    def add_many(
        self,
        paths: Iterable[Path | str],
        *,
        progress: Callable[[int, int], None] | None = None,
        stopped: Callable[[], bool] | None = None,
    ) -> AddResult:
        """Add many files; unreadable ones are reported and the rest goes on.

        Of a file of several pages the first is used, and a note says so.

        `progress(done, total)` is called after each file. When `stopped()` turns true the files
        added so far stay. Raises ProjectError.
        """
        todo = list(paths)
        added: list[ImageRow] = []
        known: list[ImageRow] = []
        failed: list[tuple[str, str]] = []
        notes: list[tuple[str, str]] = []
        records = self._readable(todo, failed, notes, progress, stopped)
        while batch := list(islice(records, _BATCH)):
            with self._store.transaction():
                for record in batch:
                    row, new = self._insert(record)
                    (added if new else known).append(row)
        return AddResult(tuple(added), tuple(failed), tuple(known), tuple(notes))

    def get(self, image_id: int) -> ImageRow:
        """Return the image `image_id`. Raises ProjectError when there is none."""
        record = self._store.row(f"SELECT {_COLUMNS} FROM images WHERE id = ?", (int(image_id),))
        if record is None:
            raise ProjectError(f"There is no image number {image_id} in this project.")
        return ImageRow(**record)

    def absolute(self, image_id: int) -> Path:
        """Return where the file is; whether it is still there is not looked at."""
        return Path(os.path.normpath(self._folder / self.get(image_id).path))

    def page(
        self,
        *,
        offset: int = 0,
        limit: int = 200,
        status: str | None = None,
        search: str | None = None,
    ) -> list[ImageRow]:
        """Return `limit` images in the order they were added, leaving out the first `offset`.

        `status` keeps those with it, `search` those whose path contains it (A-Z equals a-z).
        """
        return [
            ImageRow(**record) for record in self._page(_COLUMNS, offset, limit, status, search)
        ]

    def count(self, *, status: str | None = None, search: str | None = None) -> int:
        """Count the images that `page` would list."""
        where, values = _filter(status, search)
        return int(self._store.value(f"SELECT count(*) FROM images {where}", values))

    def _page(
        self,
        columns: str,
        offset: int,
        limit: int,
        status: str | None = None,
        search: str | None = None,
    ) -> list[Record]:
        # The ids come from an index alone, so skipping many rows does not read them.
        where, values = _filter(status, search)
        return self._store.rows(
            f"SELECT {columns} FROM images WHERE id IN"
            f" (SELECT id FROM images {where} ORDER BY id LIMIT ? OFFSET ?) ORDER BY id",
            (*values, int(limit), int(offset)),
        )

    def set_status(self, image_id: int, status: str) -> ImageRow:
        """Mark an image "reviewed" or "unreviewed"; can be undone. Raises ProjectError."""
        _check_status(status)
        with self._store.transaction():
            row = self.get(image_id)
            if row.status != status:
                with self._journal.step(row.id, f"mark {status}") as step:
                    step.update("images", row.id, {"status": status})
            return self.get(row.id)

    def file_facts(self, *, offset: int, limit: int) -> list[FileFacts]:
        """Return a page of images, in order of id, with what is remembered of their files."""
        return [
            FileFacts(image=ImageRow(**{key: record[key] for key in _NAMES}),
                      size=record["size"], modified=record["modified"])
            for record in self._page(f"{_COLUMNS}, size, modified", offset, limit)
        ]  # fmt: skip

    def facts(self, image_id: int) -> tuple[int | None, int | None]:
        """Return what is remembered of an image's file: bytes, and time in ns since 1970."""
        record = self._store.row("SELECT size, modified FROM images WHERE id = ?", (image_id,))
        return (None, None) if record is None else (record["size"], record["modified"])

    def sizes(self, ids: Iterable[int]) -> set[int] | None:
        """Return the bytes that the files of these images had, None when one is not known."""
        found: set[int] = set()
        for image_id in ids:
            size = self._store.value("SELECT size FROM images WHERE id = ?", (image_id,))
            if size is None:
                return None
            found.add(int(size))
        return found

    def folders(self) -> list[Path]:
        """Return the folders the images are in; whether they are still there is not looked at."""
        names = {
            PurePosixPath(record["path"]).parent
            for record in self._store.rows("SELECT path FROM images")
        }
        return [Path(os.path.normpath(self._folder / name)) for name in sorted(names)]

    def has(self, file: Path) -> bool:
        """Tell whether the file is an image of the project."""
        return self._by_path(self._relative(self._located(file))) is not None

    def relink(self, image_id: int, file: Path) -> ImageRow:
        """Say where the file of an image is now. Raises ProjectError when it is another's."""
        place = self._relative(self._located(file))
        with self._store.transaction():
            row, known = self.get(image_id), self._by_path(place)
            if known is not None and known.id != row.id:
                raise ProjectError(f"{place} is another image of this project already.")
            self._store.update("images", row.id, {"path": place, **_facts(file)})
            return self.get(row.id)

    def remember(self, image_id: int) -> None:
        """Remember size and time of a file whose digest is right."""
        self._store.update("images", int(image_id), _facts(self.absolute(image_id)))

    def take_changed(self, image_id: int) -> bool:
        """Take a changed file as it is now; False, and nothing done, when its size is another.

        Raises ImageUnreadable.
        """
        row = self.get(image_id)
        record = self._read(self.absolute(image_id))
        if (record["width"], record["height"]) != (row.width, row.height):
            return False
        kept = {name: record[name] for name in ("orientation", "digest", "size", "modified")}
        self._store.update("images", row.id, kept)
        return True

    def _readable(
        self,
        paths: Sequence[Path | str],
        failed: list[tuple[str, str]],
        notes: list[tuple[str, str]],
        progress: Callable[[int, int], None] | None,
        stopped: Callable[[], bool] | None,
    ) -> Iterator[Record]:
        for done, path in enumerate(paths, start=1):
            if stopped is not None and stopped():
                return
            try:
                file = self._located(path)
                known = self._by_path(self._relative(file))
                yield {"path": known.path} if known else self._read(file, notes)
            except ImageUnreadable as error:
                failed.append((_printable(str(path)), str(error)))
            if progress is not None:
                progress(done, len(paths))

    def _read(self, file: Path, notes: list[tuple[str, str]] | None = None) -> Record:
        header = read_header(file)
        if header.more_pages and notes is not None:
            notes.append((str(file), f"{file.name} has several pages; the first one is used."))
        facts = _facts(file)  # before the digest: what is written meanwhile is noticed later
        return {
            "path": self._relative(file),
            "width": header.width,
            "height": header.height,
            "orientation": header.orientation,
            "digest": digest(file),
            "status": STATUSES[0],
            "added": now(),
            **facts,
        }

    def _insert(self, record: Record) -> tuple[ImageRow, bool]:
        known = self._by_path(record["path"])
        if known is not None:
            return known, False
        return self.get(self._store.insert("images", record)), True

    def _by_path(self, path: str) -> ImageRow | None:
        record = self._store.row(f"SELECT {_COLUMNS} FROM images WHERE path = ?", (path,))
        return None if record is None else ImageRow(**record)

    def _located(self, path: Path | str) -> Path:
        """Return the one absolute name of a file: links among its folders are followed."""
        file = Path(path)
        if not file.is_absolute() and not file.exists() and (self._folder / file).exists():
            file = self._folder / file
        if _printable(str(file)) != str(file):
            raise ImageUnreadable(
                f"{_printable(str(file))} cannot be kept: its name is not valid text; rename it."
            )
        file = Path(os.path.abspath(file))  # noqa: PTH100 - `absolute` would keep `..`
        return file.parent.resolve() / file.name

    def _relative(self, file: Path) -> str:
        return relative_to_project(file, self._folder)


def relative_to_project(path: Path, folder: Path) -> str:
    """Return `path` as posix text relative to `folder`, absolute only across drives."""
    try:
        relative = os.path.relpath(path, folder)
    except ValueError:  # another drive
        return path.as_posix()
    return PurePosixPath(Path(relative)).as_posix()


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _facts(file: Path) -> Record:
    try:
        found = file.stat()
    except OSError as error:
        raise ImageUnreadable(
            f"{file.name} cannot be opened: it was there a moment ago."
        ) from error
    return {"size": found.st_size, "modified": found.st_mtime_ns}


def _check_status(status: str) -> None:
    if status not in STATUSES:
        raise ProjectError(f'An image is "unreviewed" or "reviewed", not "{status}".')


def _filter(status: str | None, search: str | None) -> tuple[str, tuple[object, ...]]:
    conditions: list[str] = []
    values: list[object] = []
    if status is not None:
        _check_status(status)
        conditions.append("status = ?")
        values.append(status)
    if search:
        condition, value = containing(search)
        conditions.append(condition)
        values.append(value)
    # By status alone there is a better index; else SQLite would read the whole table.
    index = "" if conditions == ["status = ?"] else "INDEXED BY images_in_order"
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"{index} {where}", tuple(values)
