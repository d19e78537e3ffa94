"""Export of a project's annotations as COCO instances with exact masks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.core.formats.exporting import export
from cascadeclip.core.formats.options import ExportOptions, ExportResult

if TYPE_CHECKING:
    from cascadeclip.core.project import Project

__all__ = ["ExportResult", "export_coco"]


def export_coco(
    project: Project,
    out: Path,
    *,
    reviewed_only: bool = False,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> ExportResult:
    """Write every annotation of `project` to the JSON file `out`, replaced whole.

    Masks are compressed run lengths of upright pixels, `file_name` is relative to the folder that
    holds all images of the project, images without annotations are kept, ids count from 1.
    `progress(done, total)` is called after every image, `stopped()` asked before each. Raise
    FormatError when the file cannot be written or an annotation is empty.
    """
    options = ExportOptions(reviewed_only=reviewed_only)
    return export(project, out, "coco", options=options, progress=progress, stopped=stopped)
