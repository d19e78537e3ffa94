"""What every table, view and column of project.db means; writes docs/database.md.

python -m cascadeclip.core.project.dictionary > docs/database.md
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing

from cascadeclip.core.project import schema
from cascadeclip.core.project.sqlite import Database

HEAD = """\
# The project database

A project is a folder: `project.db` (SQLite 3), `models/<version>/`, `cache/` and `backups/`. Images
stay where they are. Any SQLite tool can read the file; change it only through the program.

- The database runs in WAL mode with `synchronous=FULL` and foreign keys on. Every operation is one
  transaction: what a call returned is on the disk.
- Masks are COCO's compressed run lengths of the *upright* image: `counts` with `height`, `width`.
- Lists and dictionaries are JSON text. Times are UTC in ISO form. Ids are never used twice.
- `PRAGMA user_version` is the number of the last migration. Before an older file is migrated it is
  copied to `project.db.before-vN`, N being the version it is about to get; a newer one is refused.
- `backups/project-DATE-TIME.db` are checked copies (`cascadeclip backup`); each is one whole file.
- `project.db.lock` is there while a program has the project open for writing, and says which. The
  lock itself is the operating system's: a file left behind by a crash means nothing.
- `PRAGMA application_id` is 1128483920 ("CCLP"). `_sqlite_migrations` lists the applied migrations.
"""

# Table or view: what it holds, and its columns in the order of the file.
MEANINGS: dict[str, tuple[str, dict[str, str]]] = {
    "settings": (
        "Choices that belong to the project.",
        {
            "key": "name of the choice",
            "value": "what was chosen, as JSON",
        },
    ),
    "images": (
        "One row per image file.",
        {
            "id": "number of the image",
            "path": "from the project folder to the file, with `/`; absolute on another drive",
            "width": "pixels across, upright",
            "height": "pixels down, upright",
            "orientation": "EXIF orientation of the file, 1 to 8",
            "digest": "SHA-256 of the file when it was added",
            "status": "`unreviewed` or `reviewed`",
            "added": "when it was added",
            "size": "bytes of the file when its digest was taken; empty: not known",
            "modified": "time of the file then, in ns since 1970; empty: not known",
            "suggested_with": "what the suggestions were made with, as a mark, and the beginning "
            "of the digest; empty: not known",
        },
    ),
    "classes": (
        "The words of the vocabulary. A word that left stays here, hidden, so that its id "
        "keeps its meaning.",
        {
            "id": "number of the word",
            "name": "the word as typed",
            "phrases": "its spellings, the name first, as JSON",
            "colour": "`#rrggbb`",
            "position": "place in the vocabulary, from 0",
            "negative": "1: competes for pixels, is never suggested",
            "active": "0: hidden",
            "threshold": "its own threshold, 0 to 1; empty: the project's",
            "key": "its own number key, 0 to 9; empty: by its place",
        },
    ),
    "annotations": (
        "The masks of people.",
        {
            "id": "number of the annotation",
            "image_id": "its image",
            "class_id": "its word",
            "height": "rows of the mask",
            "width": "columns of the mask",
            "counts": "run lengths of the mask",
            "area": "pixels in the mask",
            "bbox_x": "left edge of the tight box",
            "bbox_y": "upper edge of the tight box",
            "bbox_width": "width of the tight box",
            "bbox_height": "height of the tight box",
            "created": "when it was made",
            "updated": "when it was last changed",
            "origin": "`drawn`, `accepted` or `imported`",
            "suggestion_id": "the suggestion it was; that one may be gone after undo",
            "model_version": "the model that proposed it",
            "phrases": "the spellings the model was asked for, as JSON",
            "templates": "the sentences around them, as JSON",
            "score": "the model's score, 0 to 1",
            "threshold": "the threshold in force",
            "author": "who made it: the setting `author`, else the account; `cascadeclip`: "
            "accepted by the program itself",
            "seconds": "time a person spent on it, pauses beyond two minutes left out",
            "edited_pixels": "pixels changed by hand since the model's mask",
        },
    ),
    "suggestions": (
        "What models proposed. Undecided ones are replaced by newer ones, decided ones "
        "stay for statistics.",
        {
            "id": "number of the suggestion",
            "image_id": "its image",
            "class_id": "its word",
            "height": "rows of the mask",
            "width": "columns of the mask",
            "counts": "run lengths of the mask",
            "score": "mean probability inside, 0 to 1",
            "threshold": "the threshold in force",
            "phrases": "the spellings the model was asked for, as JSON",
            "templates": "the sentences around them, as JSON",
            "model_version": "the model that proposed it",
            "status": "`pending`, `accepted` or `rejected`",
            "created": "when it was proposed",
            "decided": "when somebody decided",
        },
    ),
    "journal": (
        "The steps that can be undone and done again, per image; of each image the "
        "last 500 are kept, or as many as the setting `journal.kept` says.",
        {
            "id": "number of the step",
            "image_id": "the image it was done to",
            "name": "what was done, as shown by undo",
            "changes": "the rows it changed, columns before and after, as JSON",
            "undone": "1: taken back, can be done again",
            "created": "when it was done",
            "batch_id": "the change of many images it is part of; empty: it stands alone",
            "reverts": "the step that it took back while others had been done since; empty: none",
        },
    ),
    "batches": (
        "Changes of many images at once, such as an import: undone as one step.",
        {
            "id": "number of the change",
            "name": "what was done",
            "images": "how many images have a step of it that was not given up after undo",
            "created": "when it was done",
            "source": "the file or folder it came from; empty: not known",
            "added": "masks that it brought; empty: not known",
            "removed": "masks that it took out; empty: not known",
            "suggested": "suggestions that it brought; empty: not known",
        },
    ),
    "model_versions": (
        "The trained models.",
        {
            "id": "number of the version",
            "name": "name of the version",
            "folder": "where its weights are, relative to the project folder",
            "parent": "the model it was trained from",
            "recipe": "how it was trained",
            "created": "when it was registered",
        },
    ),
    "runs": (
        "The training runs that made the versions.",
        {
            "id": "number of the run",
            "version_id": "the version it made",
            "recipe": "how it was trained",
            "device": "where it ran",
            "seed": "the number its chance began with",
            "seconds": "how long it took",
            "advised": "1: it found its version better, 0: not better; empty: it did not judge",
            "reason": "why",
            "details": "what is needed to repeat it, as JSON",
            "others": "what it measured that is no number, as JSON",
            "created": "when it was recorded",
        },
    ),
    "metrics": (
        "The numbers that runs measured, one a row.",
        {
            "id": "number of the row",
            "run_id": "its run",
            "part": "`before` or `after` training, `validation`; empty: of the whole run",
            "name": "what was measured: `miou`, `accuracy`, `per_word` (IoU of a word), ...",
            "word": "the word, for a number per word",
            "value": "the number",
        },
    ),
    "model_activations": (
        "Every switch of the model in use; the last row counts.",
        {
            "id": "number of the switch",
            "version_id": "the version in use from here on; empty: the program's own model",
            "before_id": "the switch to go back to",
            "reason": "`activate` or `rollback`",
            "created": "when it was switched",
        },
    ),
    "looks": (
        "What the model that looked last made of an image as a whole: the list of images is "
        "ordered by it.",
        {
            "image_id": "the image",
            "model_version": "the model that looked",
            "embedding": "its global vector, unit length, half-precision numbers (little endian)",
            "uncertainty": "how unsure it was, 0 to 1: the mean over the pixels",
            "agreement": "how far its suggestions cover the masks of people, 0 to 1: mean IoU of "
            "the words; empty: there were no masks",
            "created": "when it looked",
        },
    ),
    "image_search": (
        "Where any three letters that follow each other occur in paths: an index to search by, "
        "kept up to date by triggers on images. Its parts are the tables `image_search_...`.",
        {"path": "the path of the image `rowid`, A-Z as a-z; it cannot be read back"},
    ),
    "suggestion_counts": (
        "What became of the suggestions, kept up to date by triggers on suggestions and "
        "annotations; read the view `acceptance` instead.",
        {
            "model_version": "the model that proposed; `imported`: a file",
            "class_id": "number of the word",
            "suggested": "suggestions that are there",
            "pending": "nobody decided",
            "accepted": "somebody accepted",
            "rejected": "somebody rejected",
            "unchanged": "accepted, and the mask is still the model's",
        },
    ),
    "acceptance": (
        "What people made of the suggestions, per model and word.",
        {
            "model_version": "the model that proposed",
            "class_id": "number of the word",
            "word": "the word",
            "suggested": "suggestions that are there, decided or not",
            "pending": "nobody decided",
            "accepted": "somebody accepted",
            "rejected": "somebody rejected",
            "unchanged": "accepted, and the mask is still the model's, pixel for pixel",
            "share": "accepted ones among the decided, 0 to 1; empty: none decided",
        },
    ),
}


def page() -> str:
    """Return the text of docs/database.md, made from the schema as the migrations leave it.

    Raises KeyError for a table, view or column without a meaning, or a meaning without a column.
    """
    return "\n".join([HEAD, *(_section(*entry) for entry in columns().items())])


def columns() -> dict[str, list[tuple[str, str]]]:
    """Return name and type of every column by table or view, the views last."""
    with closing(sqlite3.connect(":memory:")) as connection:
        schema.MIGRATIONS.apply(Database(connection, execute_plugins=False))
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
            " AND name NOT LIKE 'sqlite%' AND name NOT LIKE '_sqlite%'"
            " AND name NOT LIKE 'image~_search~_%' ESCAPE '~' ORDER BY type, rowid"
        ).fetchall()
        return {
            name: [
                (row[1], row[2].lower()) for row in connection.execute(f"PRAGMA table_info({name})")
            ]
            for (name,) in names
        }


def _section(name: str, found: list[tuple[str, str]]) -> str:
    intro, meanings = MEANINGS[name]
    unknown = set(meanings) - {column for column, _ in found}
    if unknown:
        raise KeyError(f"{name}: {sorted(unknown)}")
    rows = [f"| {column} | {kind} | {meanings[column]} |" for column, kind in found]
    return "\n".join([f"## {name}", "", intro, "", "| column | type | meaning |", "|---|---|---|",
                      *rows, ""])  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(page())
