"""From somebody else's file into the project: looked at first, then all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.core.errors import FormatError
from cascadeclip.core.formats.folder import MARKER
from cascadeclip.core.formats.importing import coco, labelme, labels, yolo
from cascadeclip.core.formats.importing.foreign import ForeignImage, ForeignMask, Told
from cascadeclip.core.formats.importing.matching import Matcher
from cascadeclip.core.project.annotations import Merge
from cascadeclip.core.project.paging import every_image
from cascadeclip.core.values import Rle
from cascadeclip.core.vocabulary import phrase_key

if TYPE_CHECKING:
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.rows import AnnotationRow, ImageRow

POLICIES = ("add", "replace", "skip")
READERS: dict[str, Callable[[Path, Told], list[ForeignImage]]] = {
    "coco": coco.read,
    "voc": labels.read_voc,
    "yolo": yolo.read,
    "labelme": labelme.read,
    "semantic": labels.read_semantic,
}
STEP = "import masks"


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """Hold what an import does, or did when `done`.

    `unmatched` are (name in the file, why). `added`, `replaced` (taken out for others) and
    `skipped` (there already, or on images that are left alone) count annotations. `dropped` are
    (what, how many) that cannot be imported, `notes` sentences about the rest.
    """

    images_matched: int
    unmatched: tuple[tuple[str, str], ...]
    classes_new: tuple[str, ...]
    added: int
    replaced: int
    skipped: int
    dropped: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    done: bool


def import_annotations(
    project: Project,
    path: Path,
    kind: str,
    *,
    policy: str = "add",
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> ImportPreview:
    """Import the annotations at `path`, in the format `kind` (see READERS), into `project`.

    `policy` is "add", "replace" (the masks of every image in the file become those of the file)
    or "skip" (images with masks are left alone); a mask that is there already is never doubled.
    Each changed image gets one step to undo. With `dry_run`, and when stopped or on an error,
    nothing is changed. Raise FormatError for what cannot be read at all.
    """
    reader = READERS.get(kind)
    if reader is None or policy not in POLICIES:
        raise FormatError(f"Formats are {', '.join(READERS)}, and policies {', '.join(POLICIES)}.")
    if not path.exists():
        raise FormatError(f"There is nothing at {path}.")
    told = Told.new()
    images = reader(path, told)
    work = _Import(project, told, policy, dry_run=dry_run, ours=(path / MARKER).is_file())
    changes = work.changes(images, progress, stopped)
    try:
        if dry_run:
            for _ in changes:
                pass
        else:
            project.annotations.merge(changes, name=STEP)
    except _Stopped:
        return ImportPreview(0, (), (), 0, 0, 0, (), (), done=False)
    return work.preview(done=not dry_run)


class _Stopped(Exception):
    """End the transaction without a trace."""


class _Import:
    """Decide image by image what changes."""

    def __init__(
        self, project: Project, told: Told, policy: str, *, dry_run: bool, ours: bool
    ) -> None:
        self._project, self._told, self._policy, self._dry_run = project, told, policy, dry_run
        self._matcher = Matcher(project, list(every_image(project)), ours=ours)
        self._words: dict[str, int] = {}
        for row in project.classes.all(include_hidden=True):
            for phrase in (row.name, *row.phrases):
                self._words.setdefault(phrase_key(phrase), row.id)
        self._before: dict[int, frozenset[int]] = {}
        self._unmatched: list[tuple[str, str]] = []
        self._new: list[str] = []
        self._count: Counter[str] = Counter()

    def changes(
        self,
        images: Sequence[ForeignImage],
        progress: Callable[[int, int], None] | None,
        stopped: Callable[[], bool] | None,
    ) -> Iterator[Merge]:
        """Yield what changes, image by image; raise _Stopped when asked to stop."""
        for done, image in enumerate(images, 1):
            if stopped is not None and stopped():
                raise _Stopped
            row = self._matcher.find(image)
            if isinstance(row, str):
                self._unmatched.append((_shown(image.names[0]), row))
            else:
                change = self._change(image, row)
                if change is not None:
                    yield change
            if progress is not None:
                progress(done, len(images))

    def preview(self, *, done: bool) -> ImportPreview:
        """Return the sums."""
        return ImportPreview(
            images_matched=len(self._before),
            unmatched=tuple(self._unmatched),
            classes_new=tuple(self._new),
            added=self._count["added"],
            replaced=self._count["replaced"],
            skipped=self._count["skipped"],
            dropped=tuple(self._told.dropped.counts.items()),
            notes=self._told.notes.sentences(),
            done=done,
        )

    def _change(self, image: ForeignImage, row: ImageRow) -> Merge | None:
        there = self._project.annotations.of_image(row.id)
        # An image may come twice: what the first time brought is not replaced by the second.
        before = self._before.setdefault(row.id, frozenset(one.id for one in there))
        drops = self._told.drops
        found = image.load(row)
        if found is None:
            return None
        if self._policy == "skip" and before:
            self._count["skipped"] += len(found)
            return None
        removed: frozenset[int] = frozenset()
        if self._policy == "replace" and (found or self._told.drops == drops):
            removed = frozenset(self._no_longer(there, before, found))
        return self._merge(row, there, found, removed)

    def _no_longer(
        self, there: list[AnnotationRow], before: frozenset[int], found: list[ForeignMask]
    ) -> Iterator[int]:
        wanted = Counter((self._words.get(phrase_key(one.word)), one.rle) for one in found)
        for one in there:
            if one.id in before:
                if wanted[one.class_id, one.rle]:
                    wanted[one.class_id, one.rle] -= 1
                else:
                    yield one.id

    def _merge(
        self,
        row: ImageRow,
        there: list[AnnotationRow],
        found: list[ForeignMask],
        removed: frozenset[int],
    ) -> Merge | None:
        kept = {(one.class_id, one.rle) for one in there if one.id not in removed}
        added: list[tuple[int, Rle]] = []
        for one in found:
            new = (self._class_id(one.word), one.rle)
            if new in kept:
                self._count["skipped"] += 1
            else:
                kept.add(new)
                added.append(new)
        self._count["added"] += len(added)
        self._count["replaced"] += len(removed)
        return Merge(row.id, tuple(sorted(removed)), tuple(added)) if added or removed else None

    def _class_id(self, word: str) -> int:
        key = phrase_key(word)
        if key not in self._words:
            self._new.append(word)
            # Nothing is written for a preview: a number that no word has stands for the new one.
            fresh = -len(self._new) if self._dry_run else self._project.classes.add(word).id
            self._words[key] = fresh
        return self._words[key]


def _shown(name: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in name[:120])
