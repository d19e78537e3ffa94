"""The project store: images, words, annotations, suggestions, model versions in SQLite."""

from cascadeclip.core.project.project import Project
from cascadeclip.core.project.rows import (
    AddResult,
    AnnotationRow,
    BatchRow,
    BatchUndone,
    ClassRow,
    ImageRow,
    RunRow,
    SuggestionRow,
    VersionRow,
)

__all__ = [
    "AddResult",
    "AnnotationRow",
    "BatchRow",
    "BatchUndone",
    "ClassRow",
    "ImageRow",
    "Project",
    "RunRow",
    "SuggestionRow",
    "VersionRow",
]
