"""Images with their whole truth: what a simulated annotator knows and the tool does not."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.images import open_image
from cascadeclip.core.masks import decode
from cascadeclip.core.project import Project
from cascadeclip.core.project.paging import every_image
from cascadeclip.core.scenes import (
    DEMO_WORDS,
    INDEX,
    Art,
    SceneSettings,
    draw_scene,
    draw_sprites,
    load_art,
)
from cascadeclip.core.scenes.words import SceneWord
from cascadeclip.core.values import Rle, Word
from cascadeclip.core.vocabulary import colour_for

TRUTH = Path("truth") / "instances.json"
NEW_SEED = 2**33
"""Beyond the seeds of training, benchmark and demo: no other scene is ever one of these."""
# Chosen before anything was measured: things of different kinds that the toy world lacks.
NEW_WORDS: Mapping[str, str] = {
    "accordion": "1FA97", "lobster": "1F99E", "robot": "1F916", "telescope": "1F52D",
    "unicorn": "1F984", "avocado": "1F951", "parachute": "1FA82", "pretzel": "1F968",
}  # fmt: skip
NEVER_CORRECTED = ("avocado", "parachute", "pretzel")
GROUND = ("grass", "sky", "sand")
_PLACES = ("airplane", "bicycle", "bird", "boat", "bottle", "bus", "cat", "car")


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Hold an image HxWx3 uint8 RGB and the word index of every pixel, -1 for none."""

    name: str
    image: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Hold what a simulation happens in.

    `pool` are images that may be corrected, `test` images that only measure; `never` names words
    nobody corrects. `guard` are images of `guard_words`, which the model knew before; `enough` is
    the IoU every word must reach.
    """

    words: tuple[Word, ...]
    pool: tuple[Case, ...]
    test: tuple[Case, ...]
    never: tuple[str, ...] = ()
    guard: tuple[Case, ...] = ()
    guard_words: tuple[Word, ...] = ()
    enough: float = 0.9


def new_world(pool: int, test: int, guard: int = 40) -> World:
    """Draw scenes of eight things the bundled model has never seen, three of them never corrected.

    The toy world's own generator draws them in the places of things it knows. `guard` scenes show
    what the model knew: with ten of them a mean moves by a point by chance. Raise ArtMissing where
    the art is not installed.
    """
    things = [SceneWord(name, "thing", name, code, False, ()) for name, code in NEW_WORDS.items()]  # noqa: FBT003
    sprites = draw_sprites(things)
    art = Art("new", dict(zip(_PLACES, sprites.values(), strict=True)))
    names, drawn = (*NEW_WORDS, *GROUND), (*_PLACES, *GROUND)
    settings = SceneSettings(things=(2, 4))
    cases = [_scene(art, NEW_SEED + at, drawn, settings) for at in range(pool + test)]
    demo = load_art()
    return World(
        words=_words(names),
        pool=tuple(cases[test:]),
        test=tuple(cases[:test]),
        never=NEVER_CORRECTED,
        guard=tuple(
            _scene(demo, NEW_SEED + 50_000 + at, DEMO_WORDS, SceneSettings()) for at in range(guard)
        ),
        guard_words=_words(DEMO_WORDS),
    )


def _words(names: Sequence[str]) -> tuple[Word, ...]:
    return tuple(Word(name, (name,), colour_for(index)) for index, name in enumerate(names))


def _scene(art: Art, seed: int, drawn: Sequence[str], settings: SceneSettings) -> Case:
    scene = draw_scene(art, seed, words=drawn, settings=settings)
    labels = np.full(scene.labels.shape, -1, dtype=np.int16)
    for index, name in enumerate(drawn):
        labels[scene.labels == INDEX[name]] = index
    return Case(f"{seed}.png", scene.image, labels)


def project_world(folder: Path, test: int, never: Sequence[str]) -> World:
    """Read a project whose truth is known; its last `test` images by name only measure.

    The truth lies beside it (`demo --truth`), else it is what the masks of reviewed images say.
    The project is only read. Raise TrainingFailed where there is no truth or too few images.
    """
    path = folder / TRUTH
    with Project.open(folder, read_only=True) as project:
        words = tuple(row.word for row in project.classes.all())
        cases = _from_file(project, words, path) if path.is_file() else _from_masks(project)
    if not cases:
        raise TrainingFailed(
            f"There is no truth at {path} and no reviewed image; make a project that has one with: "
            "cascadeclip demo FOLDER --truth."
        )
    if len(cases) <= test:
        raise TrainingFailed(
            f"The project has {len(cases)} images with a truth, and {test} of them only measure; "
            "make a larger demo with --count."
        )
    return World(words, tuple(cases[:-test]), tuple(cases[-test:]), tuple(never))


def _from_file(project: Project, words: Sequence[Word], path: Path) -> list[Case]:
    truth = json.loads(path.read_text(encoding="utf-8"))
    regions: dict[int, list[dict[str, Any]]] = {}
    for one in truth["annotations"]:
        regions.setdefault(one["image_id"], []).append(one)
    index = {word.name: at for at, word in enumerate(words)}
    names = {one["id"]: index.get(one["name"], -1) for one in truth["categories"]}
    rows = {row.path.rpartition("/")[2]: row for row in every_image(project)}
    cases = []
    for image in sorted(truth["images"], key=lambda one: str(one["file_name"])):
        row = rows.get(str(image["file_name"]))
        if row is None:
            continue
        labels = np.full((row.height, row.width), -1, dtype=np.int16)
        for one in regions.get(image["id"], []):
            rle = Rle(row.height, row.width, one["segmentation"]["counts"].encode())
            labels[decode(rle)] = names[one["category_id"]]
        pixels = open_image(project.images.absolute(row.id))
        cases.append(Case(str(image["file_name"]), pixels, labels))
    return cases


def _from_masks(project: Project) -> list[Case]:
    index = {row.id: at for at, row in enumerate(project.classes.all())}
    cases = []
    for row in sorted(every_image(project), key=lambda one: one.path):
        if row.status != "reviewed":
            continue
        labels = np.full((row.height, row.width), -1, dtype=np.int16)
        for one in sorted(project.annotations.of_image(row.id), key=lambda one: one.id):
            labels[decode(one.rle)] = index.get(one.class_id, -1)
        pixels = open_image(project.images.absolute(row.id))
        cases.append(Case(row.path, pixels, labels))
    return cases
