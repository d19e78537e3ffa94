"""What a person chooses for a project: who works here, and how far back undo goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project.hand import AUTHOR_SETTING, account
from cascadeclip.core.project.journal import KEPT, KEPT_SETTING

if TYPE_CHECKING:
    from cascadeclip.core.project.project import Project

MOST_STEPS = 100_000
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Preferences:
    """Hold the choices; `author` is empty for the name of the account, which is `account`."""

    author: str
    account: str
    undo_steps: int


def read(project: Project) -> Preferences:
    """Return what is chosen, and what counts where nothing is. Raises ProjectError."""
    author, steps = project.settings.get(AUTHOR_SETTING), project.settings.get(KEPT_SETTING)
    known = isinstance(steps, int) and not isinstance(steps, bool) and 1 <= steps <= MOST_STEPS
    return Preferences(
        author.strip() if isinstance(author, str) else "",
        account() or "",
        steps if known else KEPT,
    )


def keep(project: Project, *, author: str | None = None, undo_steps: int | None = None) -> None:
    """Keep choices; what is None stays. An empty author is the account again.

    `undo_steps` (1..100,000) counts from the next change of each image on; older steps beyond it go
    then. Raises ProjectError, and keeps nothing, for what cannot be.
    """
    if undo_steps is not None and not 1 <= undo_steps <= MOST_STEPS:
        raise ProjectError(f"Steps to undo are 1 to {MOST_STEPS}, not {undo_steps}.")
    name = None if author is None else " ".join(author.split())
    if name is not None and (len(name) > _LONGEST or not name.isprintable()):
        raise ProjectError(f"A name has at most {_LONGEST} characters that can be printed.")
    chosen = {AUTHOR_SETTING: name, KEPT_SETTING: undo_steps}
    project.settings.set_many({key: value for key, value in chosen.items() if value is not None})
