"""What happens when somebody points: a draft grows click by click until it is kept or dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from cascadeclip.app.canvas.shapes import Kind, Shape
from cascadeclip.app.canvas.tools.operations import (
    Boxed,
    Draft,
    Drafted,
    Pointed,
    Widened,
    drafted,
)
from cascadeclip.app.jobs import Lane, Runner
from cascadeclip.app.presenters import edits
from cascadeclip.app.presenters.changing import AnsweringView, Changing
from cascadeclip.app.presenters.seeing import Seeing, Seen
from cascadeclip.app.presenters.shaping import Shaping, part_of
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.app.presenters.views import Messages
from cascadeclip.app.translation import tr
from cascadeclip.core.shaping import operations, pointing, wand
from cascadeclip.core.shaping.boxing import in_box, rectangle
from cascadeclip.core.shaping.evidence import Click
from cascadeclip.core.shaping.part import EMPTY, Part

if TYPE_CHECKING:
    from cascadeclip.core.project import Project

Key = tuple[object, ...]
POINTS, WAND = ("positive", "negative"), ("wand",)
FAMILIES = {name: family for family in (POINTS, WAND) for name in family}
STEP = 0.03
TOPIC = "draft"


@dataclass(slots=True)
class Session:
    """Hold a draft under way: on which mask it began, its clicks, and the mask after each.

    `masks[i]` is there once click i was answered; `target` is the mask or suggestion that the
    draft refines, None when it begins a new mask of `class_id`.
    """

    image_id: int
    family: tuple[str, ...]
    class_id: int
    colour: str
    target: Shape | None
    base: Part | None
    clicks: list[Click] = field(default_factory=list)
    masks: dict[int, Part] = field(default_factory=dict)
    undone: list[Click] = field(default_factory=list)
    seen: Seen | None = None
    shown: Draft | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Hold what was made of the clicks of a session: masks by click, and the picture to show."""

    session: Session
    masks: dict[int, Part]
    draft: Draft


class Drafting:
    """Answer clicks of the points and the wand, and boxes; keep what was made as one step.

    `tolerance` and `stages` are the wand's: how unlike may be what it takes, and which stages of
    the model it compares (none: all). `fits` is whether a box looks for the thing in it.
    """

    def __init__(
        self,
        state: State,
        jobs: Runner,
        changing: Changing,
        shaping: Shaping,
        canvas: AnsweringView,
        messages: Messages,
        *,
        select: Callable[[Key | None], None],
    ) -> None:
        self._state, self._jobs, self._changing, self._shaping = state, jobs, changing, shaping
        self._canvas, self._messages, self._select = canvas, messages, select
        self.seeing = Seeing(state, jobs)
        self.session: Session | None = None
        self.tolerance = wand.TOLERANCE
        self.stages: tuple[int, ...] = ()
        self.shows_likeness = True
        self.fits = True
        self.changed: Callable[[], None] = lambda: None
        state.subscribe(Change.IMAGE, self.keep)

    # What tools give

    def point(self, pointed: Pointed) -> None:
        """Add a click to the draft, or begin one."""
        if self._changing.refuses():
            return
        family = FAMILIES[pointed.tool]
        if self.session is None or self.session.family != family:
            self.keep()
            self.session = self._begin(family, pointed.click)
        if self.session is not None:
            self.session.clicks.append(pointed.click)
            self.session.undone.clear()
            self._ask()

    def draft(self, what: Drafted) -> None:
        """Keep the draft, drop it, take its last click back or do that again."""
        {
            Drafted.KEPT: self.keep,
            Drafted.DROPPED: self.drop,
            Drafted.BACK: self.back,
            Drafted.AGAIN: self.again,
        }[what]()

    def keep(self) -> None:
        """Make the draft a mask, or the new pixels of the one it began on: one step to undo."""
        session = self.session
        if session is None:
            return
        self._end()
        mask = session.masks.get(len(session.clicks) - 1)
        if mask is not None:
            self._write(session, lambda: mask)
        elif session.seen is None and self._left(session):
            self._messages.say(tr("The last point came too late and was not kept."))
        elif session.seen is not None:
            self._write_late(session, session.seen)
        else:
            self.seeing.ask(partial(self._write_late, session))

    def drop(self) -> None:
        """Forget the draft."""
        self._end()

    def back(self) -> None:
        """Take the last click back; with the first one the draft goes."""
        session = self.session
        if session is None:
            return
        number = len(session.clicks) - 1
        session.undone.append(session.clicks.pop())
        session.masks.pop(number, None)
        if session.clicks:
            self._ask()
        else:
            self._end()

    def again(self) -> None:
        """Do the click again that was taken back."""
        session = self.session
        if session is not None and session.undone:
            session.clicks.append(session.undone.pop())
            self._ask()

    def widen(self, widened: Widened) -> None:
        """Let the wand take more of what is alike, or less."""
        self.set_tolerance(self.tolerance + STEP * widened.steps)

    def set_tolerance(self, tolerance: float) -> None:
        """Set how unlike may be what the wand takes, 0..1; its last click is answered anew."""
        self.tolerance = min(max(round(tolerance, 2), 0.01), 1.0)
        self.renew()
        self.changed()

    def renew(self) -> None:
        """Answer the wand's last click anew: what it goes by has changed."""
        session = self.session
        if session is not None and session.family == WAND and session.clicks:
            session.masks.pop(len(session.clicks) - 1, None)
            self._ask()

    def box(self, boxed: Boxed) -> None:
        """Make a mask of a box: of the thing in it, or of the box where it is wanted plain."""
        corners = (boxed.left, boxed.top, boxed.right, boxed.bottom)
        if self._changing.refuses():
            return
        word = self._state.word
        if boxed.plain or not self.fits or word is None:
            self._shaping.add(lambda *size: rectangle(corners, *size))
            return
        class_id = word

        def seen(found: Seen) -> None:
            # Found where it is written: what is asked for after the box comes after it there too.
            self._shaping.add(
                lambda *_: in_box(found.sight, corners, word=found.words.get(class_id)),
                class_id=class_id,
            )

        self.seeing.ask(seen)

    # Inside

    def _begin(self, family: tuple[str, ...], click: Click) -> Session | None:
        state = self._state
        image = state.image
        if image is None:
            return None
        target = state.shape(state.selected)
        if target is not None:
            return Session(
                image.id, family, target.class_id, target.colour, target, part_of(target)
            )
        word = state.word_of(state.word)
        if word is None:
            self._messages.say(tr("Type a word first: every mask belongs to a word."))
            return None
        if not click.positive:
            self._messages.say(tr("Nothing to take away from: click what belongs to it first."))
            return None
        return Session(image.id, family, word.id, word.colour, None, None)

    def _ask(self) -> None:
        """Show the clicks at once, and what is made of them when it is there."""
        session = self.session
        if session is not None:
            clicks = tuple(session.clicks)
            before = session.shown or drafted(EMPTY, clicks, session.colour)
            self._tell(session, replace(before, clicks=clicks))
            self.seeing.ask(self._answer)

    def _tell(self, session: Session, draft: Draft) -> None:
        session.shown = draft
        for name in session.family:
            self._canvas.answer(name, draft)

    def _answer(self, seen: Seen) -> None:
        session = self.session
        if session is not None and seen.image_id == session.image_id:
            session.seen = seen
            work = self._worker(session, seen)
            self._jobs.run(Lane.ANSWERS, work, done=self._show, topic=TOPIC)

    def _worker(self, session: Session, seen: Seen) -> Callable[[], Answer]:
        clicks, known = tuple(session.clicks), dict(session.masks)
        grow = partial(self._wand, self.tolerance, self.stages, show=self.shows_likeness)
        made = grow if session.family == WAND else _points
        return lambda: made(session, seen, clicks, known)

    def _left(self, session: Session) -> bool:
        image = self._state.image
        return image is None or image.id != session.image_id

    def _write_late(self, session: Session, seen: Seen) -> None:
        """Keep a draft whose last click is still to be answered."""
        if seen.image_id != session.image_id:
            return
        work, last = self._worker(session, seen), len(session.clicks) - 1
        # Answered where it is written: an undo pressed now comes after it there too.
        self._write(session, lambda: work().masks[last])

    def _write(self, session: Session, make: Callable[[], Part]) -> None:
        self._changing.settle()
        spare = self._shaping.spare
        self._changing.do(
            lambda project, _: _keep(project, session, make(), spare=spare),
            then=partial(self._kept, session.image_id),
            image_id=session.image_id,
        )

    @staticmethod
    def _wand(
        tolerance: float,
        stages: tuple[int, ...],
        session: Session,
        seen: Seen,
        clicks: tuple[Click, ...],
        known: dict[int, Part],
        *,
        show: bool,
    ) -> Answer:
        """Grow a mask from every click that has none yet, and add them up."""
        similarity = None
        wanted = tuple(one for one in stages if one < len(seen.sight.patches))
        for number, click in enumerate(clicks):
            last = number == len(clicks) - 1
            if number in known and not last:
                continue
            similarity = wand.similar(seen.sight, click.x, click.y, wanted)
            if number in known:
                continue
            found = wand.grow(seen.sight, similarity, click.x, click.y, tolerance=tolerance)
            before = known[number - 1] if number else session.base or EMPTY
            both = (before, found)
            known[number] = (
                operations.unite(both) if click.positive else operations.subtract(before, [found])
            )
        alike = similarity if show else None
        mask = known[len(clicks) - 1]
        return Answer(session, known, drafted(mask, clicks, session.colour, alike))

    def _show(self, answer: Answer) -> None:
        if answer.session is not self.session:
            return
        self.session.masks.update(answer.masks)
        self._tell(self.session, answer.draft)

    def _end(self) -> None:
        session, self.session = self.session, None
        self._jobs.forget(TOPIC)
        if session is not None:
            for name in session.family:
                self._canvas.answer(name, None)

    def _kept(self, image_id: int, number: int | None) -> None:
        image = self._state.image
        if image is not None and image.id == image_id:
            self._select((Kind.ANNOTATION, number) if number is not None else None)


def _points(
    session: Session, seen: Seen, clicks: tuple[Click, ...], known: dict[int, Part]
) -> Answer:
    """Answer every click that has no mask yet, one after the other."""
    word = seen.words.get(session.class_id)
    for number in range(len(clicks)):
        if number not in known:
            before = known[number - 1] if number else session.base
            known[number] = pointing.refine(
                seen.sight, clicks[: number + 1], mask=before, word=word
            )
    return Answer(session, known, drafted(known[len(clicks) - 1], clicks, session.colour))


def _keep(project: Project, session: Session, mask: Part, *, spare: bool) -> int | None:
    """Write a draft; return the number of its mask, None when nothing is left of it."""
    target = session.target
    if target is None:
        if not mask.area:
            return None
        return edits.add(project, session.image_id, session.class_id, mask, spare=spare)
    if target.kind is Kind.SUGGESTION:
        return edits.correct(project, session.image_id, target, mask, spare=spare)
    if target.id is None:
        return edits.add(project, session.image_id, session.class_id, mask, spare=spare)
    return edits.edit(project, target.id, lambda *_: mask, spare=spare)
