"""What to say of a damaged database, and what to do about it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

DATABASE = "project.db"
FOLDER = "backups"


def newest_copy(folder: Path) -> Path | None:
    """Return the newest copy of the database that lies in the project, None without any."""
    found = [*(folder / FOLDER).glob("project-*.db"), *folder.glob(f"{DATABASE}.before-v*")]
    return max(found, key=lambda path: path.stat().st_mtime_ns, default=None)


def damaged(path: Path, verdict: str = "") -> str:
    """Say that the database is damaged, where the newest copy is and what may be saved."""
    copy = newest_copy(path.parent)
    kept = "there is no copy in the project"
    if copy is not None:
        when = datetime.fromtimestamp(copy.stat().st_mtime, UTC)
        kept = f"the newest copy is {copy} of {when:%Y-%m-%d %H:%M} UTC"
    reason = f" ({' '.join(verdict.split())[:120]})" if verdict else " or not a project database"
    return (
        f"{path} is damaged{reason}: {kept}, and what can be read is saved by: "
        f"cascadeclip backup --recover {path.parent}"
    )
