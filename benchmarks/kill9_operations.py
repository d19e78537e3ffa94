"""What `kill9.py` kills: what is made before, what a child does, what must hold afterwards."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from sqlite_utils import Database

from cascadeclip.core import masks
from cascadeclip.core.formats import export
from cascadeclip.core.formats.importing import import_annotations, imports, undo_import
from cascadeclip.core.project import Project, copies, schema
from cascadeclip.core.replacing import recover
from cascadeclip.core.values import Suggestion

Say = Callable[[str], None]
HEIGHT, WIDTH, ROWS, FEW, TOGETHER = 20, 30, 1000, 200, 8
MASK = np.zeros((HEIGHT, WIDTH), np.bool_)
MASK[2:9, 3:20] = True
IMPORTED = 40
# A folder serves so many kills before it is made anew.
LIVES = 20
OLD = 2
# So many that bringing them into the index of a newer version takes a moment to be killed in.
IMAGES = 3000
WINDOWS = 12
# What may be seen in the folder of a project, whenever it was killed.
SEEN = {
    "project.db", "image.png", "backups", "copy.db", "out.json", "out", "cache",
    f"project.db.before-v{schema.LATEST}",
}  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """Hold what is made before, what the child does, and what must hold after it was killed."""

    prepare: Callable[[Path], None]
    work: Callable[[Path, Say], None]
    faults: Callable[[Path, list[str]], Iterable[str]]
    lives: int = LIVES


def make_project(folder: Path) -> None:
    """Make a project of one image, one word and many masks."""
    Image.new("RGB", (WIDTH, HEIGHT)).save(folder / "image.png")
    with Project.create(folder) as project:
        project.images.add(folder / "image.png")
        project.classes.add("cat")


def make_full(folder: Path, rows: int = ROWS) -> None:
    """Make a project of many masks."""
    make_project(folder)
    with Project.open(folder) as project:
        project.annotations.add(1, 1, MASK)
        project._store.run(_many(rows))


def make_some(folder: Path) -> None:
    """Make a project of some masks."""
    make_full(folder, FEW)


def make_old(folder: Path) -> None:
    """Make a project of many masks as version 2 of the schema had it."""
    Image.new("RGB", (WIDTH, HEIGHT)).save(folder / "image.png")
    rle = masks.encode(MASK)
    with closing(sqlite3.connect(folder / "project.db", isolation_level=None)) as connection:
        schema.MIGRATIONS.ensure_migrations_table(Database(connection, execute_plugins=False))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        for sql in schema.BASE_SQL + schema.PROVENANCE_SQL:
            connection.execute(sql)
        for name in schema.NAMES[:OLD]:
            connection.execute(
                "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
                " VALUES ('cascadeclip', ?, '')", (name,),
            )  # fmt: skip
        connection.execute(
            "INSERT INTO images VALUES (1, 'image.png', ?, ?, 1, 'd', 'unreviewed', '')",
            (WIDTH, HEIGHT),
        )
        connection.execute("INSERT INTO classes VALUES (1, 'cat', '[\"cat\"]', '#e69f00', 0, 0, 1)")
        connection.execute(
            "INSERT INTO annotations (id, image_id, class_id, height, width, counts, area, bbox_x,"
            " bbox_y, bbox_width, bbox_height, created, updated)"
            " VALUES (1, 1, 1, ?, ?, ?, 119, 3, 2, 17, 7, '', '')",
            (HEIGHT, WIDTH, rle.counts.decode("ascii")),
        )
        connection.execute(_many(ROWS))
        connection.execute(
            f"""WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {IMAGES})
            INSERT INTO images SELECT i, 'folder ' || (i % 9) || '/image ' || i || '.png', 9, 9, 1,
                i, 'unreviewed', '' FROM n"""
        )
        connection.execute(f"PRAGMA user_version = {OLD}")
        connection.execute("COMMIT")


def _many(rows: int) -> str:
    columns = (
        "image_id, class_id, height, width, counts, area, bbox_x, bbox_y, bbox_width, bbox_height,"
        " created, updated"
    )
    return (
        f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})"
        f" INSERT INTO annotations ({columns}) SELECT {columns} FROM annotations, n"
    )


def add(folder: Path, say: Say) -> None:
    """Add masks for ever."""
    with Project.open(folder, read_only=False) as project:
        while True:
            say(str(project.annotations.add(1, 1, MASK).id))


def accept_all(folder: Path, say: Say) -> None:
    """Propose some regions and accept them all as one step, for ever."""
    proposal = Suggestion(1, masks.encode(MASK), 0.5, 0.5)
    with Project.open(folder, read_only=False) as project:
        while True:
            rows = project.suggestions.replace(1, [proposal] * TOGETHER, "v1")
            made = project.suggestions.accept_many([row.id for row in rows])
            say(" ".join(str(row.id) for row in made))


def migrate(folder: Path, say: Say) -> None:
    """Bring an older project up to date."""
    Project.open(folder, read_only=False).close()
    say("done")


def back_up(folder: Path, say: Say) -> None:
    """Copy the database for ever, to a new file and over an old one by turns."""
    while True:
        say(str(copies.back_up(folder, out=folder / "copy.db")))
        say(str(copies.back_up(folder)))


def export_a_file(folder: Path, say: Say) -> None:
    """Export to the same file for ever."""
    with Project.open(folder, read_only=False) as project:
        while True:
            export(project, folder / "out.json", "coco")
            say("done")


def export_a_folder(folder: Path, say: Say) -> None:
    """Export to the same folder for ever."""
    with Project.open(folder, read_only=False) as project:
        while True:
            export(project, folder / "out", "yolo")
            say("done")


def prepare_cache(folder: Path) -> None:
    """Make a project, and load what the child needs before it is forked."""
    import torch

    torch.set_num_threads(1)
    make_project(folder)
    keep_features(folder, lambda text: None, rounds=1)


def keep_features(folder: Path, say: Say, rounds: int = 1 << 30) -> None:
    """Keep features of some windows on disk, again and again, with room for a few."""
    from cascadeclip.core.engine.store import FeatureStore

    store = FeatureStore(folder / "cache" / "features", limit=WINDOWS * _features(0)[1] // 2)
    for number in range(rounds * WINDOWS):
        store.put(number % WINDOWS, _features(number % WINDOWS)[0])
        say(str(number % WINDOWS))


def _features(number: int) -> tuple[Any, int]:
    """Return features that are told apart by their values, and about how many bytes they take."""
    import torch

    from cascadeclip.core.model.network import Features

    stages = torch.full((1, 3, 400, 32), float(number))
    return Features(stages, torch.full((1, 32), float(number)), (20, 20)), 2 * stages.numel() + 400


def faults_of_features(folder: Path, said: list[str]) -> Iterable[str]:
    """Look whether each window that is there is whole, and the one kept last is there."""
    from cascadeclip.core.engine.store import FeatureStore

    store = FeatureStore(folder / "cache" / "features")
    found = [number for number in range(WINDOWS) if store.get(number) is not None]
    for number in found:
        kept = store.get(number)
        if kept is None or not bool((kept.stages == number).all() and (kept.cls == number).all()):
            yield f"the features of window {number} are others"
    if said and int(said[-1]) not in found:
        yield f"lost the features of window {said[-1]}"
    partial = list((folder / "cache").rglob("*.partial"))
    if len(partial) > LIVES:
        yield f"{len(partial)} half-written files are left behind"


def make_imports(folder: Path) -> None:
    """Make an empty project beside two COCO files: one with some masks, one with half of them."""
    make_project(folder)
    word = {"id": 1, "name": "cat"}
    image = {"id": 1, "file_name": "image.png", "width": WIDTH, "height": HEIGHT}
    for name, count in (("all", IMPORTED), ("half", IMPORTED // 2)):
        rows = [
            {
                "id": 1 + k, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": 2 + k,
                "bbox": [0, 0, WIDTH, HEIGHT],
                "segmentation": {"size": [HEIGHT, WIDTH],
                                 "counts": [0, 2 + k, HEIGHT * WIDTH - 2 - k]},
            }
            for k in range(count)
        ]  # fmt: skip
        text = json.dumps({"images": [image], "categories": [word], "annotations": rows})
        (folder / f".{name}.json").write_text(text, "utf-8")


def bring_in(folder: Path, say: Say) -> None:
    """Import all masks, then half of them in their place, for ever."""
    with Project.open(folder, read_only=False) as project:
        while True:
            for name in ("all", "half"):
                import_annotations(project, folder / f".{name}.json", "coco", policy="replace")
                say(str(project.annotations.count()))


def faults_of_importing(folder: Path, said: list[str]) -> Iterable[str]:
    """Look for an import that was done by halves, or was promised and is gone."""
    with Project.open(folder, read_only=False) as project:
        count = project.annotations.count()
    if count not in (IMPORTED, IMPORTED // 2, *(() if said else (0,))):
        yield f"{count} masks after saying {said[-2:]}"
        yield from _faults_of_undoing(project, count)
    if not set(said) <= {str(IMPORTED), str(IMPORTED // 2)}:
        yield f"imported {sorted(set(said))}"


def _faults_of_undoing(project: Project, count: int) -> Iterable[str]:
    """Look whether the last import can be taken back and done again as a whole."""
    for batch in project.batches()[:1]:
        project.undo_batch(batch.id)
        if project.annotations.count() == count:
            yield "the last import is not taken back"
        project.redo_batch(batch.id)
        if project.annotations.count() != count:
            yield "the last import is not done again"


def take_back(folder: Path, say: Say) -> None:
    """Import all masks, add one, and take back the import beside it, for ever."""
    with Project.open(folder, read_only=False) as project:
        while True:
            import_annotations(project, folder / ".all.json", "coco")
            own = project.annotations.add(1, 1, MASK)
            undo_import(project)
            say(str(own.id))


def faults_of_taking_back(folder: Path, said: list[str]) -> Iterable[str]:
    """Look for an import or a taking back that was done by halves, or for a mask that is lost."""
    with Project.open(folder, read_only=False) as project:
        rows = project.annotations.of_image(1)
        count = sum(row.provenance.origin == "imported" for row in rows)
        if count not in (0, IMPORTED) or sum(one.stands for one in imports(project)) != (count > 0):
            yield f"{count} masks of an import of {IMPORTED}"
        own = {row.id for row in rows if row.rle == masks.encode(MASK)}
        if not {int(line) for line in said} <= own:
            yield "a mask beside the import is lost"


def faults_of_masks(folder: Path, said: list[str]) -> Iterable[str]:
    """Look for masks that were promised and are not there."""
    with Project.open(folder, read_only=False) as project:
        rows = project.annotations.of_image(1)
        kept = {row.id for row in rows}
        lost = {int(word) for line in said for word in line.split()} - kept
        if lost:
            yield f"lost masks {sorted(lost)[:9]}"
        if any(not np.array_equal(masks.decode(row.rle), MASK) for row in rows[-3:]):
            yield "a mask has other pixels"


def faults_of_accepting(folder: Path, said: list[str]) -> Iterable[str]:
    """Look for masks that are lost, and for steps that were done by halves."""
    yield from faults_of_masks(folder, said)
    with Project.open(folder, read_only=False) as project:
        counts = [project.suggestions.count(status=s) for s in ("accepted", "pending")]
        if counts[0] != project.annotations.count() or any(n % TOGETHER for n in counts):
            yield f"a step by halves: {counts} suggestions, {project.annotations.count()} masks"
        project.undo(1)
        if project.annotations.count() != max(0, counts[0] - TOGETHER):
            yield "undo took back something else than the last step"
        project.redo(1)


def faults_of_migrating(folder: Path, said: list[str]) -> Iterable[str]:
    """Look at the version before and after opening again, and at the copy of the older file."""
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version not in ((schema.LATEST,) if said else (OLD, schema.LATEST)):
        yield f"version {version} after saying {said}"
    copy = folder / f"project.db.before-v{schema.LATEST}"
    if version == schema.LATEST and not copy.exists():
        yield "migrated without a copy"
    if copy.exists():
        yield from _faults_of_copy(copy)
    with Project.open(folder, read_only=False) as project:
        if project.annotations.count() != ROWS:
            yield f"{project.annotations.count()} masks of {ROWS}"
        if project._store.value("PRAGMA user_version") != schema.LATEST:
            yield "not migrated by opening again"
        found = project.images.count(search="IMAGE"), project.images.count(search=f" {IMAGES}.png")
        if found != (IMAGES, 1):
            yield f"the index finds {found} images of {IMAGES} and 1"


def faults_of_copies(folder: Path, said: list[str]) -> Iterable[str]:
    """Look whether each copy that can be seen is whole, and each promised one is there."""
    seen = [*(folder / "backups").glob("[!.]*"), *folder.glob("copy.db")]
    for path in {Path(line) for line in said} - set(seen):
        yield f"lost the copy {path.name}"
    # The one that may be cut off, and the one before it.
    for path in sorted(seen, key=lambda path: path.stat().st_mtime_ns)[-3:]:
        yield from _faults_of_copy(path)


def _faults_of_copy(path: Path) -> Iterable[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        count = connection.execute("SELECT count(*) FROM annotations").fetchone()[0]
    if (verdict, count) != ("ok", ROWS):
        yield f"{path.name} is not whole: {verdict}, {count} masks"


def faults_of_export(folder: Path, said: list[str]) -> Iterable[str]:
    """Look whether the exported file, if there is one, is whole."""
    path = folder / "out.json"
    if said and not path.exists():
        yield "the exported file is gone"
    if path.exists() and len(json.loads(path.read_text("utf-8"))["annotations"]) != FEW:
        yield "the exported file lacks masks"


def faults_of_folder(folder: Path, said: list[str]) -> Iterable[str]:
    """Look whether the exported folder, if there is one, is whole.

    Between the old one stepping aside and the new one there is none for a moment; the next export
    brings the old one back.
    """
    out = folder / "out"
    if said and not out.exists():
        recover(out)
        if not out.exists():
            yield "the exported folder is gone"
    if out.exists():
        lines = [path.read_text("utf-8").count("\n") for path in out.rglob("image.txt")]
        if sum(lines) != FEW or not list(out.rglob("*.yaml")):
            yield f"the exported folder lacks masks: {lines}"


OPERATIONS = {
    "add": Operation(make_project, add, faults_of_masks),
    "accept-all": Operation(make_project, accept_all, faults_of_accepting),
    "migration": Operation(make_old, migrate, faults_of_migrating, lives=1),
    "backup": Operation(make_full, back_up, faults_of_copies),
    "import": Operation(make_imports, bring_in, faults_of_importing),
    "taking-back": Operation(make_imports, take_back, faults_of_taking_back),
    "export": Operation(make_some, export_a_file, faults_of_export),
    "export-folder": Operation(make_some, export_a_folder, faults_of_folder),
    "cache": Operation(prepare_cache, keep_features, faults_of_features),
}
