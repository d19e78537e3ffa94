"""From somebody else's file into the project: looked at first, then all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.core.errors import FormatError, ProjectError
from cascadeclip.core.formats.folder import MARKER
from cascadeclip.core.formats.importing import coco, labelme, labels, yolo
from cascadeclip.core.formats.importing.foreign import (
    BOX,
    CROWD,
    ForeignImage,
    ForeignMask,
    Told,
)
from cascadeclip.core.formats.importing.matching import Matcher
from cascadeclip.core.project.annotations import IMPORTED, Merge
from cascadeclip.core.project.paging import every_image
from cascadeclip.core.project.rows import BatchUndone
from cascadeclip.core.values import Rle, Suggestion
from cascadeclip.core.vocabulary import phrase_key

if TYPE_CHECKING:
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.rows import AnnotationRow, BatchRow, ImageRow

POLICIES = ("add", "replace", "skip")
CROWDS = ("keep", "leave")
CROWDS_KEPT = "Crowd regions, each taken as one mask"
CROWDS_LEFT = "Crowd regions: many things in one mask"
Reader = Callable[[Path, Told], list[ForeignImage]]
READERS: dict[str, Reader] = {
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
    `skipped` (there already, or on images that are left alone) count annotations; `suggested` are
    boxes, which wait as suggestions until somebody decides, `withdrawn` earlier ones that give way.
    `dropped` are (what, how many) that cannot be imported, `examples` (what, some of them), `notes`
    sentences about the rest. `batch` is the number by which `Project.undo_batch` takes it all back.
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
    suggested: int = 0
    withdrawn: int = 0
    examples: tuple[tuple[str, tuple[str, ...]], ...] = ()
    batch: int | None = None


def import_annotations(
    project: Project,
    path: Path,
    kind: str,
    *,
    policy: str = "add",
    crowds: str = "keep",
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> ImportPreview:
    """Import the annotations at `path`, in the format `kind` (see READERS), into `project`.

    `policy` is "add", "replace" (the masks of every image in the file become those of the file)
    or "skip" (images with masks are left alone); a mask that is there already is never doubled.
    `crowds` "keep" takes a region of many things as one mask, "leave" leaves it out. Boxes become
    suggestions. Each changed image gets one step to undo, and all of it can be undone at once. With
    `dry_run`, and when stopped or on an error, nothing is changed. Raise FormatError for what
    cannot be read at all.
    """
    reader = _reader(path, kind, policy, crowds)
    told = Told.new()
    images = reader(path, told)
    ours = any((place / MARKER).is_file() for place in (path, *path.parents[:2]))
    rules = _Rules(policy, crowds, dry_run=dry_run, ours=ours)
    work = _Import(project, told, rules)
    changes = work.changes(images, progress, stopped)
    batch = None
    try:
        if dry_run:
            for _ in changes:
                pass
        else:
            batch = project.annotations.merge(changes, name=STEP, source=_shown(path.name))
    except _Stopped:
        return ImportPreview(0, (), (), 0, 0, 0, (), (), done=False)
    return work.preview(done=not dry_run, batch=batch)


def _reader(path: Path, kind: str, policy: str, crowds: str) -> Reader:
    reader = READERS.get(kind)
    if reader is None or policy not in POLICIES or crowds not in CROWDS:
        raise FormatError(
            f"Formats are {', '.join(READERS)}, policies {', '.join(POLICIES)}, and crowds are "
            f"{' or '.join(CROWDS)}."
        )
    if not path.exists():
        raise FormatError(f"There is nothing at {path}.")
    return reader


@dataclass(frozen=True, slots=True)
class ImportUndone:
    """Hold an import that was taken back, and what was kept of it; not `done`: it was stopped."""

    batch: BatchRow
    found: BatchUndone
    done: bool = True


def imports(project: Project) -> list[BatchRow]:
    """Return the imports into `project`, the newest first; those taken back no longer `stand`."""
    return [batch for batch in project.batches() if batch.name == STEP]


def undo_import(
    project: Project,
    number: int | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> ImportUndone | None:
    """Take back an import on all its images: that of this number, or else the newest that stands.

    Masks and boxes that were changed since are kept and counted; words that came with it stay. None
    where there is nothing to take back. When stopped, nothing is changed. Raise ProjectError when
    no import has the number.
    """

    def report(step: int, total: int) -> None:
        if stopped is not None and stopped():
            raise _Stopped
        if progress is not None:
            progress(step, total)

    known = imports(project)
    if number is not None and number not in {batch.id for batch in known}:
        raise ProjectError(f"There is no import number {number} in this project.")
    done = None
    for batch in known:
        if batch.stands and number in (None, batch.id):
            try:
                done = ImportUndone(batch, project.undo_batch(batch.id, progress=report))
            except _Stopped:
                return ImportUndone(batch, BatchUndone(0), done=False)
            if done.found.images:
                break
    return done


class _Stopped(Exception):
    """End the transaction without a trace."""


@dataclass(frozen=True, slots=True)
class _Rules:
    policy: str
    crowds: str
    dry_run: bool
    ours: bool


class _Import:
    """Decide image by image what changes."""

    def __init__(self, project: Project, told: Told, rules: _Rules) -> None:
        self._project, self._told, self._rules = project, told, rules
        self._matcher = Matcher(project, list(every_image(project)), ours=rules.ours)
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
            self._told.where = _shown(image.names[0])
            row = self._matcher.find(image)
            if isinstance(row, str):
                self._unmatched.append((_shown(image.names[0]), row))
            else:
                change = self._change(image, row)
                if change is not None:
                    yield change
            if progress is not None:
                progress(done, len(images))

    def preview(self, *, done: bool, batch: int | None) -> ImportPreview:
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
            suggested=self._count["suggested"],
            withdrawn=self._count["withdrawn"],
            examples=tuple((what, tuple(some)) for what, some in self._told.examples.items()),
            batch=batch,
        )

    def _change(self, image: ForeignImage, row: ImageRow) -> Merge | None:
        there = self._project.annotations.of_image(row.id)
        # An image may come twice: what the first time brought is not replaced by the second.
        before = self._before.setdefault(row.id, frozenset(one.id for one in there))
        drops = self._told.drops
        found = image.load(row)
        if found is None:
            return None
        drops = self._told.drops - drops
        if self._rules.policy == "skip" and before:
            self._count["skipped"] += len(found)
            return None
        replaces = self._rules.policy == "replace" and bool(found or not drops)
        regions = [one for one in found if one.kind != BOX and self._taken(one)]
        removed = frozenset(self._no_longer(there, before, regions) if replaces else ())
        added = self._new_masks(regions, [one for one in there if one.id not in removed])
        boxes = [one for one in found if one.kind == BOX]
        suggested, withdrawn = self._boxes(row, boxes, replaces=replaces)
        if not (added or removed or suggested or withdrawn):
            return None
        self._count["added"] += len(added)
        self._count["replaced"] += len(removed)
        return Merge(row.id, tuple(sorted(removed)), added, suggested, withdrawn)

    def _taken(self, one: ForeignMask) -> bool:
        if one.kind == CROWD and self._rules.crowds == "leave":
            self._told.drop(CROWDS_LEFT)
            return False
        self._told.notes.count(CROWDS_KEPT, int(one.kind == CROWD))
        return True

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

    def _new_masks(
        self, found: list[ForeignMask], there: list[AnnotationRow]
    ) -> tuple[tuple[int, Rle], ...]:
        kept = {(one.class_id, one.rle) for one in there}
        added: list[tuple[int, Rle]] = []
        for one in found:
            new = (self._class_id(one.word), one.rle)
            if new in kept:
                self._count["skipped"] += 1
            else:
                kept.add(new)
                added.append(new)
        return tuple(added)

    def _boxes(
        self, row: ImageRow, boxes: list[ForeignMask], *, replaces: bool
    ) -> tuple[tuple[Suggestion, ...], tuple[int, ...]]:
        """Return the suggestions to make of boxes, and the earlier ones that give way to them."""
        if not boxes and not replaces:
            return (), ()
        there = [
            one
            for one in self._project.suggestions.of_image(row.id, status=None)
            if one.model_version == IMPORTED
        ]
        known = {(one.class_id, one.rle) for one in there}
        wanted: dict[tuple[int, Rle], Suggestion] = {}
        for one in boxes:
            key = (self._class_id(one.word), one.rle)
            if key in known or key in wanted:
                self._count["skipped"] += 1
            wanted[key] = Suggestion(*key, score=one.score, threshold=0.0)
        gone = [
            one.id
            for one in there
            if replaces and one.status == "pending" and (one.class_id, one.rle) not in wanted
        ]
        new = tuple(one for key, one in wanted.items() if key not in known)
        self._count["suggested"] += len(new)
        self._count["withdrawn"] += len(gone)
        return new, tuple(gone)

    def _class_id(self, word: str) -> int:
        key = phrase_key(word)
        if key not in self._words:
            self._new.append(word)
            # Nothing is written for a preview: a number that no word has stands for the new one.
            fresh = -len(self._new) if self._rules.dry_run else self._project.classes.add(word).id
            self._words[key] = fresh
        return self._words[key]


def _shown(name: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in name[:120])
