"""The model: which one speaks, others to get, two to compare."""

from __future__ import annotations

from cascadeclip.app.translation import mark
from cascadeclip.app.window.rows.row import Row

ROWS = (
    Row("model", "Model", mark("Model and versions"), ("F8",), needs="project"),
    Row("get_clip", "Model", mark("Get a model..."), needs=""),
    Row("compare_versions", "Model", mark("Compare two versions...")),
)
