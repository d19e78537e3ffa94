from __future__ import annotations

from pathlib import Path

import pytest

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.experiments.report import Measured, measured, put_section, section
from cascadeclip.train.experiments.runs import Figures
from cascadeclip.train.experiments.scale import MiniScale
from cascadeclip.train.experiments.tables import TABLES, Row, Table

SMALL = MiniScale(train_scenes=2, test_scenes=1)


def figures(harmonic: float) -> Figures:
    return Figures(
        seen=60.0, unseen=50.0, harmonic=harmonic, accuracy=90.0, seconds=10.0, trained=1_500_000
    )


def test_a_section_tells_mean_spread_and_whose_order_it_is() -> None:
    table = Table(9, "Words", (Row("shared", "shared-text"), Row("own", "cascade", paper="1 / 2")))
    rows = (
        Measured(table.rows[0], (figures(50.0), figures(52.0))),
        Measured(table.rows[1], (figures(60.0), figures(64.0))),
    )
    text = section(table, rows)
    assert "| own | `cascade` | 2 | 60.0 ± 0.0 | 50.0 ± 0.0 | 62.0 ± 2.8 |" in text
    assert "| 1.50 M | 1 / 2 |" in text
    assert "below it, as in the paper: `shared-text` (-11.0 ± 3.2)." in text
    turned = section(table, (rows[0], Measured(table.rows[1], (figures(40.0), figures(41.0)))))
    assert "**above it, not the paper's order**: `shared-text` (+10.5 ± 1.6)." in turned
    near = section(table, (rows[0], Measured(table.rows[1], (figures(48.0), figures(50.0)))))
    assert "not told apart (within twice the spread): `shared-text` (+2.0 ± 2.0)." in near


def test_a_table_that_is_not_run_to_the_end_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match="lacks 2 runs of 'shared by the decoders'"):
        measured(TABLES[9], 2, 5, SMALL, tmp_path)


def test_a_section_replaces_its_older_self_and_no_other() -> None:
    text = "# Title\n\nWords.\n"
    for number, body in ((4, "four"), (14, "fourteen"), (4, "FOUR")):
        table = Table(number, "T", (Row("a", "cascade"),))
        text = put_section(text, table, f"## Table {number}: T\n\n{body}\n")
    assert text == "# Title\n\nWords.\n\n## Table 4: T\n\nFOUR\n\n## Table 14: T\n\nfourteen\n"
