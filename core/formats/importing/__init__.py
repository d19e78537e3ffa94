"""Annotations made by others: read with distrust, previewed, merged in one go."""

from cascadeclip.core.formats.importing.merging import (
    POLICIES,
    READERS,
    ImportPreview,
    import_annotations,
)

__all__ = ["POLICIES", "READERS", "ImportPreview", "import_annotations"]
