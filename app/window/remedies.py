"""Which action helps against which error: the button beside the sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cascadeclip.app.translation import mark, tr
from cascadeclip.app.window.actions import Actions
from cascadeclip.core.errors import (
    ArtMissing,
    CheckpointError,
    DeviceUnavailable,
    DownloadFailed,
    ImageUnreadable,
    PrelabelFailed,
    ProjectError,
    TrainingFailed,
    VocabularyError,
)

# The first action of a row that the window has is offered.
MODELS = ("model",)


@dataclass(frozen=True, slots=True)
class Remedy:
    """Hold what a button says and does."""

    text: str
    do: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Rule:
    """Say what helps against errors of a kind: one of these actions, and what its button says."""

    kind: type[Exception]
    actions: tuple[str, ...]
    text: str


RULES = (
    Rule(CheckpointError, MODELS, mark("Choose a model")),
    Rule(DeviceUnavailable, MODELS, mark("Choose a model")),
    Rule(DownloadFailed, MODELS, mark("Choose a model")),
    Rule(ImageUnreadable, ("next",), mark("Next image")),
    Rule(PrelabelFailed, ("prelabel",), mark("Try again")),
    Rule(TrainingFailed, ("retrain",), mark("Try again")),
    Rule(ArtMissing, ("open_folder",), mark("Open a folder")),
    Rule(VocabularyError, ("type_word",), mark("Change the words")),
    Rule(ProjectError, ("open_folder",), mark("Open a folder")),
)


def remedy(error: BaseException, table: Actions | None) -> Remedy | None:
    """Find what helps against an error, if an action of the window does and can be done now."""
    for rule in RULES:
        if isinstance(error, rule.kind):
            return offered(table, rule.actions, tr(rule.text))
    return None


def offered(table: Actions | None, names: tuple[str, ...], text: str) -> Remedy | None:
    """Offer the first of these actions that the window has, unless it cannot be done now."""
    actions = [table.by_name[name] for name in names if name in table.by_name] if table else []
    usable = [action for action in actions if action.isEnabled()]
    return Remedy(text, usable[0].trigger) if usable else None
