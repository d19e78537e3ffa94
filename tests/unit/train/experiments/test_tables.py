from __future__ import annotations

import pytest

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.experiments.tables import TABLES, find_tables
from cascadeclip.train.presets import PRESETS


def test_every_table_of_the_issue_is_there_with_presets_that_exist() -> None:
    assert tuple(TABLES) == (4, 5, 6, 7, 8, 9, 10, 14, 15, 16, 17, 18)
    for table in TABLES.values():
        assert len(table.rows) >= 2
        assert {row.preset for row in table.rows} <= set(PRESETS)
        assert table.choice in {row.preset for row in table.rows}


def test_only_known_tables_are_found() -> None:
    assert find_tables("all") == tuple(TABLES.values())
    assert find_tables("8") == (TABLES[8],)
    for wrong in ("99", "x", "-4", "²"):
        with pytest.raises(TrainingFailed):
            find_tables(wrong)
