"""What the window knows right now, and who wants to hear when it changes."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cascadeclip.app.canvas.shapes import Kind, Shape
from cascadeclip.app.sayings import said

if TYPE_CHECKING:
    from cascadeclip.app.presenters.views import Messages
    from cascadeclip.core.engine import Engine
    from cascadeclip.core.project import ClassRow, ImageRow, Project

DEFAULT_THRESHOLD = 0.5


class Change(enum.Flag):
    """Name what has changed, so that each view redraws only what it shows."""

    PROJECT = enum.auto()
    IMAGE = enum.auto()
    WORDS = enum.auto()
    SHAPES = enum.auto()
    SELECTION = enum.auto()
    ENGINE = enum.auto()
    THRESHOLD = enum.auto()
    HISTORY = enum.auto()
    ENGINE_TIMES = enum.auto()
    WORDS_CHOICE = enum.auto()
    LIST = enum.auto()
    FACTS = enum.auto()
    TEMPLATES = enum.auto()
    ROW = enum.auto()
    STEP = enum.auto()


class Step(enum.Enum):
    """Name what a step does: something new, or with the steps that are there."""

    DO = enum.auto()
    UNDO = enum.auto()
    REDO = enum.auto()


Listener = Callable[[], None]


@dataclass(slots=True)
class State:
    """Hold everything on the screen; only presenters change it, only on the GUI thread.

    `suggestions` are what is drawn, which while the threshold moves runs ahead of the database:
    then `unsaved` is true. `best` is the highest probability (0..1) of any word on this image.
    Words whose class number is `hidden` are not drawn; that is for the eye alone.
    With `refine_edges` the outlines of suggestions follow edges and colours; with
    `keep_zoom` the next image of the same size is shown at the same place. `templates` are the
    sentences the project puts words into, none for the model's own. `steps` counts the steps
    on the open image that were asked for, whether they are written yet or not.
    """

    project: Project | None = None
    engine: Engine | None = None
    engine_trouble: str = ""
    words: tuple[ClassRow, ...] = ()
    word: int | None = None
    image: ImageRow | None = None
    image_trouble: str = ""
    pixels: NDArray[np.uint8] | None = None
    annotations: tuple[Shape, ...] = ()
    suggestions: tuple[Shape, ...] = ()
    preview: tuple[Shape, ...] = ()
    unsaved: bool = False
    demo: bool = False
    selected: tuple[object, ...] | None = None
    threshold: float = DEFAULT_THRESHOLD
    refine_edges: bool = True
    keep_zoom: bool = True
    templates: tuple[str, ...] = ()
    best: float | None = None
    hidden: frozenset[int] = frozenset()
    can_undo: bool = False
    can_redo: bool = False
    steps: int = 0
    _listeners: list[tuple[Change, Listener]] = field(default_factory=list)

    @property
    def refusal(self) -> str:
        """Say why nothing in the project can be changed; empty when it can."""
        project = self.project
        return said(project.refusal) if project is not None and project.read_only else ""

    def refuses(self, messages: Messages) -> bool:
        """Return whether nothing can be changed, after saying why."""
        if self.refusal:
            messages.say(self.refusal)
        return bool(self.refusal)

    def ask_step(self, step: Step = Step.DO) -> int:
        """Count one more step on the open image that was asked for, and return its number.

        Who presses a key before it is written means this one: undo and redo are offered at once.
        """
        self.steps += 1
        self.can_undo = self.can_undo or step is not Step.UNDO
        self.can_redo = step is Step.UNDO or (self.can_redo and step is Step.REDO)
        self.changed(Change.STEP)
        return self.steps

    def subscribe(self, changes: Change, listener: Listener) -> None:
        """Call `listener` after any of these changes."""
        self._listeners.append((changes, listener))

    def changed(self, changes: Change) -> None:
        """Tell everybody who asked for one of these changes."""
        for wanted, listener in list(self._listeners):
            if wanted & changes:
                listener()

    def shape(self, key: tuple[object, ...] | None) -> Shape | None:
        """Find a drawn shape by its key."""
        shapes = (*self.suggestions, *self.annotations)
        return next((shape for shape in shapes if shape.key == key), None)

    def selected_of(self, kind: Kind) -> Shape | None:
        """Give the selected shape if it is of this kind."""
        shape = self.shape(self.selected)
        return shape if shape is not None and shape.kind is kind else None

    def word_of(self, class_id: int | None) -> ClassRow | None:
        """Find a word of the project by its class number."""
        return next((word for word in self.words if word.id == class_id), None)

    def visible(self, shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
        """Leave out shapes of hidden words."""
        if not self.hidden:
            return shapes
        return tuple(shape for shape in shapes if shape.class_id not in self.hidden)

    def count(self, class_id: int) -> int:
        """Count the masks of a word on this image."""
        return sum(shape.class_id == class_id for shape in self.annotations)
