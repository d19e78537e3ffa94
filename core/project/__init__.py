"""The project store: images, words, annotations, suggestions, model versions in SQLite."""

from cascadeclip.core.project.project import Project
from cascadeclip.core.project.rows import (
    AddResult,
    AnnotationRow,
    ClassRow,
    ImageRow,
    SuggestionRow,
    VersionRow,
)

__all__ = [
    "AddResult",
    "AnnotationRow",
    "ClassRow",
    "ImageRow",
    "Project",
    "SuggestionRow",
    "VersionRow",
]
