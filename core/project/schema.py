"""The tables of project.db and how they came about: numbered migrations, never edited once shipped.

Each migration is applied in one transaction with its own record. Journal entries hold rows by
column name, so a migration that renames or drops a column rewrites the journal as well.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

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


NAMES: tuple[str, ...] = ("m0001_base", "m0002_provenance", "m0003_files_and_acceptance")
LATEST = len(NAMES)


def _run(db: Database, statements: tuple[str, ...], *, version: int) -> None:
    for statement in statements:
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {version}")
