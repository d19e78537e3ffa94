"""The sentences a phrase is put into before the text tower reads it.

A project keeps its choice among its settings; without one the model's own sentences are used. The
set of 15 is the one common to open-vocabulary segmentation, as in the paper's text side (Section
4.1); a single sentence is quicker for the text tower and costs little.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cascadeclip.core.errors import VocabularyError

if TYPE_CHECKING:
    from cascadeclip.core.project import Project

SLOT: Final = "{}"
SETTING: Final = "templates"
MOST: Final = 200
"""More sentences than this are refused: every phrase is read once in each of them."""

SINGLE: Final = ("a photo of a {}",)
_SIZES = ("", "small ", "medium ", "large ")
FIFTEEN: Final = (
    *(f"a photo of a {size}{{}}." for size in _SIZES),
    *(f"This is a photo of a {size}{{}}." for size in _SIZES),
    "a {} in the scene.",
    "a photo of a {} in the scene.",
    "There is a {} in the scene.",
    "There is the {} in the scene.",
    "This is a {} in the scene.",
    "This is the {} in the scene.",
    "This is one {} in the scene.",
)

NAMED: Final[dict[str, tuple[str, ...]]] = {"model": (), "single": SINGLE, "fifteen": FIFTEEN}
"""The sets that have a name; "model" stands for the model's own, an empty tuple everywhere."""


def checked_templates(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the sentences in `lines`, trimmed, without empty ones and repetitions.

    Raises VocabularyError where a sentence lacks its {} or has several, or where there are more
    than `MOST`.
    """
    kept = tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
    for line in kept:
        count = line.count(SLOT)
        if count != 1 or "{" in line.replace(SLOT, "") or "}" in line.replace(SLOT, ""):
            found = "none" if not count else str(count)
            raise VocabularyError(
                f'Every sentence needs {{}} once, where the word goes; "{line}" has '
                + (f"{found}." if count != 1 else "other braces beside it.")
            )
    if len(kept) > MOST:
        raise VocabularyError(f"{len(kept)} sentences are too many; at most {MOST} are used.")
    return kept


def name_of(templates: Sequence[str]) -> str | None:
    """Return the name in `NAMED` of this set of sentences, None for a person's own."""
    return next((name for name, some in NAMED.items() if some == tuple(templates)), None)


def named_templates(text: str) -> tuple[str, ...]:
    """Return the set named `text`, or else the sentences in the lines of that file.

    Raises VocabularyError for a name that is neither, and as `checked_templates` does.
    """
    if text in NAMED:
        return NAMED[text]
    try:
        lines = Path(text).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        raise VocabularyError(
            f'"{text}" is no file of sentences that can be read; give one, or {", ".join(NAMED)}.'
        ) from error
    kept = checked_templates(lines)
    if not kept:
        raise VocabularyError(f'{text} holds no sentence; write one per line, such as "a {{}}".')
    return kept


def project_templates(project: Project) -> tuple[str, ...]:
    """Return the sentences the project has chosen; empty: the model's own.

    What cannot have been written by `set_project_templates` counts as no choice, so that a project
    stays usable whatever somebody wrote into its settings.
    """
    value = project.settings.get(SETTING)
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        return ()
    try:
        return checked_templates(value)
    except VocabularyError:
        return ()


def set_project_templates(project: Project, templates: Sequence[str]) -> tuple[str, ...]:
    """Keep the project's choice of sentences, empty for the model's own; return it checked.

    Raises VocabularyError as `checked_templates` does; the choice before stays then.
    """
    kept = checked_templates(templates)
    project.settings.set(SETTING, list(kept))
    return kept
