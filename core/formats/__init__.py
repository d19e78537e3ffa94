"""Annotation formats, out and in."""

from cascadeclip.core.formats.coco import export_coco
from cascadeclip.core.formats.exporting import export
from cascadeclip.core.formats.options import ExportOptions, ExportResult
from cascadeclip.core.formats.profiles import PROFILES

__all__ = ["PROFILES", "ExportOptions", "ExportResult", "export", "export_coco"]
