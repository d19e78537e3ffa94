"""What models made of whole images: one look per image, the last one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadeclip.core.project.connection import Record, Store, now

CANDIDATES = 5000
REVIEWED = 1000
# What an image's suggestions were made with: a mark, and the beginning of the file's digest.
MARK_DIGITS = 16
MARKED = f"(suggested_with IS ? || '/' || substr(digest, 1, {MARK_DIGITS}))"
_HALF = np.dtype("<f2")


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Hold what a model made of an image as a whole.

    `embedding` is the image's global unit vector E, `uncertainty` the mean over its pixels, 0..1,
    `agreement` how far suggestions and the masks of people are the same, 0..1, None without masks.
    """

    model_version: str
    embedding: NDArray[np.float32]
    uncertainty: float
    agreement: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Hold the unreviewed images a model has looked at, the most uncertain first.

    `ids` N, `embeddings` NxE and `uncertainty` N belong together; `reviewed` MxE are images
    somebody has finished with, the newest first. `known` counts the unreviewed images looked at,
    of which these are the first.
    """

    ids: NDArray[np.int64]
    embeddings: NDArray[np.float32]
    uncertainty: NDArray[np.float32]
    reviewed: NDArray[np.float32]
    known: int


class Looks:
    """Keep the last look of each image of one project."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, image_id: int, look: Look) -> None:
        """Keep a look in the place of the one before. Raises ProjectError without the image."""
        self._store.run(
            "INSERT INTO looks VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " model_version = excluded.model_version, embedding = excluded.embedding,"
            " uncertainty = excluded.uncertainty, agreement = excluded.agreement,"
            " created = excluded.created",
            (
                int(image_id),
                look.model_version,
                np.asarray(look.embedding, _HALF).tobytes(),
                float(look.uncertainty),
                None if look.agreement is None else float(look.agreement),
                now(),
            ),
        )

    def get(self, image_id: int) -> Look | None:
        """Return the look of an image, None when no model has looked at it."""
        record = self._store.row("SELECT * FROM looks WHERE image_id = ?", (int(image_id),))
        return None if record is None else self._store.made(_look, [record])[0]

    def candidates(
        self, *, version: str | None = None, limit: int = CANDIDATES, reviewed: int = REVIEWED
    ) -> Candidates:
        """Return what the order of the images worth labelling is made of.

        Vectors of different models do not compare: those of the model `version` count, or, where
        it has looked at no image, those of the model that looked last.
        """
        version = self._speaking(version)
        made = self._store.made
        found = self._of(version, "unreviewed", "uncertainty DESC, image_id", limit)
        done = self._of(version, "reviewed", "created DESC, image_id", reviewed)
        known = self._store.value(
            "SELECT count(*) FROM looks JOIN images ON images.id = image_id"
            " WHERE model_version = ? AND status = 'unreviewed'",
            (version,),
        )
        return Candidates(
            np.array([record["image_id"] for record in found], np.int64),
            _stacked(made(_vector, found)),
            np.array(made(_uncertainty, found), np.float32),
            _stacked(made(_vector, done)),
            int(known),
        )

    def speaker(self, mark: str) -> str | None:
        """Name the model that has looked at most unreviewed images whose suggestions lack `mark`.

        None where nobody has looked at any of them.
        """
        found = self._store.value(
            f"""SELECT model_version FROM looks JOIN images ON images.id = image_id
            WHERE status = 'unreviewed' AND NOT {MARKED}
            GROUP BY model_version ORDER BY count(*) DESC, max(created) DESC LIMIT 1""",
            (mark,),
        )
        return None if found is None else str(found)

    def _speaking(self, version: str | None) -> str:
        known = self._store.value(
            "SELECT model_version FROM looks ORDER BY model_version != ?, created DESC LIMIT 1",
            (version or "",),
        )
        return str(known or "")

    def _of(self, version: str, status: str, order: str, limit: int) -> list[Record]:
        return self._store.rows(
            "SELECT image_id, embedding, uncertainty FROM looks"
            " JOIN images ON images.id = image_id WHERE model_version = ? AND status = ?"
            f" ORDER BY {order} LIMIT ?",
            (version, status, int(limit)),
        )


def _look(record: Record) -> Look:
    return Look(
        record["model_version"],
        _vector(record),
        _uncertainty(record),
        record["agreement"],
    )


def _vector(record: Record) -> NDArray[np.float32]:
    return np.frombuffer(record["embedding"], _HALF).astype(np.float32)


def _uncertainty(record: Record) -> float:
    return float(record["uncertainty"])


def _stacked(vectors: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    # One file may be damaged and another model may have had the same name: what does not fit
    # counts as unlike everything else.
    side = max((len(one) for one in vectors), default=0)
    made = np.zeros((len(vectors), side), np.float32)
    for place, vector in zip(made, vectors, strict=True):
        place[: len(vector)] = vector
    return made
