"""What travels between the project and whoever looks at its images."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cascadeclip.core.engine.engine import EngineSettings
    from cascadeclip.core.project.looks import Look
    from cascadeclip.core.values import Suggestion, Word

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Item:
    """Hold one image to look at: its number, its file, and the upright size it should have.

    `name` is what the project calls the file.
    """

    image_id: int
    name: str
    file: Path
    height: int
    width: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what was found on one image, or the sentence that says why it could not be looked at.

    `look` is what the model made of the image as a whole.
    """

    image_id: int
    name: str
    suggestions: tuple[Suggestion, ...] = ()
    failure: str = ""
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hold how suggestions are made, the same for every image of a run.

    `class_ids[k]` is the class of word k; `version` and `settings` are those of the engine,
    `templates` the sentences the project has chosen (none: the model's own).
    """

    version: str
    settings: EngineSettings
    words: tuple[Word, ...]
    class_ids: tuple[int, ...]
    threshold: float
    templates: tuple[str, ...] = ()
    refine_edges: bool = True

    @property
    def mark(self) -> str:
        """Return 16 hexadecimal digits that differ where the suggestions might."""
        means = {
            "model": self.version,
            "settings": repr(self.settings),
            "words": [
                [class_id, *sorted(word.phrases), word.negative, *_own(word)]
                for class_id, word in zip(self.class_ids, self.words, strict=True)
            ],
            "threshold": self.threshold,
            "templates": self.templates,
            "refine": self.refine_edges,
        }
        return hashlib.sha256(json.dumps(means, sort_keys=True).encode()).hexdigest()[:16]


def _own(word: Word) -> tuple[float, ...]:
    """Return what is the word's own; nothing where nothing is, as marks had it always."""
    return () if word.threshold is None else (word.threshold,)


@dataclass(frozen=True, slots=True)
class PrelabelResult:
    """Hold what a run did.

    `images` were suggested for, with `suggestions` in all; `accepted` became annotations;
    `failed` lists (path, reason); `skipped` were done before or reviewed; `cancelled` says that
    the run was stopped before the last image.
    """

    images: int
    suggestions: int
    accepted: int
    failed: tuple[tuple[str, str], ...]
    skipped: int = 0
    cancelled: bool = False


class Speaker(Protocol):
    """Describe what a recipe needs to know of an engine, here or in another process."""

    @property
    def version(self) -> str:
        """Return the version of the model that answers."""

    @property
    def settings(self) -> EngineSettings:
        """Return how it cuts images."""


class Owner(Protocol):
    """Describe who may touch the database."""

    def __call__(self, call: Callable[[], T], /) -> T:
        """Call a function there, and return what it returns or raise what it raises."""


class Work(Protocol):
    """Describe who turns items into outcomes."""

    def outcomes(self, items: Iterator[Item], stopped: Callable[[], bool]) -> Iterator[Outcome]:
        """Yield an outcome for every item, in any order; few items are taken ahead of them.

        When `stopped()` turns true no further item is taken, and it ends soon. What cannot be
        done for any image is raised.
        """


def here(call: Callable[[], T], /) -> T:
    """Call it where one is: the owner of a database that nobody else uses."""
    return call()
