"""Bring what the state holds onto the screen, each part only when it changes."""

from __future__ import annotations

from collections.abc import Callable

from cascadeclip.app.canvas.shapes import Kind, score_text
from cascadeclip.app.panels.chips import WordFacts
from cascadeclip.app.presenters.images import Images
from cascadeclip.app.presenters.state import Change, State
from cascadeclip.app.presenters.words import keys_of
from cascadeclip.app.sayings import said
from cascadeclip.app.translation import mark, tr
from cascadeclip.app.window.main_window import MainWindow
from cascadeclip.app.window.remedies import MODELS, Remedy, offered

TYPE_HINT = mark("Type what you want to find in the field above.")
LOADING = mark("The model is being loaded.")
LOOKING = mark("The model is looking at this image.")


class Display:
    """Keep a window in step with the state."""

    def __init__(self, state: State, window: MainWindow, images: Images) -> None:
        self._state, self._window, self._images = state, window, images
        for changes, refresh in self._table():
            state.subscribe(changes, refresh)
        window.keys_changed.connect(self.keys)

    def _table(self) -> tuple[tuple[Change, Callable[[], None]], ...]:
        counted = Change.WORDS | Change.WORDS_CHOICE | Change.SHAPES | Change.ENGINE
        return (
            (Change.PROJECT, self.project),
            (counted, self.words),
            (Change.SHAPES | Change.WORDS | Change.ENGINE | Change.ENGINE_TIMES, self.shapes),
            (Change.SELECTION, self.selection),
            (Change.ENGINE | Change.ENGINE_TIMES, self.engine),
            (Change.ENGINE | Change.PROJECT | Change.FACTS, self.banner),
            (Change.THRESHOLD | Change.WORDS, self.threshold),
            (Change.LIST | Change.IMAGE | Change.PROJECT, self.place),
            (Change.HISTORY | Change.STEP | Change.IMAGE | Change.PROJECT, self.actions),
            (Change.WORDS_CHOICE, self.brush),
            (Change.TEMPLATES, self.templates),
        )

    def project(self) -> None:
        """Show the project's name, or the start page."""
        project = self._state.project
        if project is None:
            self._window.setWindowTitle("Cascade-CLIP")
            self._window.show_start()
            return
        self._window.setWindowTitle(tr("{name} - Cascade-CLIP", name=project.folder.name))
        self._window.show_work()
        self._window.canvas.clear(tr("Reading the images of the project."))
        self._window.canvas.setFocus()

    def words(self) -> None:
        """Show the chips."""
        state = self._state
        engine, keys = state.engine, keys_of(state.words)
        facts = tuple(
            WordFacts(
                row.id,
                row.name,
                row.phrases or (row.name,),
                row.colour,
                state.count(row.id),
                row.negative,
                engine.trained(row.word) if engine else None,
                row.id == state.word,
                self._window.key_of(f"word_{keys[row.id]}") if row.id in keys else "",
                known=engine.knows(row.word) if engine else True,
                hidden=row.id in state.hidden,
                threshold=row.threshold,
            )
            for row in state.words
        )
        self._window.words.show_words(facts)
        self._window.hints.show_words(facts)

    def keys(self) -> None:
        """Show what tells a key, now that keys have changed."""
        self.words()
        self.shapes()

    def templates(self) -> None:
        """Show which sentences words are put into."""
        self._window.hints.show_templates(self._state.templates)

    def shapes(self) -> None:
        """Show the lists of suggestions and masks."""
        state, window = self._state, self._window
        suggestions = state.visible(state.suggestions)
        window.suggestions.show_suggestions(suggestions, state.pixels, self.why_none())
        masks = tuple(reversed(state.visible(state.annotations)))
        window.masks.show_shapes(masks, state.pixels, self._no_masks())
        if window.actions_table is not None:
            count = len(suggestions)
            text = tr("Accept all {count}", count=count) if count else tr("Accept all")
            window.actions_table.by_name["accept_all"].setText(text)
        window.title_dock("suggestions", tr("Suggestions"), len(suggestions))
        window.title_dock("masks", tr("Masks"), len(masks))

    def _no_masks(self) -> str:
        table = self._window.actions_table
        draw = tr("draw with the brush")
        hint = table.tip("brush", draw) if table is not None else draw
        return tr("Accept a suggestion, or {hint}.", hint=hint)

    def why_none(self) -> str:
        """Say why the list of suggestions is empty, and what to do."""
        state = self._state
        if state.engine_trouble:
            return tr(
                "{engine_trouble} Drawing and exporting work without a model.",
                engine_trouble=state.engine_trouble,
            )
        if state.image is None:
            return state.image_trouble or tr("Open an image to see suggestions.")
        if not state.words:
            return tr(TYPE_HINT)
        if state.engine is None:
            return tr(LOADING)
        if state.best is None:
            return tr(LOOKING)
        if state.best < state.threshold:
            wanted, best = score_text(state.threshold), score_text(max(state.best, 0.0))
            return tr(
                "Nothing above {wanted}: lower the threshold (best is {best}).",
                wanted=wanted,
                best=best,
            )
        return tr("Nothing left to decide on this image.")

    def selection(self) -> None:
        """Show which shape is selected."""
        key = self._state.selected
        self._window.canvas.select(key)
        self._window.suggestions.list.select(key)
        self._window.masks.select(key)
        mask = self._state.selected_of(Kind.ANNOTATION)
        if mask is not None:
            self._window.canvas.set_brush(colour=mask.colour)
        else:
            self.brush()

    def brush(self) -> None:
        """Let the brush paint in the colour of the chosen word."""
        word = self._state.word_of(self._state.word)
        if word is not None and self._state.selected_of(Kind.ANNOTATION) is None:
            self._window.canvas.set_brush(colour=word.colour)

    def engine(self) -> None:
        """Show which model speaks, where, and how fast."""
        state, status = self._state, self._window.status
        if state.engine_trouble:
            status.show_trouble(state.engine_trouble)
        elif state.engine is None:
            status.show_engine(tr(LOADING) if state.project else "", "")
            status.times.setText("")
        else:
            engine = state.engine
            version = engine.version.removeprefix(f"{engine.name.lower()}-")
            reason = said(engine.reason)
            why = f"{engine.backend}: {reason}" if reason else engine.backend
            status.show_engine(f"{engine.name} {version}", engine.backend, why)
            if state.best is not None:
                status.show_times(engine.last_encode_ms, engine.last_decode_ms)

    def banner(self) -> None:
        """Say what the model cannot see, unless the project is the demo it can.

        That nothing can be changed, because another program has the project, comes before that.
        """
        state = self._state
        if state.refusal:
            self._window.banner.say(state.refusal)
        elif state.engine_trouble:
            offer = self._offer(MODELS, tr("Choose a model"))
            self._window.banner.say(state.engine_trouble, offer=offer)
        elif state.engine is not None and not state.demo:
            offer = self._offer(("get_clip", *MODELS), tr("Get a larger model"))
            self._window.banner.say(said(state.engine.info.note), offer=offer)
        else:
            self._window.banner.say("")

    def _offer(self, names: tuple[str, ...], text: str) -> Remedy | None:
        return offered(self._window.actions_table, names, text)

    def threshold(self) -> None:
        """Show the threshold."""
        self._window.suggestions.show_threshold(self._state.threshold, self._state.words)

    def place(self) -> None:
        """Show which image of how many is open."""
        images = self._images
        self._window.status.show_place(images.position, images.count, reading=images.reading)
        image = self._state.image
        name = f"  {images.total}" if self._state.project else ""
        self._window.docks["images"].setWindowTitle(tr("Images") + name)
        reviewed = image is not None and image.status == "reviewed"
        table = self._window.actions_table
        if table is not None:
            text = tr("No longer reviewed") if reviewed else tr("Mark as reviewed")
            table.by_name["reviewed"].setText(text)

    def actions(self) -> None:
        """Offer only what can be done now."""
        state, table = self._state, self._window.actions_table
        if table is None:
            return
        project, image, refusal = state.project is not None, state.image is not None, state.refusal
        table.enable(project=project, image=image, refusal=refusal)
        table.by_name["undo"].setEnabled(state.can_undo and image and not refusal)
        table.by_name["redo"].setEnabled(state.can_redo and image and not refusal)
        joins = bool(self._window.hints.written) and not refusal
        table.by_name["join_words"].setEnabled(joins)
        self._window.status.show_refusal(refusal)
        self._window.suggestions.show_refusal(refusal)
