"""Annotation formats, out and in."""

from cascadeclip.core.formats.coco import ExportResult, export_coco

__all__ = ["ExportResult", "export_coco"]
