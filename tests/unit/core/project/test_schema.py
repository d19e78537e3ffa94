"""The documentation names every table and column there is."""

import re
from pathlib import Path

from cascadeclip.core.project import schema

PAGE = Path(__file__).parents[4] / "docs" / "database.md"


def documented():
    tables = {}
    for part in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        rows = re.findall(r"^\| (\w+) \| (.+) \|$", part, flags=re.MULTILINE)
        tables[part.split()[0]] = [column for column, meaning in rows[1:] if meaning.strip()]
    return tables


def test_the_page_is_the_schema(world):
    store = world.project._store
    names = [
        row["name"]
        for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not row["name"].startswith(("sqlite_", "_sqlite_"))
    ]
    actual = {
        name: [row["name"] for row in store.rows(f"PRAGMA table_info({name})")] for name in names
    }
    assert len(actual) == 8
    assert documented() == actual


def test_the_page_knows_the_numbers():
    text = PAGE.read_text(encoding="utf-8")
    assert str(schema.APPLICATION_ID) in text
    assert schema.APPLICATION_ID.to_bytes(4, "big") == b"CCLP"


def test_migrations_are_numbered_without_a_gap(world):
    store = world.project._store
    assert [name[:5] for name in schema.NAMES] == [
        f"m{number:04}" for number in range(1, schema.LATEST + 1)
    ]
    assert [row.name for row in schema.MIGRATIONS.applied(store.db)] == list(schema.NAMES)
    assert store.value("PRAGMA user_version") == schema.LATEST
    assert store.value("PRAGMA application_id") == schema.APPLICATION_ID
