"""The words of a project as rows: an id given once means the same word for ever."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cascadeclip.core.errors import VocabularyError
from cascadeclip.core.project.connection import Record, Store
from cascadeclip.core.project.rows import ClassRow
from cascadeclip.core.values import Word
from cascadeclip.core.vocabulary import checked_phrases, free_colour, phrase_key


class Classes:
    """Add, change, order and hide the words of one project."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self,
        name: str,
        *,
        phrases: Sequence[str] = (),
        colour: str | None = None,
        negative: bool = False,
    ) -> ClassRow:
        """Add a word; `phrases` are its spellings, the name itself is always the first.

        A word that was hidden comes back with the id it had. Without a `colour` ("#rrggbb") it
        gets the first free one. Raises VocabularyError when the word is there or cannot be one.
        """
        spellings = checked_phrases(name, phrases)
        with self._store.transaction():
            known = self._by_name(name)
            if known is not None and known.active:
                raise VocabularyError(f'The word "{known.name}" is already in the vocabulary.')
            rows = [row for row in self.all() if known is None or row.id != known.id]
            record: Record = {
                **_spelled(spellings),
                "position": 1 + max((row.position for row in rows), default=-1),
                "negative": int(negative),
                "active": 1,
            }
            taken = {row.colour for row in rows}
            if colour is not None:
                record["colour"] = _checked_colour(colour)
            elif known is None or known.colour in taken:
                record["colour"] = free_colour(taken)
            if known is None:
                return self.get(self._store.insert("classes", record))
            self._store.update("classes", known.id, record)
            return self.get(known.id)

    def all(self, *, include_hidden: bool = False) -> list[ClassRow]:
        """Return the words in their order, hidden ones last and only when asked for."""
        where = "" if include_hidden else "WHERE active = 1"
        records = self._store.rows(
            f"SELECT * FROM classes {where} ORDER BY active DESC, position, id"
        )
        return self._store.made(_row, records)

    def get(self, class_id: int) -> ClassRow:
        """Return the word `class_id`, hidden or not. Raises VocabularyError when there is none."""
        record = self._store.row("SELECT * FROM classes WHERE id = ?", (int(class_id),))
        if record is None:
            raise VocabularyError(f"There is no word number {class_id} in this project.")
        return self._store.made(_row, [record])[0]

    def update(
        self,
        class_id: int,
        *,
        name: str | None = None,
        phrases: Sequence[str] | None = None,
        colour: str | None = None,
        negative: bool | None = None,
    ) -> ClassRow:
        """Change what is given and leave the rest. Raises VocabularyError."""
        with self._store.transaction():
            row = self.get(class_id)
            name = row.name if name is None else name
            other = self._by_name(name)
            if other is not None and other.id != row.id:
                raise VocabularyError(f'There is already a word "{other.name}" in this project.')
            if phrases is None:
                phrases = row.phrases[1:]
            changes: Record = _spelled(checked_phrases(name, phrases))
            if colour is not None:
                changes["colour"] = _checked_colour(colour)
            if negative is not None:
                changes["negative"] = int(negative)
            self._store.update("classes", row.id, changes)
            return self.get(row.id)

    def set_threshold(self, class_id: int, threshold: float | None) -> ClassRow:
        """Give a word its own threshold (0..1), or with None the project's. Raises VocabularyError.

        What is suggested already stays as it is until somebody asks anew.
        """
        if threshold is not None and not 0 <= threshold <= 1:
            raise VocabularyError(f"A threshold lies between 0 and 1, not at {threshold:g}.")
        with self._store.transaction():
            row = self.get(class_id)
            self._store.update("classes", row.id, {"threshold": threshold})
            return self.get(row.id)

    def set_key(self, class_id: int, key: int | None) -> list[ClassRow]:
        """Give a word a number key (0 to 9) of its own, or with None that of its place.

        Who had the key before gets that of its place. Returns all words. Raises VocabularyError.
        """
        if key is not None and not 0 <= key <= 9:
            raise VocabularyError(f"A number key is one of 0 to 9, not {key}.")
        with self._store.transaction():
            row = self.get(class_id)
            if key is not None:
                self._store.run("UPDATE classes SET key = NULL WHERE key = ?", (key,))
            self._store.update("classes", row.id, {"key": key})
            return self.all()

    def reorder(self, ids: Sequence[int]) -> list[ClassRow]:
        """Put the visible words in the order of `ids`, which names each of them once.

        Raises VocabularyError.
        """
        with self._store.transaction():
            if sorted(int(row_id) for row_id in ids) != sorted(row.id for row in self.all()):
                raise VocabularyError("The new order must name every word once; load it again.")
            for position, row_id in enumerate(ids):
                self._store.update("classes", int(row_id), {"position": position})
            return self.all()

    def remove(self, class_id: int) -> None:
        """Take a word out of the vocabulary, with its undecided suggestions.

        Its row stays, hidden, for what was decided with it and for undo. Raises VocabularyError
        while annotations use it.
        """
        with self._store.transaction():
            row = self.get(class_id)
            used = int(
                self._store.value("SELECT count(*) FROM annotations WHERE class_id = ?", (row.id,))
            )
            if used:
                raise VocabularyError(
                    f'"{row.name}" is the word of {used} masks; give them another word first.'
                )
            self._store.run(
                "DELETE FROM suggestions WHERE class_id = ? AND status = 'pending'", (row.id,)
            )
            self._store.update("classes", row.id, {"active": 0})

    def set_vocabulary(self, words: Sequence[Word]) -> list[ClassRow]:
        """Make the visible words exactly `words`, in their order; return them.

        Words known by name keep their id and, unless it was taken meanwhile, their colour; new
        ones are added, the rest is hidden.
        Raises VocabularyError when there is no word or one comes twice.
        """
        names = [phrase_key(word.name) for word in words]
        if not names:
            raise VocabularyError("The vocabulary is empty; type at least one word.")
        if len(set(names)) != len(names):
            raise VocabularyError("A word comes twice in the vocabulary; remove one of the two.")
        with self._store.transaction():
            known = {phrase_key(row.name): row for row in self.all(include_hidden=True)}
            shown = [known[name] for name in names if name in known]
            taken = {row.colour for row in shown if row.active}
            for name in known.keys() - set(names):
                if known[name].active:
                    self._store.update("classes", known[name].id, {"active": 0})
            for position, (name, word) in enumerate(zip(names, words, strict=True)):
                taken.add(self._place(known.get(name), word, position, taken))
            return self.all()

    def _place(self, known: ClassRow | None, word: Word, position: int, taken: set[str]) -> str:
        """Write one word of the vocabulary where it differs from its row; return its colour."""
        record: Record = {
            **_spelled(checked_phrases(word.name, word.phrases)),
            "position": position,
            "negative": int(word.negative),
            "active": 1,
        }
        if known is not None and known.active:
            current = {**_spelled(known.phrases), "position": known.position, "active": 1}
            if record != {**current, "negative": int(known.negative)}:
                self._store.update("classes", known.id, record)
            return known.colour
        # Other words may have taken its colour while this one was hidden.
        colour = _checked_colour(word.colour if known is None else known.colour)
        record["colour"] = free_colour(taken) if colour in taken else colour
        if known is None:
            self._store.insert("classes", record)
        else:
            self._store.update("classes", known.id, record)
        return str(record["colour"])

    def _by_name(self, name: str) -> ClassRow | None:
        # SQLite folds the case of A-Z only; there are hundreds of words at most.
        key = phrase_key(name)
        rows = self.all(include_hidden=True)
        return next((row for row in rows if phrase_key(row.name) == key), None)


def _spelled(spellings: tuple[str, ...]) -> Record:
    return {"name": spellings[0], "phrases": json.dumps(spellings, ensure_ascii=False)}


def _checked_colour(colour: str) -> str:
    digits = colour[1:]
    if (
        len(colour) != 7
        or colour[0] != "#"
        or not all(d in "0123456789abcdefABCDEF" for d in digits)
    ):
        raise VocabularyError(f'A colour is written like "#e69f00", not "{colour}".')
    return colour.lower()


def _row(record: Record) -> ClassRow:
    return ClassRow(
        id=record["id"],
        name=record["name"],
        phrases=tuple(json.loads(record["phrases"])),
        colour=record["colour"],
        position=record["position"],
        negative=bool(record["negative"]),
        active=bool(record["active"]),
        threshold=record["threshold"],
        key=record["key"],
    )
