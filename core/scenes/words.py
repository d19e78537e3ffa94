"""The words of the toy world: what can stand in a scene, and what the head is trained on."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Literal


@dataclass(frozen=True, slots=True)
class SceneWord:
    """Name one thing or stuff of the toy world.

    `short_name` and `code_points` (hexadecimal, joined by "-") find the art of a thing; stuff is
    drawn and has neither. `seen` words are trained on by the cascade head, the others never.
    """

    name: str
    kind: Literal["thing", "stuff"]
    short_name: str
    code_points: str
    seen: bool
    synonyms: tuple[str, ...]

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return every spelling, the name first."""
        return (self.name, *self.synonyms)


def _read_words() -> tuple[SceneWord, ...]:
    text = (files("cascadeclip.resources") / "words" / "toy.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(
        SceneWord(
            name=name,
            kind="stuff" if kind == "stuff" else "thing",
            short_name=short_name,
            code_points=code_points,
            seen=seen == "1",
            synonyms=tuple(part for part in synonyms.split("|") if part),
        )
        for name, kind, short_name, code_points, seen, synonyms in rows
    )


WORDS: tuple[SceneWord, ...] = _read_words()
INDEX: dict[str, int] = {word.name: index for index, word in enumerate(WORDS)}

# Chosen before the model was trained, from the names the method's own benchmarks hold out
# (couch, train, tv, potted plant, sheep, cow, grass, road) and common ones it is trained on.
DEMO_WORDS: tuple[str, ...] = (
    "cat",
    "dog",
    "car",
    "pizza",
    "sheep",
    "couch",
    "train",
    "tv",
    "potted plant",
    "grass",
    "sky",
    "sand",
)
