"""What keeps a project well."""

from __future__ import annotations

from cascadeclip.app.window.rows.row import Row

ROWS = (
    Row("check_project", "File", "Check project...", needs="project"),
    Row("back_up", "File", "Back up...", needs="project"),
    Row("project_settings", "File", "Project settings...", needs="project"),
)
