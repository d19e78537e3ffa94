"""Which model speaks for a project, to be told to a process that must not open the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from cascadeclip.core.engine.engine import Engine, EngineSettings
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.rows import VersionRow


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Hold a project's folder and its active version (None: the model that is bundled)."""

    folder: Path
    version: VersionRow | None

    def open(self, device: str, settings: EngineSettings | None = None) -> Engine:
        """Load the model here. Raises CheckpointError, DeviceUnavailable."""
        # where it is needed: it brings torch, which the process that asks may do without
        from cascadeclip.core.engine.models import open_model, version_folder

        return open_model(version_folder(self.folder, self.version), device, settings=settings)


def choice_of(project: Project) -> ModelChoice:
    """Return which model speaks for `project` now."""
    return ModelChoice(project.folder, project.versions.active())
