"""A demo: generated scenes as a project of their own, with the truth about them on request."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from cascadeclip.core import masks
from cascadeclip.core.errors import ProjectError
from cascadeclip.core.formats.coco_file import CocoCategory, CocoFile
from cascadeclip.core.project import Project
from cascadeclip.core.replacing import draft_of, put_folder, remove
from cascadeclip.core.scenes.art import Art, load_art
from cascadeclip.core.scenes.scene import Scene, draw_scene
from cascadeclip.core.scenes.words import DEMO_WORDS, INDEX, WORDS
from cascadeclip.core.values import Word
from cascadeclip.core.vocabulary import colour_for

FIRST_SEED = 2**32  # training draws from below 2**31, so that no demo scene was ever trained on
SEEDS_PER_DEMO = 100_000
MARK = "demo.json"  # tells a folder that may be replaced from one that holds somebody's work
TRUTH = Path("truth") / "instances.json"
_LICENCE = "Art by OpenMoji, CC BY-SA 4.0"
_NUMBERS = {name: number for number, name in enumerate(DEMO_WORDS, 1)}  # categories of the truth


@dataclass(frozen=True, slots=True)
class _Plan:
    """Hold what to draw; a plan that cannot be drawn raises ProjectError."""

    seed: int
    count: int
    size: int

    def __post_init__(self) -> None:
        if not 1 <= self.count <= SEEDS_PER_DEMO:
            raise ProjectError(f"A demo has 1 to {SEEDS_PER_DEMO} scenes, not {self.count}.")
        if not 32 <= self.size <= 4096:
            raise ProjectError(f"A scene is 32 to 4096 pixels wide, not {self.size}.")
        if self.seed < 0:
            raise ProjectError("The seed of a demo is a number from 0.")

    def seed_of(self, index: int) -> int:
        """Return the seed of the scene number `index`, from 0."""
        return FIRST_SEED + self.seed * SEEDS_PER_DEMO + index


def write_demo(
    folder: Path,
    *,
    seed: int = 0,
    count: int = 12,
    size: int = 320,
    truth: bool = False,
    replace: bool = False,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Path:
    """Write a project of `count` scenes of `size` x `size` pixels to `folder` and return it.

    The same seed gives the same scenes. The vocabulary is DEMO_WORDS, the model the bundled one.
    With `truth`, `truth/instances.json` holds the exact masks as COCO: one annotation for each
    thing, one for each kind of stuff of an image. An earlier demo in `folder` is replaced whole,
    but one that holds masks only with `replace`.

    Raise ProjectError for a folder that holds anything else, cannot be written, or when `stopped`
    says so (then nothing has changed); ArtMissing where the art is not installed.
    """
    plan = _Plan(seed, count, size)
    folder = folder.resolve()  # a link stays, what it names is replaced
    _check_free(folder, replace=replace)
    art = load_art()
    beside = draft_of(folder)
    try:
        _draw(beside, art, plan, truth=truth, progress=progress, stopped=stopped)
        _make_project(beside)
        mark = json.dumps({"seed": seed, "count": count, "size": size, "art": art.style})
        (beside / MARK).write_text(mark + "\n", encoding="utf-8")
        put_folder(beside, folder)
    except OSError as error:
        raise ProjectError(
            f"The demo could not be written to {folder} ({error.strerror or error}); "
            "choose another folder."
        ) from error
    finally:
        remove(beside)
    return folder


def demo_words() -> tuple[Word, ...]:
    """Return the vocabulary of the demo: every spelling of a word is one of its phrases."""
    return tuple(
        Word(name, WORDS[INDEX[name]].phrases, colour_for(index))
        for index, name in enumerate(DEMO_WORDS)
    )


def _check_free(folder: Path, *, replace: bool) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ProjectError(f"{folder} is a file; name a folder for the demo.")
    if any(folder.iterdir()) and not (folder / MARK).is_file():
        raise ProjectError(f"{folder} holds other files; name a new or empty folder for the demo.")
    if not replace and Project.is_project(folder):
        with Project.open(folder) as project:
            masks_there = project.annotations.count()
        if masks_there:
            raise ProjectError(
                f"The demo in {folder} holds {masks_there} masks; "
                "name another folder, or add --replace to lose them."
            )


def _draw(
    folder: Path,
    art: Art,
    plan: _Plan,
    *,
    truth: bool,
    progress: Callable[[int, int], None] | None,
    stopped: Callable[[], bool] | None,
) -> None:
    (folder / "images").mkdir(parents=True)
    with ExitStack() as stack:
        answers = stack.enter_context(_open_truth(folder)) if truth else None
        for index in range(plan.count):
            if stopped is not None and stopped():
                raise ProjectError("The demo was stopped; nothing was written.")
            scene = draw_scene(art, plan.seed_of(index), size=plan.size, words=DEMO_WORDS)
            name = f"scene-{index + 1:04d}.png"
            Image.fromarray(scene.image).save(folder / "images" / name)
            if answers is not None:
                _answer(answers, name, scene)
            if progress is not None:
                progress(index + 1, plan.count)


def _make_project(folder: Path) -> None:
    with Project.create(folder) as project:
        project.images.add_many(sorted((folder / "images").iterdir()))
        # No model version of its own: the bundled one speaks until one was trained.
        project.classes.set_vocabulary(demo_words())


def _open_truth(folder: Path) -> CocoFile:
    file = CocoFile(folder / TRUTH, description="Truth of a cascadeclip demo.", licence=_LICENCE)
    file.set_categories(CocoCategory(number, name) for name, number in _NUMBERS.items())
    return file


def _answer(file: CocoFile, file_name: str, scene: Scene) -> None:
    """Write the things of one scene, then what shows of each kind of stuff."""
    height, width = scene.labels.shape
    image = file.add_image(file_name, width, height)
    for one in scene.objects:
        if one.mask.any():
            file.add_annotation(image, _NUMBERS[one.word], masks.encode(one.mask))
    for index in np.unique(scene.labels):
        word = WORDS[int(index)]
        if word.kind == "stuff":
            file.add_annotation(image, _NUMBERS[word.name], masks.encode(scene.labels == index))
