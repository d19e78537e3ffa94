"""The documentation names every table and column there is."""

from pathlib import Path

import pytest

from cascadeclip.core.project import dictionary, schema

PAGE = Path(__file__).parents[4] / "docs" / "database.md"


def test_the_page_is_made_from_the_schema():
    assert PAGE.read_text(encoding="utf-8") == dictionary.page()


def test_every_table_view_and_column_has_a_meaning(world):
    store = world.project._store
    names = [
        row["name"]
        for row in store.rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        if not row["name"].startswith(("sqlite_", "_sqlite_", "image_search_"))
    ]
    actual = {
        name: [row["name"] for row in store.rows(f"PRAGMA table_info({name})")] for name in names
    }
    assert len(actual) == 15
    assert {name: list(columns) for name, (_, columns) in dictionary.MEANINGS.items()} == actual


@pytest.mark.parametrize("lost", [("images", "path"), ("acceptance", None)])
def test_what_has_no_meaning_is_a_fault(monkeypatch, lost):
    table, column = lost
    meanings = {name: (intro, dict(rows)) for name, (intro, rows) in dictionary.MEANINGS.items()}
    if column is None:
        del meanings[table]
    else:
        del meanings[table][1][column]
    monkeypatch.setattr(dictionary, "MEANINGS", meanings)
    with pytest.raises(KeyError):
        dictionary.page()
    meanings = {**dictionary.MEANINGS, table: ("", {"nowhere": "no such column"})}
    monkeypatch.setattr(dictionary, "MEANINGS", meanings)
    with pytest.raises(KeyError):
        dictionary.page()


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
