"""Words: typed, joined, chosen by their digit."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import Row

DIGITS = tuple(
    Row(f"word_{digit}", "", f"Word {digit or 10}", (str(digit),), needs="project")
    for digit in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)
)
ROWS = (
    Row("type_word", "Edit", "Type a word", ("Ctrl+L",), needs="project"),
    Row(
        "join_words",
        "Edit",
        "Write as one word",
        ("Ctrl+Return", "Ctrl+Enter"),
        needs="project",
        edits=True,
    ),
    Row("show_all_words", "View", "Show hidden words"),
    Row("import_words", "File", "Import words...", needs="project", edits=True),
    Row("export_words", "File", "Export words...", needs="project"),
    *DIGITS,
)
