"""YOLO segmentation: text files of outlines, and the names of the words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.core.errors import FormatError
from cascadeclip.core.formats.importing import foreign
from cascadeclip.core.formats.importing.foreign import ForeignImage, ForeignMask, Told

if TYPE_CHECKING:
    from cascadeclip.core.project.rows import ImageRow

UNREADABLE = "Lines that cannot be read"
_MOST = 64 << 20
_NAMES = ("classes.txt", "obj.names", "names.txt")
# Outlines may reach a little over the edge; further out they are no shares of an image.
_FARTHEST = 2.0


def read(path: Path, told: Told) -> list[ForeignImage]:
    """Read a data set by its folder or its data.yaml. Raise FormatError."""
    folder = path if path.is_dir() else path.parent
    words = _words(path, told)
    place = folder / "labels" if (folder / "labels").is_dir() else folder
    found = []
    for name, file in foreign.files_below(place, (".txt",), told, within=folder):
        if file.name not in _NAMES:
            load = partial(_load, file=file, words=words, told=told)
            found.append(ForeignImage((name.removesuffix(file.suffix),), load, bare=True))
    return found


def _load(
    row: ImageRow, *, file: Path, words: dict[int, str], told: Told
) -> list[ForeignMask] | None:
    found: list[ForeignMask] = []
    sides = (row.width, row.height) * 2
    for place, line in enumerate(foreign.read_text(file, most=_MOST).splitlines(), 1):
        which = f"line {place}"
        parts = line.split()
        if not parts:
            continue
        values = [_share(part) for part in parts[1:]]
        shares = [value for value in values if value is not None]
        word = words.get(int(parts[0]), "") if re.fullmatch(r"\d{1,6}", parts[0]) else None
        if word is None or len(shares) != len(values):
            told.drop(UNREADABLE, which=which)
        elif not word:
            told.drop(foreign.NAMELESS, which=which)
        elif len(shares) == 4:
            x, y, width, height = (value * side for value, side in zip(shares, sides, strict=True))
            box = [x - width / 2, y - height / 2, width, height]
            foreign.keep_box(found, word, box, row, told, which=which)
        else:
            points: list[object] = [value * sides[at % 2] for at, value in enumerate(shares)]
            make = partial(foreign.from_outlines, [points], row)
            foreign.keep(found, word, make, told, which=which)
    return found


def _share(text: str) -> float | None:
    try:
        value = foreign.number(float(text))
    except ValueError:
        return None
    return value if value is not None and abs(value) <= _FARTHEST else None


def _words(path: Path, told: Told) -> dict[int, str]:
    if path.is_file():
        files = [path]
    elif path.is_dir():
        files = [*sorted(path.glob("*.yaml")), *sorted(path.glob("*.yml"))]
        files += [path / name for name in _NAMES if (path / name).is_file()]
        files = [file for file in files if foreign.inside(file, path, told)]
    else:
        raise FormatError(f"There is no folder {path}.")
    for file in files:
        text = foreign.read_text(file, most=_MOST)
        plain = file.suffix not in (".yaml", ".yml")
        rows = enumerate(text.splitlines()) if plain else _yaml_names(text)
        words = {place: foreign.word_of(name) for place, name in rows}
        if any(words.values()):
            return words
    raise FormatError(f"No data.yaml or classes.txt in {path} names the words.")


def _yaml_names(text: str) -> Iterator[tuple[int, str]]:
    """Read `names` in the forms that data sets have: a list or a mapping, in one line or many.

    A reader of all of YAML would follow references, which a stranger can nest without end.
    """
    match = re.search(r"^names[ \t]*:[ \t]*(.*)$", text, re.MULTILINE)
    if match is None:
        return
    inline = match.group(1).partition(" #")[0].strip()
    if inline[:1] in ("[", "{"):
        rest = text[match.start(1) :]
        inside = rest[1 : rest.find("]" if inline[0] == "[" else "}")]
        entries = re.findall(r"""(?:[^,"']|"(?:\\.|[^"\\])*"|'[^']*')+""", inside)
    else:
        block = re.match(r"(?:[ \t]*(?:#.*)?\n|[ \t]+.*\n|-.*\n)*", text[match.end() + 1 :] + "\n")
        lines = block.group().splitlines() if block else []
        entries = [line.strip() for line in lines if line.strip()[:1] not in ("", "#")]
    for place, entry in enumerate(entries):
        key = re.match(r"\s*(\d{1,6})\s*:\s*(.*)", entry, re.DOTALL)
        name = key.group(2) if key else entry.strip().removeprefix("- ")
        yield int(key.group(1)) if key else place, _unquoted(name.strip())


def _unquoted(name: str) -> str:
    if name[:1] == '"':
        try:
            return str(json.loads(name))
        except ValueError:
            return name.strip('"')
    if name[:1] == "'":
        return name.strip("'").replace("''", "'")
    return name.partition(" #")[0].strip()
