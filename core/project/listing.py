"""The images of a project as a list shows them: filtered, in order, with what is known of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project.connection import Record, Store
from cascadeclip.core.project.rows import ImageRow
from cascadeclip.core.project.searching import containing

LOW_AGREEMENT = 0.7
"""Below this mean IoU of suggestions and masks an image is worth a second look."""
_NAMES = ("id", "path", "width", "height", "orientation", "digest", "status")
_COLUMNS = ", ".join(f"images.{name}" for name in _NAMES)
_PENDING = "status = 'pending' AND class_id IN (SELECT id FROM classes WHERE active = 1)"
_NUMBERS = re.compile("([0-9]+)")
_CONDITIONS = {
    "": "",
    "unreviewed": "images.status = 'unreviewed'",
    "reviewed": "images.status = 'reviewed'",
    "suggestions": f"images.id IN (SELECT image_id FROM suggestions WHERE {_PENDING})",
    "masks": "images.id IN (SELECT image_id FROM annotations)",
    "disagreement": f"images.id IN (SELECT image_id FROM looks WHERE agreement < {LOW_AGREEMENT})",
}
STATES = tuple(_CONDITIONS)
_OF_WORD = """images.id IN (SELECT image_id FROM annotations WHERE class_id = ?
    UNION SELECT image_id FROM suggestions WHERE class_id = ? AND status = 'pending')"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Say which images a list shows.

    `search` is part of the path (A-Z equals a-z), `state` one of STATES, `class_id` a word that
    has a mask or an undecided suggestion there.
    """

    search: str = ""
    state: str = ""
    class_id: int | None = None

    @property
    def everything(self) -> bool:
        """Tell whether no image is left out."""
        return self == Wanted()


@dataclass(frozen=True, slots=True)
class ListRow:
    """Hold one image with its masks and undecided suggestions counted.

    `agreement` is how far masks and suggestions are the same, 0..1, None where nobody knows.
    """

    image: ImageRow
    masks: int = 0
    suggestions: int = 0
    agreement: float | None = None

    @property
    def state(self) -> str:
        """Say in a word how far the image is: reviewed, masks, suggestions, unreviewed."""
        if self.image.status == "reviewed":
            return "reviewed"
        return "masks" if self.masks else "suggestions" if self.suggestions else "unreviewed"


class Listing:
    """List the images of one project by number, and read few of them at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ids(self, wanted: Wanted = Wanted()) -> NDArray[np.int64]:  # noqa: B008 - frozen
        """Return the numbers of the images wanted, 8 bytes each, by name: "a2" before "a10".

        Raises ProjectError.
        """
        where, values = _where(wanted)
        # An index holds all that is read here.
        found = self._store.pairs(
            f"SELECT path, id FROM images INDEXED BY images_in_order {where} ORDER BY id", values
        )
        keys = _natural([str(path) for path, _ in found])
        order = sorted(range(len(found)), key=keys.__getitem__)
        return np.fromiter((found[at][1] for at in order), np.int64, len(found))

    def begin(self, limit: int) -> list[ListRow]:
        """Return the first images that were added, at once however many there are."""
        return self.rows(self._store.values("SELECT id FROM images ORDER BY id LIMIT ?", (limit,)))

    def rows(self, ids: Sequence[int] | NDArray[np.int64]) -> list[ListRow]:
        """Return the images of these numbers, in their order; those that are gone are left out."""
        wanted = [int(one) for one in ids]
        marks = ", ".join("?" for _ in wanted)
        records = self._store.rows(
            f"""SELECT {_COLUMNS}, agreement,
                (SELECT count(*) FROM annotations WHERE image_id = images.id) AS masks,
                (SELECT count(*) FROM suggestions WHERE image_id = images.id
                    AND {_PENDING}) AS suggestions
            FROM images LEFT JOIN looks ON looks.image_id = images.id
            WHERE images.id IN ({marks})""",
            wanted,
        )
        found = {record["id"]: _row(record) for record in records}
        return [found[one] for one in wanted if one in found]

    def total(self) -> int:
        """Count all images."""
        return int(self._store.value("SELECT count(*) FROM images"))

    def unreviewed(self) -> NDArray[np.int64]:
        """Return the numbers of the images nobody has finished with, ascending."""
        found = self._store.values(
            "SELECT id FROM images WHERE status = 'unreviewed' ORDER BY id", ()
        )
        return np.fromiter(found, np.int64)


def following(
    ids: NDArray[np.int64], here: int | None, among: NDArray[np.int64], *, forward: bool
) -> int | None:
    """Return the place in `ids` of the next number that is `among` others, going round.

    `here` is the place to start from, which itself is never the answer; None: the beginning.
    """
    places = np.flatnonzero(np.isin(ids, among))
    places = places[places != here] if here is not None else places
    if not len(places):
        return None
    at = -1 if here is None else here
    if forward:
        later = places[places > at]
        return int(later[0] if len(later) else places[0])
    earlier = places[places < at]
    return int(earlier[-1] if len(earlier) else places[-1])


def _natural(paths: Sequence[str]) -> list[str]:
    """Return texts that sort paths as people do: numbers by value, letters without their case.

    All paths are taken apart at once: 100,000 calls would take several times as long. Each number
    is written as how many digits it has, then the digits; both come before any letter or sign. No
    path holds the character 0, which parts them here.
    """
    if not paths:
        return []
    pieces = _NUMBERS.split("\0".join(paths).casefold())
    digits = [number.lstrip("0") for number in pieces[1::2]]
    pieces[1::2] = [f"\1{chr(1 + len(number))}{number}" for number in digits]
    return "".join(pieces).split("\0")


def _where(wanted: Wanted) -> tuple[str, tuple[object, ...]]:
    if wanted.state not in _CONDITIONS:
        raise ProjectError(f'Images cannot be listed by "{wanted.state}"; choose another filter.')
    conditions: list[str] = [_CONDITIONS[wanted.state]]
    values: list[object] = []
    if wanted.class_id is not None:
        conditions.append(_OF_WORD)
        values += [wanted.class_id] * 2
    if wanted.search:
        condition, value = containing(wanted.search)
        conditions.append(condition)
        values.append(value)
    return _joined(conditions), tuple(values)


def _joined(conditions: Iterable[str]) -> str:
    there = [one for one in conditions if one]
    return f"WHERE {' AND '.join(there)}" if there else ""


def _row(record: Record) -> ListRow:
    image = ImageRow(**{name: record[name] for name in _NAMES})
    return ListRow(image, record["masks"], record["suggestions"], record["agreement"])
