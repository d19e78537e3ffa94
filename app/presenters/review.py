"""What happens when a person decides: accept, reject, draw, delete, undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from cascadeclip.app.canvas.layers import Layer, compose
from cascadeclip.app.canvas.shapes import Kind, Shape, hit
from cascadeclip.app.canvas.stroke import FinishedStroke
from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters import decisions
from cascadeclip.app.presenters.decisions import Drawing
from cascadeclip.app.presenters.snapshot import Snapshot, read_snapshot, worth_showing
from cascadeclip.app.presenters.state import Change, State, Step
from cascadeclip.app.presenters.step_text import step_text
from cascadeclip.app.presenters.views import CanvasView, Messages
from cascadeclip.app.sayings import said
from cascadeclip.app.translation import mark, tr
from cascadeclip.core.errors import CascadeClipError

if TYPE_CHECKING:
    from cascadeclip.core.project import Project

Key = tuple[object, ...]
SAID = {Step.UNDO: mark("Undone"), Step.REDO: mark("Done again")}


class Review:
    """Change the masks of the open image, on the screen at once and in the database behind it."""

    def __init__(
        self,
        state: State,
        jobs: Runner,
        canvas: CanvasView,
        messages: Messages,
        *,
        settle: Callable[[], None],
    ) -> None:
        self._state, self._jobs, self._canvas, self._messages = state, jobs, canvas, messages
        # Suggestions seen on the screen must be rows before anything can be decided about them.
        self._settle = settle
        self._drawing: Drawing | None = None
        # What is drawn now: of the next layers only what differs from these is painted.
        self._layers: tuple[Layer, Layer] | None = None
        self.rejected: tuple[Shape, ...] = ()
        # Who wants to hear where the person has walked.
        self.walked: Callable[[Shape], None] = lambda shape: None
        state.subscribe(Change.SHAPES, self._draw)
        state.subscribe(Change.WORDS, self._rename)

    # Choosing

    def pick(self, shape: Shape | None) -> None:
        """Accept the suggestion that was clicked, or select the mask."""
        if shape is not None and shape.kind is Kind.SUGGESTION:
            self.accept(shape)
        elif shape is None or shape.kind is Kind.ANNOTATION:
            self.select(shape.key if shape else None)

    def select(self, key: Key | None) -> None:
        """Select a shape by its key, or nothing."""
        if key != self._state.selected:
            self._drawing = None
        self._state.selected = key
        self._state.changed(Change.SELECTION)

    def walk(self, *, forward: bool) -> None:
        """Select the next or previous suggestion, round and round."""
        shapes = self._state.visible(self._state.suggestions)
        if not shapes:
            return
        keys = [shape.key for shape in shapes]
        if self._state.selected in keys:
            position = (keys.index(self._state.selected) + (1 if forward else -1)) % len(keys)
        else:
            position = 0 if forward else len(keys) - 1
        self.select(keys[position])
        self.walked(shapes[position])

    # Deciding

    def accept(self, shape: Shape | None = None) -> None:
        """Make a suggestion (the selected one if None) a mask and go on to the next."""
        shape = self._suggestion(shape)
        if shape is None or self._state.refuses(self._messages):
            return
        self._settle()
        self._take_out(shape)
        self._state.annotations += (replace(shape, kind=Kind.ANNOTATION, id=None),)
        self._state.changed(Change.SHAPES | Change.SELECTION)
        self._change(lambda project, image: decisions.accept(project, image, [shape]))

    def accept_as(self, shape: Shape, class_id: int) -> None:
        """Make a suggestion a mask of another word, as one step, and go on to the next."""
        word = self._state.word_of(class_id)
        if word is None or self._state.refuses(self._messages):
            return
        self._settle()
        self._take_out(shape)
        renamed = replace(
            shape,
            kind=Kind.ANNOTATION,
            id=None,
            class_id=class_id,
            name=word.name,
            colour=word.colour,
        )
        self._state.annotations += (renamed,)
        self._state.changed(Change.SHAPES | Change.SELECTION)
        self._change(lambda project, image: decisions.accept_as(project, image, shape, class_id))

    def reject(self, shape: Shape | None = None) -> None:
        """Turn a suggestion (the selected one if None) down and go on to the next.

        What nobody has selected is not rejected by a key that erases elsewhere.
        """
        shape = shape or self._state.selected_of(Kind.SUGGESTION)
        if shape is None or self._state.refuses(self._messages):
            return
        self._settle()
        self._take_out(shape)
        self.rejected += (shape,)
        self._state.changed(Change.SHAPES | Change.SELECTION)
        self._change(lambda project, image: decisions.reject(project, image, shape))

    def accept_all(self) -> None:
        """Make every visible suggestion a mask, as one step that can be undone at once."""
        shapes = self._state.visible(self._state.suggestions)
        if not shapes or self._state.refuses(self._messages):
            return
        self._settle()
        self._state.annotations += tuple(
            replace(shape, kind=Kind.ANNOTATION, id=None) for shape in shapes
        )
        self._state.suggestions = tuple(
            shape for shape in self._state.suggestions if shape not in shapes
        )
        self._state.selected = None
        self._state.changed(Change.SHAPES | Change.SELECTION)
        self._change(lambda project, image: decisions.accept(project, image, list(shapes)))
        image = self._state.image
        number = image.id if image else None
        # Its button may be pressed when another image is open.
        take_back = partial(self.undo, number)
        self._messages.say(tr("Accepted {count}", count=len(shapes)), undo=take_back)

    # Correcting

    def stroke(self, stroke: FinishedStroke) -> None:
        """Add a brush stroke to the selected mask, or take it away; one step to undo."""
        if self._state.refuses(self._messages):
            self.reload()  # the canvas has painted it already
            return
        drawing = self._target(stroke)
        if drawing is None:
            return

        def work(project: Project, image_id: int) -> None:
            decisions.draw(project, drawing, stroke)

        def then() -> None:
            if drawing is self._drawing and drawing.annotation_id is not None:
                self._state.selected = (Kind.ANNOTATION, drawing.annotation_id)
                self._state.changed(Change.SELECTION)

        self._change(work, then=then)

    def delete(self) -> None:
        """Delete the selected mask; a selected suggestion is rejected."""
        if self._state.selected_of(Kind.SUGGESTION):
            self.reject()
            return
        shape = self._state.selected_of(Kind.ANNOTATION)
        if shape is None or shape.id is None or self._state.refuses(self._messages):
            return
        number = shape.id
        self._state.annotations = _without(self._state.annotations, shape)
        self.select(None)
        self._state.changed(Change.SHAPES)
        self._change(lambda project, image: project.annotations.delete(number))

    def relabel(self, class_id: int) -> bool:
        """Give the selected mask another word; False when no mask is selected."""
        shape = self._state.selected_of(Kind.ANNOTATION)
        if shape is None or shape.id is None or self._state.refuses(self._messages):
            return False
        number = shape.id
        self._change(lambda project, image: project.annotations.relabel(number, class_id))
        return True

    def undo(self, image_id: int | None = None) -> None:
        """Take the last step back on an image, the open one if None."""
        self._history(Step.UNDO, lambda project, image: project.undo(image_id or image))

    def redo(self) -> None:
        """Do the step that was taken back again."""
        self._history(Step.REDO, lambda project, image: project.redo(image))

    # Reading

    def reload(self) -> None:
        """Read the masks and suggestions of the open image again."""
        self._change(lambda project, image: None, step=None)

    def show(self, snapshot: Snapshot) -> None:
        """Show what the database holds, if it is about the open image."""
        state = self._state
        if state.image is None or snapshot.image_id != state.image.id:
            return
        state.annotations = snapshot.annotations
        if not state.unsaved:
            shapes, rejected = snapshot.suggestions, snapshot.rejected
            state.suggestions = worth_showing(shapes, state.annotations, rejected)
        self.rejected = snapshot.rejected
        state.can_undo, state.can_redo = snapshot.can_undo, snapshot.can_redo
        if state.selected is not None and state.shape(state.selected) is None:
            state.selected = None
        state.changed(Change.SHAPES | Change.SELECTION | Change.HISTORY)

    # Inside

    def _suggestion(self, shape: Shape | None) -> Shape | None:
        if shape is not None:
            return shape
        shape = self._state.selected_of(Kind.SUGGESTION)
        visible = self._state.visible(self._state.suggestions)
        if shape is None and self._state.selected is None and visible:
            return visible[0]
        return shape

    def _take_out(self, shape: Shape) -> None:
        shapes = self._state.visible(self._state.suggestions)
        position = next((at for at, one in enumerate(shapes) if one.key == shape.key), 0)
        self._state.suggestions = _without(self._state.suggestions, shape)
        rest = self._state.visible(self._state.suggestions)
        following = rest[min(position, len(rest) - 1)].key if rest else None
        self._state.selected = following
        self._drawing = None

    def _target(self, stroke: FinishedStroke) -> Drawing | None:
        image = self._state.image
        if image is None:
            return None
        pending = self._corrected(stroke)
        if pending is not None:
            self._settle()
            self._take_out(pending)
            self._state.selected = None
            self._drawing = Drawing(image.id, pending.class_id, suggestion=pending)
            return self._drawing
        if self._state.selected_of(Kind.SUGGESTION) is not None:
            self.select(None)
        shape = self._state.selected_of(Kind.ANNOTATION)
        if shape is None and stroke.erase:
            shape = hit(self._state.annotations, *stroke.start)
        if shape is not None and shape.id is not None:
            self._drawing = Drawing(image.id, shape.class_id, shape.id)
            self._state.selected = shape.key
        elif self._drawing is None or self._drawing.image_id != image.id:
            self._drawing = self._fresh(image.id, stroke)
        if self._drawing is None:
            self.reload()
        return self._drawing

    def _corrected(self, stroke: FinishedStroke) -> Shape | None:
        """Return the suggestion that a stroke corrects: it begins on it.

        The brush takes only the selected one, since it may as well begin a new mask there.
        """
        selected = self._state.selected_of(Kind.SUGGESTION)
        if selected is not None and hit((selected,), *stroke.start) is not None:
            return selected
        if not stroke.erase or self._state.selected_of(Kind.ANNOTATION) is not None:
            return None
        if hit(self._state.annotations, *stroke.start) is not None:
            return None
        return hit(self._state.suggestions, *stroke.start)

    def _fresh(self, image_id: int, stroke: FinishedStroke) -> Drawing | None:
        if stroke.erase:
            self._messages.say(tr("Nothing to erase here: begin on a mask, or select one first."))
            return None
        if self._state.word is None:
            self._messages.say(tr("Type a word first: every mask belongs to a word."))
            return None
        return Drawing(image_id, self._state.word)

    def _history(self, step: Step, work: Callable[[Project, int], str | None]) -> None:
        if self._state.refuses(self._messages):
            return
        self._drawing = None
        self._settle()
        name: list[str | None] = []

        def then() -> None:
            if name and name[0]:
                self._messages.say(f"{tr(SAID[step])}: {step_text(name[0])}")

        self._change(lambda project, image: name.append(work(project, image)), then=then, step=step)

    def _change(
        self,
        work: Callable[[Project, int], object],
        *,
        then: Callable[[], None] | None = None,
        step: Step | None = Step.DO,
    ) -> None:
        """Do a step after those asked for before it; of several on their way, show the last.

        `step` is None for what only reads.
        """
        project, image = self._state.project, self._state.image
        if project is None or image is None:
            return
        image_id = image.id
        asked = self._state.ask_step(step) if step else self._state.steps

        def whole() -> Snapshot:
            work(project, image_id)
            return read_snapshot(project, image_id)

        def done(snapshot: Snapshot) -> None:
            if asked == self._state.steps:
                self.show(snapshot)
            if then:
                then()

        self._jobs.run(Lane.DATABASE, whole, done=done, failed=self._refused)

    def _refused(self, error: Exception) -> None:
        # What was shown ahead of the database did not happen: show what is true.
        self._state.unsaved = False
        self.reload()
        if isinstance(error, CascadeClipError):
            self._messages.say(said(str(error)))
        else:
            raise error

    def _rename(self) -> None:
        words = {word.id: word for word in self._state.words}

        def renamed(shape: Shape) -> Shape:
            word = words.get(shape.class_id)
            return replace(shape, name=word.name, colour=word.colour) if word else shape

        self._state.annotations = tuple(map(renamed, self._state.annotations))
        self._state.suggestions = tuple(map(renamed, self._state.suggestions))
        self._state.changed(Change.SHAPES)

    def _draw(self) -> None:
        state = self._state
        if state.pixels is None:
            return
        height, width = state.pixels.shape[:2]
        settled, pending = state.visible(state.annotations), state.visible(state.suggestions)
        pending += state.preview
        before = self._layers

        def work() -> tuple[Layer, Layer]:
            return (
                compose(settled, height, width, before=before[0] if before else None),
                compose(pending, height, width, before=before[1] if before else None),
            )

        def done(layers: tuple[Layer, Layer]) -> None:
            self._layers = layers
            self._canvas.show_layers(*layers)

        self._jobs.run(Lane.WORK, work, done=done, topic="layers")


def _without(shapes: tuple[Shape, ...], gone: Shape) -> tuple[Shape, ...]:
    return tuple(shape for shape in shapes if shape.key != gone.key)
