"""The readers that `fuzz_files.py` feeds, and the whole files that damaged ones are made of."""

from __future__ import annotations

import contextlib
import io
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from cascadeclip.core.errors import CascadeClipError

# Headers are read whatever they say; pixels only of what is small, so that none takes a second.
FEW_PIXELS = 1 << 20


@dataclass(frozen=True)
class Target:
    """Hold the whole files to begin with, the name a damaged one gets, and who reads it."""

    seeds: Callable[[], list[bytes]]
    name: str
    read: Callable[[Path], object]
    modules: tuple[str, ...]


def image_seeds() -> list[bytes]:
    """Return a small image of every kind that is opened, plain and odd."""
    ramp = np.arange(12 * 16 * 3, dtype=np.uint8).reshape(12, 16, 3)
    colours, found = Image.fromarray(ramp), []
    exif = colours.getexif()
    exif[0x0112] = 6
    for kind in ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "PPM"):
        found.append(_saved(colours, kind, **({} if kind in ("BMP", "PPM") else {"exif": exif})))
    found.append(_saved(colours, "TIFF", save_all=True, append_images=[colours]))
    found.append(_saved(colours, "TIFF", compression="tiff_lzw"))
    found.append(_saved(colours.convert("CMYK"), "JPEG"))
    found.append(_saved(colours.quantize(7), "PNG", transparency=3))
    found.append(_saved(Image.fromarray(np.arange(96, dtype=np.uint16).reshape(8, 12)), "PNG"))
    return found


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def read_image(file: Path) -> None:
    """Read the header, and the pixels of what is small."""
    from cascadeclip.core.images import open_image, open_labels, read_header

    header = read_header(file)
    if header.width * header.height <= FEW_PIXELS:
        rgb = open_image(file)
        if rgb.shape != (header.height, header.width, 3):
            raise AssertionError(f"{rgb.shape} of {header}")
        with contextlib.suppress(CascadeClipError):
            open_labels(file)


def weight_seeds() -> list[bytes]:
    """Return small files of weights: PyTorch's two formats, safetensors, an archive of code."""
    import torch
    from safetensors.torch import save

    state = {"a.weight": torch.arange(12.0).reshape(3, 4), "a.bias": torch.ones(3).half()}
    whole = {"state_dict": state, "meta": {"epoch": 3, "names": ["cat", ("a", 1.5)], "none": None}}
    found = [save(state)]
    for content, options in ((state, {}), (whole, {}),
                             (whole, {"_use_new_zipfile_serialization": False})):  # fmt: skip
        buffer = io.BytesIO()
        torch.save(content, buffer, **options)
        found.append(buffer.getvalue())
    return found


def archive_seeds() -> list[bytes]:
    """Return a small TorchScript archive."""
    import torch

    buffer = io.BytesIO()
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # torch's: this is what OpenAI published
        torch.jit.save(torch.jit.trace(torch.nn.Linear(2, 3), torch.ones(1, 2)), buffer)
    return [buffer.getvalue()]


def read_weights(file: Path) -> None:
    """Read tensors as the kind that the file says it is, and as the others."""
    from cascadeclip.core.model import weights
    from cascadeclip.core.model.clip_files import read_clip

    for read in (read_clip, weights.read_pickled, weights.read_safetensors):
        with contextlib.suppress(CascadeClipError), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PyTorch remarks on odd pickles
            read(file)


def read_archive(file: Path) -> None:
    """Read the tensors of an archive."""
    from cascadeclip.core.model.torchscript import check_zip, is_torchscript, read_torchscript

    check_zip(file)
    is_torchscript(file)
    read_torchscript(file)


def description_seeds() -> list[bytes]:
    """Return the descriptions of the models there are."""
    from cascadeclip import resources

    place = Path(resources.__file__).parent / "mini" / "model.json"
    return [place.read_bytes()] if place.stat().st_size <= 1 << 16 else [b'{"format": 1}']


def read_model(file: Path) -> None:
    """Read the folder of a model whose description is the file; there are no weights in it."""
    from cascadeclip.core.model.checkpoint import describe, kind_of, load_model, read_info

    for read in (lambda: kind_of(describe(file.parent)), lambda: read_info(file.parent),
                 lambda: load_model(file.parent)):  # fmt: skip
        with contextlib.suppress(CascadeClipError):
            read()


def database_seeds() -> list[bytes]:
    """Return the database of a small project that has a bit of everything."""
    from cascadeclip.core import masks
    from cascadeclip.core.project import Project
    from cascadeclip.core.values import Suggestion

    mask = np.zeros((8, 9), np.bool_)
    mask[2:5, 3:8] = True
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        Image.new("RGB", (9, 8)).save(place / "a.png")
        with Project.create(place) as project:
            project.images.add(place / "a.png")
            project.classes.add("cat")
            rows = project.suggestions.replace(
                1, [Suggestion(1, masks.encode(mask), 0.5, 0.5)], "v"
            )
            project.suggestions.accept(rows[0].id)
            project.annotations.add(1, 1, ~mask)
            project.undo(1)
            # Smaller pages than the program's own: more of the file is something.
            for sql in ("PRAGMA journal_mode = DELETE", "PRAGMA page_size = 512", "VACUUM"):
                project._store.db.conn.execute(sql)
        return [(place / "project.db").read_bytes()]


def read_database(file: Path) -> None:
    """Open the project, look at everything, and change what can be changed."""
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.recovery import recover

    try:
        with Project.open(file.parent, read_only=True) as project:
            for row in project.images.page():
                project.annotations.of_image(row.id)
                project.suggestions.of_image(row.id, status=None)
                project.can_undo(row.id)
            project.versions.all()
            project.classes.all(include_hidden=True)
            project.suggestions.count()
    finally:
        recover(file.parent).path.unlink()


TARGETS = {
    "image": Target(image_seeds, "a", read_image, ("cascadeclip.core.images", "PIL")),
    "weights": Target(
        weight_seeds,
        "a.pth",
        read_weights,
        ("cascadeclip.core.model.weights", "cascadeclip.core.model.clip_files"),
    ),
    "archive": Target(archive_seeds, "a.pt", read_archive, ("cascadeclip.core.model.torchscript",)),
    "model": Target(
        description_seeds, "model.json", read_model, ("cascadeclip.core.model.checkpoint",)
    ),
    "database": Target(
        database_seeds, "project.db", read_database, ("cascadeclip.core.project",)
    ),
}  # fmt: skip
