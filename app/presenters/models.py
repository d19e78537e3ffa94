"""Models to choose from: CLIP's weights fetched or read from a file, checkpoints converted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from cascadeclip.app.adopting import (
    Adopted,
    Conversion,
    adopt_checkpoint,
    adopt_clip,
    lower_threshold,
    register,
    taken_names,
)
from cascadeclip.app.jobs import Check, Lane, Report, Runner, Task
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.app.presenters.views import Asking, Messages
from cascadeclip.app.sayings import said
from cascadeclip.app.translation import mark, tr
from cascadeclip.core.errors import CascadeClipError

if TYPE_CHECKING:
    from cascadeclip.core.model.catalogue import Offer
    from cascadeclip.core.model.clip_store import ClipCard, ClipStore
    from cascadeclip.core.project import Project

T = TypeVar("T")
CLIP_FILES = "*.pt *.bin *.safetensors"
CHECKPOINTS = "*.pth *.pt *.safetensors"
STOPPED = mark("Stopped. What arrived is kept, and Download goes on from there.")


@dataclass(frozen=True, slots=True)
class Weights:
    """Hold what is told of CLIP's weights before anybody fetches them.

    `size` is bytes, `url` where they come from, `target` the folder they go to, `checked` what
    they are held against and `digest` its digits as far as they are published; `here` says that
    they are on this machine, `kept` how many bytes of a download that broke off are.
    """

    name: str
    tag: str
    size: int
    licence: str
    restricted: bool = False
    url: str = ""
    target: str = ""
    checked: str = ""
    here: bool = False
    kept: int = 0
    digest: str = ""

    @property
    def title(self) -> str:
        """Give name and tag."""
        return f"{self.name} {self.tag}".strip()


class WeightsView(Protocol):
    """Show weights to choose from, and how far a download is."""

    def show_weights(self, weights: tuple[Weights, ...]) -> None:
        """Offer these."""

    def show_progress(self, text: str, done: int, total: int) -> None:
        """Show work under way: bytes done of all, 0 where nobody knows."""

    def show_end(self, text: str, *, trouble: bool) -> None:
        """Show how work ended; with `trouble` it can be tried again."""


class Models:
    """Fetch, add, convert and choose models, each as a job in sight."""

    def __init__(
        self,
        state: State,
        jobs: Runner,
        asking: Asking,
        messages: Messages,
        *,
        reload_engine: Callable[[], None],
    ) -> None:
        self._state, self._jobs, self._asking, self._messages = state, jobs, asking, messages
        self._reload_engine = reload_engine
        self._view: WeightsView | None = None
        self._task: Task | None = None

    def show(self, view: WeightsView | None) -> None:
        """Show weights in this view from now on; None: nobody looks any more, jobs go on."""
        self._view = view
        if view is not None:
            done, broke = self._show_weights, self._fail
            self._jobs.run(Lane.WORK, known_weights, done=done, failed=broke, topic="weights")

    def download(self, weights: Weights) -> None:
        """Fetch weights, going on where an earlier download ended, and let them speak."""
        if self._busy():
            return

        def work(progress: Report, stopped: Check) -> ClipCard | None:
            from cascadeclip.core.model.catalogue import find
            from cascadeclip.core.model.clip_store import ClipStore

            offer = find(weights.name, weights.tag)

            def report(done: int, total: int) -> None:
                progress(done // 10**6, max(1, total // 10**6))
                self._tell(tr("Downloading {title}", title=weights.title), done, total)

            store = ClipStore()
            return store.fetch(offer, offer.source(), progress=report, stopped=stopped)

        def done(card: ClipCard | None) -> None:
            self._end(tr(STOPPED) if card is None else "", trouble=card is None)
            if card is not None:
                self.use(card.name, card.tag)

        self._start(tr("downloading {title}", title=weights.title), work, done)

    def use(self, name: str, tag: str) -> None:
        """Let CLIP's weights that are on this machine speak, as a new version of the project."""
        project = self._state.project
        if project is None:
            self._end(tr("The weights are on this machine: open a project to use them."))
            return
        if self._busy() or self._state.refuses(self._messages):
            return
        title = f"{name} {tag}".strip()

        def work(taken: list[str], others: list[Path]) -> Adopted:
            from cascadeclip.core.model.clip_store import ClipStore
            from cascadeclip.core.model.cold_start import Start

            store = ClipStore()
            card = store.card(name, tag)
            return adopt_clip(project.folder, store, card, Start(), taken=taken, others=others)

        self._adopt(project, tr("reading {title}", title=title), work)

    def choose_file(self) -> None:
        """Ask for a file of CLIP's weights, keep a copy of it and let it speak."""
        path = self._asking.file(tr("Use a file of CLIP weights"), CLIP_FILES)
        if path is None or self._busy():
            return

        def work(progress: Report, stopped: Check) -> ClipCard:
            from cascadeclip.core.model.clip_store import ClipStore

            return ClipStore().add(path, name_for(path))

        def done(card: ClipCard) -> None:
            self._end("")
            self.use(card.name, card.tag)

        self._tell(tr("Reading {title}", title=path.name), 0, 0)
        self._start(tr("reading {title}", title=path.name), work, done)

    def choose_checkpoint(self) -> None:
        """Ask for a checkpoint of the paper's code, convert it and let it speak."""
        project = self._state.project
        if project is None or self._state.refuses(self._messages):
            return
        path = self._asking.file(tr("Import a Cascade-CLIP checkpoint"), CHECKPOINTS)
        if path is None or self._busy():
            return

        def work(taken: list[str], others: list[Path]) -> Adopted:
            name = free(name_for(path), taken)
            folder = project.folder / "models" / name
            return adopt_checkpoint(path, folder, name, Conversion())

        self._adopt(project, tr("importing {name}", name=path.name), work)

    def stop(self) -> None:
        """Stop what is under way; what arrived of a download is kept."""
        if self._task is not None:
            self._task.stop.set()

    # Inside

    def _busy(self) -> bool:
        if self._task is not None:
            self._messages.say(
                tr("Another model is being fetched or read; wait for it, or cancel it.")
            )
        return self._task is not None

    def _adopt(
        self, project: Project, title: str, work: Callable[[list[str], list[Path]], Adopted]
    ) -> None:
        """Read names here, do the heavy part in a job, then register what came of it."""
        self._tell(title.capitalize(), 0, 0)

        def read() -> tuple[list[str], list[Path]]:
            return taken_names(project), [row.folder for row in project.versions.all()]

        def begin(known: tuple[list[str], list[Path]]) -> None:
            self._start(title, lambda progress, stopped: work(*known), keep)

        def keep(adopted: Adopted) -> None:
            self._jobs.run(
                Lane.DATABASE,
                lambda: _registered(project, adopted),
                done=lambda threshold: self._adopted(project, adopted, threshold),
                failed=self._fail,
            )

        self._jobs.run(Lane.DATABASE, read, done=begin, failed=self._fail)

    def _adopted(self, project: Project, adopted: Adopted, threshold: float | None) -> None:
        said = tr(
            "{model} speaks now, as the version {name}.",
            model=adopted.info.name,
            name=adopted.name,
        )
        self._end(said)
        self._messages.say(said)
        if project is self._state.project:
            if threshold is not None:
                self._state.threshold = threshold
                self._state.changed(Change.THRESHOLD)
            self._reload_engine()

    def _start(
        self, title: str, work: Callable[[Report, Check], T], done: Callable[[T], None]
    ) -> None:
        def ended(value: T) -> None:
            self._task = None
            done(value)

        def broke(error: Exception) -> None:
            self._task = None
            self._fail(error)

        self._task = self._jobs.start(title, work, done=ended, failed=broke)

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, CascadeClipError | OSError | ImportError | RuntimeError):
            raise error
        self._end(said(str(error)), trouble=True)
        if self._view is None:
            self._messages.say(said(str(error)))

    def _tell(self, text: str, done: int, total: int) -> None:
        def tell() -> None:
            if self._view is not None:
                self._view.show_progress(text, done, total)

        self._jobs.on_gui(tell)

    def _end(self, text: str, *, trouble: bool = False) -> None:
        if self._view is not None:
            self._view.show_end(text, trouble=trouble)
            self.show(self._view)

    def _show_weights(self, weights: tuple[Weights, ...]) -> None:
        if self._view is not None:
            self._view.show_weights(weights)


def _registered(project: Project, adopted: Adopted) -> float | None:
    register(project, adopted, activate=True)
    return lower_threshold(project, adopted.threshold)


def known_weights() -> tuple[Weights, ...]:
    """List the weights there are: published ones, recommended first, and a person's own."""
    from cascadeclip.core.model.catalogue import offers
    from cascadeclip.core.model.clip_store import ClipStore

    store = ClipStore()
    cards = {(card.name, card.tag): card for card in store.installed()}
    listed = [_offered(offer, store, here=(offer.name, offer.tag) in cards) for offer in offers()]
    own = [
        Weights(
            card.name,
            "",
            card.size,
            card.licence,
            target=str(store.folder),
            here=True,
            digest=card.source_digest,
        )
        for card in cards.values()
        if not card.tag
    ]
    return (*own, *listed)


def _offered(offer: Offer, store: ClipStore, *, here: bool) -> Weights:
    from cascadeclip.core.model.catalogue import about_bytes
    from cascadeclip.core.model.clip_store import how_checked

    source = offer.source()
    tells = source.host == "hub" and not source.digest
    return Weights(
        offer.name,
        offer.tag,
        about_bytes(offer, source),
        offer.licence.name,
        offer.licence.restricted,
        source.urls[0],
        str(store.folder),
        tr("the SHA-256 that its host tells") if tells else how_checked(source, announced=False),
        here,
        store.kept_bytes(offer, source),
        source.digest,
    )


def name_for(path: Path) -> str:
    """Return a name of letters, digits, dots and dashes for what comes from a file."""
    cleaned = re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-._")
    return cleaned[:60] or "model"


def free(name: str, taken: list[str]) -> str:
    """Return the name, a number at its end if it is taken."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found
