"""The tables of project.db and how they came about: numbered migrations, never edited once shipped.

Each migration is applied in one transaction with its own record. Journal entries hold rows by
column name, so a migration that renames or drops a column rewrites the journal as well.
"""

from __future__ import annotations

import json

from cascadeclip.core.project import measures
from cascadeclip.core.project.sqlite import Database, Migrations

# "CCLP": lets other programs tell this kind of file from any other database.
APPLICATION_ID = 0x43434C50

MIGRATIONS = Migrations("cascadeclip")

BASE_SQL: tuple[str, ...] = (
    """CREATE TABLE settings (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE images (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path TEXT NOT NULL UNIQUE,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        orientation INTEGER NOT NULL,
        digest TEXT NOT NULL,
        status TEXT NOT NULL DEFAULT 'unreviewed' CHECK (status IN ('unreviewed', 'reviewed')),
        added TEXT NOT NULL
    )""",
    "CREATE INDEX images_by_status ON images (status, id)",
    "CREATE INDEX images_by_digest ON images (digest)",
    """CREATE TABLE classes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        phrases TEXT NOT NULL,
        colour TEXT NOT NULL,
        position INTEGER NOT NULL,
        negative INTEGER NOT NULL DEFAULT 0
    )""",
    """CREATE TABLE annotations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image_id INTEGER NOT NULL REFERENCES images (id),
        class_id INTEGER NOT NULL REFERENCES classes (id),
        height INTEGER NOT NULL,
        width INTEGER NOT NULL,
        counts TEXT NOT NULL,
        area INTEGER NOT NULL,
        bbox_x INTEGER NOT NULL,
        bbox_y INTEGER NOT NULL,
        bbox_width INTEGER NOT NULL,
        bbox_height INTEGER NOT NULL,
        created TEXT NOT NULL,
        updated TEXT NOT NULL
    )""",
    "CREATE INDEX annotations_by_image ON annotations (image_id)",
    "CREATE INDEX annotations_by_class ON annotations (class_id)",
    """CREATE TABLE suggestions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image_id INTEGER NOT NULL REFERENCES images (id),
        class_id INTEGER NOT NULL REFERENCES classes (id),
        height INTEGER NOT NULL,
        width INTEGER NOT NULL,
        counts TEXT NOT NULL,
        score REAL NOT NULL,
        threshold REAL NOT NULL,
        phrases TEXT NOT NULL,
        templates TEXT NOT NULL,
        model_version TEXT NOT NULL,
        status TEXT NOT NULL DEFAULT 'pending'
            CHECK (status IN ('pending', 'accepted', 'rejected')),
        created TEXT NOT NULL,
        decided TEXT
    )""",
    "CREATE INDEX suggestions_by_image ON suggestions (image_id, status)",
    """CREATE TABLE journal (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image_id INTEGER NOT NULL REFERENCES images (id),
        name TEXT NOT NULL,
        changes TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0,
        created TEXT NOT NULL
    )""",
    "CREATE INDEX journal_by_image ON journal (image_id, undone, id)",
    """CREATE TABLE model_versions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        folder TEXT NOT NULL,
        parent TEXT,
        recipe TEXT NOT NULL,
        metrics TEXT NOT NULL,
        created TEXT NOT NULL
    )""",
    """CREATE TABLE model_activations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        version_id INTEGER REFERENCES model_versions (id),
        before_id INTEGER REFERENCES model_activations (id),
        reason TEXT NOT NULL CHECK (reason IN ('activate', 'rollback')),
        created TEXT NOT NULL
    )""",
)

PROVENANCE_SQL: tuple[str, ...] = (
    "ALTER TABLE classes ADD COLUMN active INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE annotations ADD COLUMN origin TEXT NOT NULL DEFAULT 'drawn'",
    "ALTER TABLE annotations ADD COLUMN suggestion_id INTEGER",
    "ALTER TABLE annotations ADD COLUMN model_version TEXT",
    "ALTER TABLE annotations ADD COLUMN phrases TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE annotations ADD COLUMN templates TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE annotations ADD COLUMN score REAL",
    "ALTER TABLE annotations ADD COLUMN threshold REAL",
    "ALTER TABLE annotations ADD COLUMN author TEXT",
    "ALTER TABLE annotations ADD COLUMN seconds REAL",
    "ALTER TABLE annotations ADD COLUMN edited_pixels INTEGER NOT NULL DEFAULT 0",
)

FILES_SQL: tuple[str, ...] = (
    "ALTER TABLE images ADD COLUMN size INTEGER",
    "ALTER TABLE images ADD COLUMN modified INTEGER",
)

ACCEPTANCE_SQL: tuple[str, ...] = (
    "CREATE INDEX annotations_by_suggestion ON annotations (suggestion_id)",
    """CREATE VIEW acceptance AS SELECT
        suggestions.model_version AS model_version,
        suggestions.class_id AS class_id,
        classes.name AS word,
        count(*) AS suggested,
        sum(suggestions.status = 'pending') AS pending,
        sum(suggestions.status = 'accepted') AS accepted,
        sum(suggestions.status = 'rejected') AS rejected,
        sum(suggestions.status = 'accepted' AND annotations.edited_pixels = 0
            AND annotations.class_id = suggestions.class_id) AS unchanged,
        1.0 * sum(suggestions.status = 'accepted') / nullif(
            sum(suggestions.status != 'pending'), 0) AS share
    FROM suggestions
        JOIN classes ON classes.id = suggestions.class_id
        LEFT JOIN annotations ON annotations.suggestion_id = suggestions.id
    GROUP BY suggestions.model_version, suggestions.class_id""",
)


RUNS_SQL: tuple[str, ...] = (
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        version_id INTEGER NOT NULL UNIQUE REFERENCES model_versions (id),
        recipe TEXT NOT NULL,
        device TEXT,
        seed INTEGER,
        seconds REAL,
        advised INTEGER,
        reason TEXT,
        details TEXT NOT NULL DEFAULT '{}',
        others TEXT NOT NULL DEFAULT '{}',
        created TEXT NOT NULL
    )""",
    """CREATE TABLE metrics (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id INTEGER NOT NULL REFERENCES runs (id),
        part TEXT NOT NULL,
        name TEXT NOT NULL,
        word TEXT,
        value NUMERIC NOT NULL
    )""",
    "CREATE INDEX metrics_by_run ON metrics (run_id)",
)

STEPS_SQL: tuple[str, ...] = (
    """CREATE TABLE batches (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        images INTEGER NOT NULL,
        created TEXT NOT NULL
    )""",
    "ALTER TABLE journal ADD COLUMN batch_id INTEGER REFERENCES batches (id)",
    "CREATE INDEX journal_by_batch ON journal (batch_id) WHERE batch_id IS NOT NULL",
    # In the order of the list and narrow: searching and skipping read a fifth of the table.
    "CREATE INDEX images_in_order ON images (id, status, path)",
    "ALTER TABLE images ADD COLUMN suggested_with TEXT",
    # The marks stood among the settings, and held JSON text: quotes around.
    """UPDATE images SET suggested_with = (
        SELECT trim(value, '"') FROM settings WHERE key = 'prelabel/' || images.id)""",
    "DELETE FROM settings WHERE key LIKE 'prelabel/%'",
)

_UNCHANGED = """({row}.status = 'accepted') * (
    SELECT count(*) FROM annotations WHERE suggestion_id = {row}.id
        AND edited_pixels = 0 AND annotations.class_id = {row}.class_id)"""
_COUNTS = ("suggested", "pending", "accepted", "rejected", "unchanged")


def _counted(row: str, sign: str) -> str:
    """Return the statement that adds the suggestion `row` to the counts or takes it out."""
    unchanged = _UNCHANGED.format(row=row)
    sums = ", ".join(f"{name} = {name} {sign} excluded.{name}" for name in _COUNTS)
    return f"""INSERT INTO suggestion_counts VALUES ({row}.model_version, {row}.class_id, 1,
        {row}.status = 'pending', {row}.status = 'accepted', {row}.status = 'rejected',
        {unchanged}) ON CONFLICT DO UPDATE SET {sums};"""


def _touched(row: str, sign: str) -> str:
    """Return the statement that follows an annotation `row` which is the model's mask as it was."""
    return f"""UPDATE suggestion_counts SET unchanged = unchanged {sign} 1
        WHERE {row}.edited_pixels = 0 AND (model_version, class_id) = (
            SELECT model_version, class_id FROM suggestions WHERE id = {row}.suggestion_id
                AND status = 'accepted' AND class_id = {row}.class_id);"""


COUNTS_SQL: tuple[str, ...] = (
    """CREATE TABLE suggestion_counts (
        model_version TEXT NOT NULL,
        class_id INTEGER NOT NULL,
        suggested INTEGER NOT NULL,
        pending INTEGER NOT NULL,
        accepted INTEGER NOT NULL,
        rejected INTEGER NOT NULL,
        unchanged INTEGER NOT NULL,
        PRIMARY KEY (model_version, class_id)
    ) WITHOUT ROWID""",
    f"""INSERT INTO suggestion_counts SELECT model_version, class_id, count(*),
        sum(status = 'pending'), sum(status = 'accepted'), sum(status = 'rejected'),
        sum({_UNCHANGED.format(row="suggestions")})
    FROM suggestions GROUP BY model_version, class_id""",
    "DROP VIEW acceptance",
    """CREATE VIEW acceptance AS SELECT
        model_version, class_id, classes.name AS word, suggested, pending, accepted, rejected,
        unchanged, 1.0 * accepted / nullif(accepted + rejected, 0) AS share
    FROM suggestion_counts JOIN classes ON classes.id = class_id WHERE suggested > 0""",
    f"""CREATE TRIGGER suggestion_added AFTER INSERT ON suggestions
    BEGIN {_counted("NEW", "+")} END""",
    f"""CREATE TRIGGER suggestion_changed AFTER UPDATE ON suggestions
    BEGIN {_counted("OLD", "-")} {_counted("NEW", "+")} END""",
    f"""CREATE TRIGGER suggestion_removed AFTER DELETE ON suggestions
    BEGIN {_counted("OLD", "-")} END""",
    f"""CREATE TRIGGER annotation_added AFTER INSERT ON annotations
    WHEN NEW.suggestion_id IS NOT NULL BEGIN {_touched("NEW", "+")} END""",
    f"""CREATE TRIGGER annotation_changed AFTER UPDATE OF class_id, edited_pixels, suggestion_id
    ON annotations WHEN NEW.suggestion_id IS NOT NULL OR OLD.suggestion_id IS NOT NULL
    BEGIN {_touched("OLD", "-")} {_touched("NEW", "+")} END""",
    f"""CREATE TRIGGER annotation_removed AFTER DELETE ON annotations
    WHEN OLD.suggestion_id IS NOT NULL BEGIN {_touched("OLD", "-")} END""",
)

LOOKS_SQL: tuple[str, ...] = (
    "ALTER TABLE classes ADD COLUMN threshold REAL CHECK (threshold BETWEEN 0 AND 1)",
    "ALTER TABLE classes ADD COLUMN key INTEGER CHECK (key BETWEEN 0 AND 9)",
    """CREATE TABLE looks (
        image_id INTEGER PRIMARY KEY REFERENCES images (id),
        model_version TEXT NOT NULL,
        embedding BLOB NOT NULL,
        uncertainty REAL NOT NULL,
        agreement REAL,
        created TEXT NOT NULL
    )""",
    "CREATE INDEX looks_by_worth ON looks (uncertainty, agreement)",
    # The list of images of a word: no mask has to be read for it.
    "CREATE INDEX suggestions_by_class ON suggestions (class_id, status, image_id)",
)

# As SQLite's `LIKE` compares: letters A-Z as a-z, all others as they are.
SEARCH_SQL: tuple[str, ...] = (
    """CREATE VIRTUAL TABLE image_search USING fts5 (
        path, content='', columnsize=0, tokenize='trigram case_sensitive 1')""",
    "INSERT INTO image_search (rowid, path) SELECT id, lower(path) FROM images",
    """CREATE TRIGGER image_added AFTER INSERT ON images BEGIN
        INSERT INTO image_search (rowid, path) VALUES (NEW.id, lower(NEW.path)); END""",
    """CREATE TRIGGER image_moved AFTER UPDATE OF id, path ON images BEGIN
        INSERT INTO image_search (image_search, rowid, path)
            VALUES ('delete', OLD.id, lower(OLD.path));
        INSERT INTO image_search (rowid, path) VALUES (NEW.id, lower(NEW.path)); END""",
    """CREATE TRIGGER image_removed AFTER DELETE ON images BEGIN
        INSERT INTO image_search (image_search, rowid, path)
            VALUES ('delete', OLD.id, lower(OLD.path)); END""",
)

IMPORTS_SQL: tuple[str, ...] = (
    "ALTER TABLE batches ADD COLUMN source TEXT",
    "ALTER TABLE batches ADD COLUMN added INTEGER",
    "ALTER TABLE batches ADD COLUMN removed INTEGER",
    "ALTER TABLE batches ADD COLUMN suggested INTEGER",
    "ALTER TABLE journal ADD COLUMN reverts INTEGER",
    "CREATE INDEX journal_by_reverts ON journal (reverts) WHERE reverts IS NOT NULL",
)


@MIGRATIONS()
def m0001_base(db: Database) -> None:
    """Make images, classes, annotations, suggestions, journal, model versions and settings."""
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    _run(db, BASE_SQL, version=1)


@MIGRATIONS()
def m0002_provenance(db: Database) -> None:
    """Record where each annotation comes from, and hide words that left the vocabulary."""
    _run(db, PROVENANCE_SQL, version=2)


@MIGRATIONS()
def m0003_files_and_acceptance(db: Database) -> None:
    """Remember size and time of each image file, and count what became of suggestions.

    By size and time a changed file is noticed at a glance; the view counts per word and model.
    """
    _run(db, FILES_SQL + ACCEPTANCE_SQL, version=3)


@MIGRATIONS()
def m0004_runs_batches_counts(db: Database) -> None:
    """Give training runs and what they measured tables, and tie the steps of an import together.

    What became of suggestions is counted as it happens: the view is as quick at a million of them.
    """
    _run(db, RUNS_SQL, version=4)
    for version in db.execute(
        "SELECT id, recipe, created, metrics FROM model_versions WHERE metrics != '{}' ORDER BY id"
    ).fetchall():
        keep_metrics(db, *version)
    db.execute("ALTER TABLE model_versions DROP COLUMN metrics")
    _run(db, STEPS_SQL + COUNTS_SQL, version=4)


@MIGRATIONS()
def m0005_looks(db: Database) -> None:
    """Keep what a model made of each image as a whole, and a word's own threshold and key."""
    _run(db, LOOKS_SQL, version=5)


@MIGRATIONS()
def m0006_search_and_imports(db: Database) -> None:
    """Look for images in an index, and say what each import brought, so that one can be chosen."""
    _run(db, SEARCH_SQL + IMPORTS_SQL, version=6)


def keep_metrics(db: Database, version_id: int, recipe: str, created: str, metrics: str) -> None:
    """Give the JSON `metrics` that a version had before version 4 a run and rows."""
    found = measures.apart(json.loads(metrics))
    run_id = db.execute(
        "INSERT INTO runs (version_id, recipe, seconds, advised, reason, others, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            version_id, recipe, found.seconds, found.advised, found.reason,
            json.dumps(found.rest, ensure_ascii=False), created,
        ),
    ).lastrowid  # fmt: skip
    for row in found.rows:
        db.execute(
            "INSERT INTO metrics (run_id, part, name, word, value) VALUES (?, ?, ?, ?, ?)",
            (run_id, *row),
        )


NAMES: tuple[str, ...] = (
    "m0001_base",
    "m0002_provenance",
    "m0003_files_and_acceptance",
    "m0004_runs_batches_counts",
    "m0005_looks",
    "m0006_search_and_imports",
)
LATEST = len(NAMES)


def _run(db: Database, statements: tuple[str, ...], *, version: int) -> None:
    for statement in statements:
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {version}")
