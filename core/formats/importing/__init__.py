"""Annotations made by others: read with distrust, previewed, merged in one go."""

from cascadeclip.core.formats.importing.merging import (
    CROWDS,
    POLICIES,
    READERS,
    ImportPreview,
    ImportUndone,
    import_annotations,
    imports,
    undo_import,
)

__all__ = [
    "CROWDS",
    "POLICIES",
    "READERS",
    "ImportPreview",
    "ImportUndone",
    "import_annotations",
    "imports",
    "undo_import",
]
