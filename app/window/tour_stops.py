"""Where the tour stops, and what it says there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from cascadeclip.app.translation import mark, tr
from cascadeclip.app.window.main_window import MainWindow
from cascadeclip.app.window.tour import Stop


@dataclass(frozen=True, slots=True)
class Place:
    """Hold a stop in words: `keys` fills the {names} of the text with the keys of actions."""

    part: Callable[[MainWindow], QWidget]
    title: str
    text: str
    keys: tuple[tuple[str, str], ...] = ()


PLACES = (
    Place(
        lambda window: window.words,
        mark("Say what to look for"),
        mark(
            "Type a word, such as cat, and press Enter. While you type you see already what it "
            "would find. cat | kitten are two spellings of one word."
        ),
    ),
    Place(
        lambda window: window.canvas,
        mark("Agree with a click"),
        mark(
            "Dashed outlines are suggestions. Click one to make it a mask, or go through them "
            "with {walk}: {accept} accepts, {reject} rejects."
        ),
        (("walk", "next_suggestion"), ("accept", "accept"), ("reject", "reject")),
    ),
    Place(
        lambda window: window.docks["suggestions"],
        mark("How sure must the model be"),
        mark(
            "The threshold shows more or fewer suggestions at once. {accept} takes all that you "
            "see, and one Undo gives them all back."
        ),
        (("accept", "accept_all"),),
    ),
    Place(
        lambda window: window.tools,
        mark("Correct what is not right"),
        mark(
            "Paint with the brush ({brush}) and take away with the eraser ({eraser}). Every "
            "stroke is saved at once and can be undone."
        ),
        (("brush", "brush"), ("eraser", "eraser")),
    ),
    Place(
        lambda window: window.docks["images"],
        mark("On to the next image"),
        mark("{next} opens the next image, {reviewed} marks this one as reviewed."),
        (("next", "next"), ("reviewed", "reviewed")),
    ),
    Place(
        lambda window: window.menuBar(),
        mark("Let the model learn from you"),
        mark(
            "After some reviewed images: Model, Retrain. The new version is measured beside the "
            "old one and used only if it is better. {keys} shows all keys."
        ),
        (("keys", "keys"),),
    ),
)


def stops(window: MainWindow) -> tuple[Stop, ...]:
    """Give the stops of the tour, with the keys as they are now."""
    return tuple(_stop(window, place) for place in PLACES)


def _stop(window: MainWindow, place: Place) -> Stop:
    table = window.actions_table
    keys = {name: table.key_of(action) if table else "" for name, action in place.keys}
    return Stop(lambda: place.part(window), tr(place.title), tr(place.text, **keys))
