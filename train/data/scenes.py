"""Generated scenes as a labelled set: the toy world's stand-in for the paper's data sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from cascadeclip.core.scenes import DEMO_WORDS, WORDS, Art, SceneSettings, draw_scene
from cascadeclip.train.data.labelled import IGNORE, Example

BENCHMARK_WORDS = 60


def benchmark_words(count: int = BENCHMARK_WORDS) -> tuple[str, ...]:
    """Choose words of the toy world: all stuff, the demo's, and others, in the world's order.

    About as large a share of them is unseen as of all words. The same count gives the same words.
    """
    fixed = {word.name for word in WORDS if word.kind == "stuff"} | set(DEMO_WORDS)
    rest = [word.name for word in WORDS if word.name not in fixed]
    order = np.random.default_rng(0).permutation(len(rest))
    chosen = fixed | {rest[index] for index in order[: max(0, count - len(fixed))]}
    return tuple(word.name for word in WORDS if word.name in chosen)


@dataclass(slots=True)
class SceneSet:
    """Draw scenes of `names` at `side` pixels; scene i has the seed `first + i`, kept once drawn.

    Seen and unseen words stand in every scene, as in the paper's training images.
    """

    art: Art
    names: Sequence[str]
    first: int
    count: int
    side: int = 96
    settings: SceneSettings = field(default_factory=SceneSettings)
    _drawn: dict[int, Example] = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        """Name the words, in channel order."""
        return tuple(self.names)

    @property
    def seen(self) -> tuple[int, ...]:
        """Place the words the toy world calls seen."""
        known = {word.name for word in WORDS if word.seen}
        return tuple(place for place, name in enumerate(self.names) if name in known)

    def __len__(self) -> int:
        """Count the scenes."""
        return self.count

    def load(self, index: int) -> Example:
        """Draw scene `index`, once."""
        if index not in self._drawn:
            self._drawn[index] = self._draw(index)
        return self._drawn[index]

    def _draw(self, index: int) -> Example:
        scene = draw_scene(
            self.art, self.first + index, size=self.side, words=self.names, settings=self.settings
        )
        place = np.full(len(WORDS), IGNORE, dtype=np.uint8)
        names = {name: number for number, name in enumerate(self.names)}
        for number, word in enumerate(WORDS):
            place[number] = names.get(word.name, IGNORE)
        return Example(scene.image, place[scene.labels], f"scene-{self.first + index}")
