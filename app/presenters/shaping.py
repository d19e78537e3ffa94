"""What happens when masks are shaped: outlines, boxes, cuts, and what is done to a mask whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from cascadeclip.app.canvas.cutout import pack
from cascadeclip.app.canvas.shapes import Kind, Shape
from cascadeclip.app.canvas.stroke import FinishedStroke
from cascadeclip.app.canvas.tools.operations import Chosen, CutAlong, How, Moved, Outlined
from cascadeclip.app.presenters import edits
from cascadeclip.app.presenters.changing import AnsweringView, Changing
from cascadeclip.app.presenters.edits import Copied
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.app.presenters.views import Messages
from cascadeclip.app.translation import tr
from cascadeclip.core.shaping import operations, polygons
from cascadeclip.core.shaping.part import Part

if TYPE_CHECKING:
    from cascadeclip.core.project import Project

Key = tuple[object, ...]
SHIFT = 10  # pixels a copy lies beside what it was copied from
STEP = 2  # pixels a mask grows or shrinks by


class Shaping:
    """Do the operations of the tools; each is one step to undo.

    With `spare`, masks gain no pixel that another mask has.
    """

    def __init__(
        self,
        state: State,
        changing: Changing,
        canvas: AnsweringView,
        messages: Messages,
        *,
        select: Callable[[Key | None], None],
    ) -> None:
        self._state, self._changing, self._canvas = state, changing, canvas
        self._messages, self._select = messages, select
        self._copied: Copied | None = None
        self.spare = False
        self.beside: tuple[Key, ...] = ()
        state.subscribe(Change.SELECTION | Change.IMAGE, self._forget_beside)

    # What tools give

    def spared(self, stroke: FinishedStroke) -> FinishedStroke:
        """Return a stroke without what it paints over other masks, if they are to be spared."""
        if not self.spare or stroke.erase:
            return stroke
        cutout = stroke.cutout
        painted = Part(cutout.top, cutout.left, cutout.pixels)
        selected = self._state.selected
        rest = [part_of(one) for one in self._state.annotations if one.key != selected]
        left = operations.subtract(painted, rest)
        return replace(stroke, cutout=pack(left.pixels, left.top, left.left))

    def outline(self, drawn: Outlined) -> None:
        """Make a mask of an outline, or add it to the selected one, or take it away from that."""
        if self._changing.refuses():
            return
        if drawn.how is How.NEW:
            self.add(lambda height, width: polygons.fill((drawn.ring,), height, width))
            return

        def change(part: Part, height: int, width: int) -> Part:
            other = polygons.fill((drawn.ring,), height, width)
            if drawn.how is How.TAKE:
                return operations.subtract(part, [other])
            return operations.unite([part, other])

        self._edit(change, spare=self.spare)

    def move(self, moved: Moved) -> None:
        """Move corners of a mask; the rest of it stays bit for bit."""
        shape = self._state.shape(moved.key)
        if shape is None or self._changing.refuses():
            return

        def change(part: Part, height: int, width: int) -> Part:
            return polygons.reshaped(part, moved.before, moved.after, height, width)

        self._edit(change, shape=shape, spare=self.spare)

    def cut(self, cut: CutAlong) -> None:
        """Cut the selected mask along a line."""
        self._split(
            lambda part: operations.split_along(part, cut.line),
            tr("The line must cross the mask from edge to edge."),
        )

    def choose(self, chosen: Chosen) -> None:
        """Choose a mask beside the selected one, or no longer; the first becomes the selected."""
        if self._state.selected_of(Kind.ANNOTATION) is None:
            self._select(chosen.key)
            return
        if chosen.key == self._state.selected:
            return
        gone = chosen.key in self.beside
        rest = tuple(key for key in self.beside if key != chosen.key)
        self._show_beside(rest if gone else (*rest, chosen.key))

    # What is done to the selected mask

    def fill_holes(self) -> None:
        """Fill the holes of the selected mask."""
        self._edit(lambda part, *_: operations.fill_holes(part), spare=self.spare)

    def grow(self) -> None:
        """Make the selected mask a little larger all around."""
        self._edit(lambda part, *size: operations.grow(part, STEP, *size), spare=self.spare)

    def shrink(self) -> None:
        """Make the selected mask a little smaller all around."""
        self._edit(lambda part, *size: operations.shrink(part, STEP, *size))

    def split(self) -> None:
        """Make a mask of each part of the selected one that hangs together."""
        self._split(operations.split, tr("The mask hangs together; cut it with the knife."))

    def merge(self) -> None:
        """Make one mask of the selected one and those chosen beside it."""
        shapes = self._chosen()
        if shapes is None:
            return
        numbers = [shape.id for shape in shapes if shape.id is not None]
        self._changing.do(
            lambda project, _: project.annotations.unite(numbers).id, then=self._chosen_by
        )

    def subtract(self) -> None:
        """Take the masks chosen beside it away from the selected one."""
        shapes = self._chosen()
        if shapes is None:
            return
        first, *rest = [shape.id for shape in shapes if shape.id is not None]
        self._changing.do(
            lambda project, _: edits.subtract(project, first, rest), then=self._chosen_by
        )

    def copy(self) -> None:
        """Remember the selected mask or suggestion."""
        shape = self._state.shape(self._state.selected)
        if shape is None:
            self._messages.say(tr("Select a mask first."))
            return
        self._copied = Copied(shape.class_id, shape.rle)
        self._messages.say(tr("Copied: {name}", name=shape.name))

    def paste(self) -> None:
        """Add the copied mask: where it was, or beside itself on the same image."""
        copied = self._copied
        if copied is None:
            self._messages.say(tr("Copy a mask first."))
        elif not self._changing.refuses():
            there = any(shape.rle == copied.rle for shape in self._state.annotations)
            self._paste(copied, SHIFT if there else 0)

    def duplicate(self) -> None:
        """Add the selected mask a second time, a little beside."""
        shape = self._state.selected_of(Kind.ANNOTATION)
        if shape is None:
            self._messages.say(tr("Select a mask first."))
        elif not self._changing.refuses():
            self._paste(Copied(shape.class_id, shape.rle), SHIFT)

    def add(self, make: Callable[[int, int], Part], *, class_id: int | None = None) -> None:
        """Add a mask of the chosen word; `make` gets the image's height and width."""
        number = class_id if class_id is not None else self._state.word
        if number is None:
            self._messages.say(tr("Type a word first: every mask belongs to a word."))
            return
        word, spare = number, self.spare

        def work(project: Project, image_id: int) -> int:
            image = project.images.get(image_id)
            part = make(image.height, image.width)
            return edits.add(project, image_id, word, part, spare=spare)

        self._changing.do(work, then=self._chosen_by)

    # Inside

    def _edit(
        self, change: edits.Change, *, shape: Shape | None = None, spare: bool = False
    ) -> None:
        shape = shape or self._state.selected_of(Kind.ANNOTATION)
        if shape is None or shape.id is None:
            self._messages.say(tr("Select a mask first."))
        elif not self._changing.refuses():
            work = partial(edits.edit, annotation_id=shape.id, change=change, spare=spare)
            self._changing.do(lambda project, _: work(project))

    def _split(self, pieces: Callable[[Part], tuple[Part, ...]], whole: str) -> None:
        shape = self._state.selected_of(Kind.ANNOTATION)
        if shape is None or shape.id is None:
            self._messages.say(tr("Select a mask first."))
            return
        if self._changing.refuses():
            return
        number = shape.id

        def then(count: int) -> None:
            self._messages.say(tr("Split into {count} masks", count=count) if count > 1 else whole)

        self._changing.do(lambda project, _: edits.split(project, number, pieces), then=then)

    def _paste(self, copied: Copied, shift: int) -> None:
        spare = self.spare
        self._changing.do(
            lambda project, image: edits.paste(project, image, copied, shift, spare=spare),
            then=self._chosen_by,
        )

    def _chosen(self) -> list[Shape] | None:
        """Give the selected mask and those beside it; None after saying what to do."""
        first = self._state.selected_of(Kind.ANNOTATION)
        rest = [self._state.shape(key) for key in self.beside]
        shapes = [shape for shape in (first, *rest) if shape is not None]
        if first is None or len(shapes) < 2:
            self._messages.say(tr("Select a mask, then others with Shift held."))
            return None
        return None if self._changing.refuses() else shapes

    def _chosen_by(self, number: int | None) -> None:
        self._select((Kind.ANNOTATION, number) if number is not None else None)

    def _forget_beside(self) -> None:
        there = tuple(
            key for key in self.beside if self._state.shape(key) and key != self._state.selected
        )
        if self._state.selected_of(Kind.ANNOTATION) is None:
            there = ()
        if there != self.beside:
            self._show_beside(there)

    def _show_beside(self, keys: tuple[Key, ...]) -> None:
        self.beside = keys
        self._canvas.answer("select", keys)


def part_of(shape: Shape) -> Part:
    """Return the mask of a shape."""
    return Part(shape.cutout.top, shape.cutout.left, shape.cutout.pixels)
