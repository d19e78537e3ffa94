"""Which model speaks for a project, to be told to a process that must not open the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pathlib import Path

    from cascadeclip.core.engine.engine import Engine, EngineSettings
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.rows import VersionRow


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Hold what `open_engine` asks a project: its folder, and the active version (None: bundled).

    It answers in the project's place.
    """

    folder: Path
    version: VersionRow | None

    @property
    def versions(self) -> ModelChoice:
        """Return what answers for the project's versions."""
        return self

    def active(self) -> VersionRow | None:
        """Return the version in use, None for the model that comes with the program."""
        return self.version

    def open(self, device: str, settings: EngineSettings | None = None) -> Engine:
        """Load the model here. Raises CheckpointError, DeviceUnavailable."""
        from cascadeclip.core.engine import open_engine

        return open_engine(cast("Project", self), device, settings=settings)


def choice_of(project: Project) -> ModelChoice:
    """Return which model speaks for `project` now."""
    return ModelChoice(project.folder, project.versions.active())
