"""A folder that is written beside its place and put there whole, or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cascadeclip.core.errors import FormatError
from cascadeclip.core.formats.options import Notes
from cascadeclip.core.formats.plan import ExportImage
from cascadeclip.core.formats.workers import Workers
from cascadeclip.core.images import open_image
from cascadeclip.core.replacing import draft_of, put_folder, recover, remove

MARKER = "cascadeclip-export.json"
_RUNS = 3  # zlib's Z_RLE
_JPEG = (".jpg", ".jpeg")
# Some disks keep times to two seconds only.
_CLOCK_SECONDS = 2


class Folder:
    """Write files into a folder; leave the block without an error to keep them.

    An older export in its place is replaced whole; a folder that holds anything else, or a file
    that somebody changed since, is refused with FormatError, and so is what cannot be written.
    `discard` inside the block, or an error, leaves everything as it was.
    """

    def __init__(self, out: Path, *, kind: str, images: str, notes: Notes) -> None:
        self.out = Path(os.path.abspath(out))  # noqa: PTH100 - links stay what they are
        self.images = images
        self._kind, self._notes = kind, notes
        self._draft = self.out
        self._keep = True
        self._workers = Workers()

    def __enter__(self) -> Self:
        """Make the folder beside. Raise FormatError where that cannot be."""
        try:
            recover(self.out)
            self._check_place()
            self._draft = draft_of(self.out)
            self._draft.mkdir()
        except OSError as error:
            raise self._cannot(error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the finished folder in its place, or remove every trace of it."""
        keep = kind is None and self._keep
        try:
            with self._workers:
                if not keep:
                    self._workers.drop()
            if keep:
                self._publish()
        except OSError as problem:
            raise self._cannot(problem) from problem
        finally:
            remove(self._draft)
        if isinstance(error, OSError):
            raise self._cannot(error) from error

    def discard(self) -> None:
        """Give up: nothing is written when the block ends."""
        self._keep = False

    def path(self, name: str) -> Path:
        """Return where the file `name` is being written, its folders made."""
        place = self._draft / name
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def text(self, name: str, text: str) -> None:
        """Write a text file in UTF-8."""
        _write_text(self.path(name), text)

    def text_later(self, name: str, text: str) -> None:
        """Write a text file in UTF-8, in a while."""
        self._workers.do(partial(_write_text, self.path(name), text))

    def json(self, name: str, value: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
        """Write a JSON file."""
        self.text(name, json.dumps(value, ensure_ascii=False, indent=1) + "\n")

    def labels(
        self, name: str, values: NDArray[np.uint8], palette: list[tuple[int, int, int]]
    ) -> None:
        """Write HxW numbers, in a while, as an indexed PNG with the colours of `palette`."""
        self._workers.do(partial(_write_labels, self.path(name), values, palette))

    def colours(self, name: str, pixels: NDArray[np.uint8]) -> None:
        """Write HxWx3 pixels, blue first, in a while, as a PNG."""
        self._workers.do(partial(_write_colours, self.path(name), pixels))

    def place_image(self, image: ExportImage, name: str, *, jpeg: bool = False) -> None:
        """Copy or link the image file to `name`, as the options say; "none" does nothing.

        One with an orientation tag is written upright, and so is one that is no JPEG where
        `jpeg` asks for it. Raises ImageUnreadable.
        """
        if self.images == "none":
            return
        place = self.path(name)
        convert = jpeg and image.ending.lower() not in _JPEG
        if image.row.orientation != 1 or convert:
            kind = "JPEG" if convert else None
            _write_upright(image.file, place, kind)
            self._notes.count("Images written again" + (" as JPEG" if convert else " upright"))
        elif self.images == "link":
            _link(image.file, place)
        else:
            _copy(image.file, place)

    def _check_place(self) -> None:
        if self.out.is_symlink() or self.out.is_file():
            raise FormatError(f"{self.out} is a file; name a folder for this format.")
        if not self.out.is_dir() or not any(self.out.iterdir()):
            return
        try:
            marker = json.loads((self.out / MARKER).read_text(encoding="utf-8"))
            known = {str(name): (int(size), int(time)) for name, size, time in marker["files"]}
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise FormatError(
                f"{self.out} holds something that is no export; choose an empty folder."
            ) from error
        for name, size, time in _inventory(self.out):
            if name == MARKER:
                continue
            if name not in known:
                raise FormatError(
                    f"{self.out} holds {name}, which the last export did not write; move it away."
                )
            if known[name][0] != size or abs(known[name][1] - time) > _CLOCK_SECONDS:
                raise FormatError(
                    f"{name} in {self.out} was changed since the last export; move it away, or"
                    " choose another folder."
                )

    def _publish(self) -> None:
        files = list(_inventory(self._draft))
        self.text(MARKER, json.dumps({"format": self._kind, "files": files}) + "\n")
        put_folder(self._draft, self.out)

    def _cannot(self, error: OSError) -> FormatError:
        reason = error.strerror or str(error)
        return FormatError(f"{self.out} could not be written ({reason}); choose another place.")


def _inventory(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield (relative path with slashes, bytes, seconds when it was last written) of every file.

    Folders without files are not told: nothing is lost with them.
    """
    for place, folders, names in os.walk(folder):
        links = [name for name in folders if Path(place, name).is_symlink()]
        for name in sorted([*names, *links]):
            file = Path(place, name)
            about = file.lstat()
            yield file.relative_to(folder).as_posix(), about.st_size, int(about.st_mtime)


def _write_text(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8", newline="\n")


def _write_labels(
    place: Path, values: NDArray[np.uint8], palette: list[tuple[int, int, int]]
) -> None:
    image = Image.fromarray(np.ascontiguousarray(values))
    image.putpalette([channel for colour in palette for channel in colour])
    # Runs alone: as small as the usual way for labels, in a quarter of the time.
    image.save(place, "PNG", compress_level=1, compress_type=_RUNS)


def _write_colours(place: Path, pixels: NDArray[np.uint8]) -> None:
    done, data = cv2.imencode(".png", pixels)  # three times as quick as Pillow
    if not done:
        raise FormatError(f"{place.name} could not be written; export another format.")
    place.write_bytes(data.tobytes())


def _write_upright(file: Path, place: Path, kind: str | None) -> None:
    image = Image.fromarray(open_image(file))
    lossy = kind == "JPEG" or place.suffix.lower() in (*_JPEG, ".jpe", ".jfif")
    more: dict[str, Any] = {"quality": 95, "subsampling": 0} if lossy else {}
    if place.suffix.lower() == ".webp" and not lossy:
        more = {"lossless": True}
    image.save(place, kind, **more)


def _link(file: Path, place: Path) -> None:
    try:
        place.symlink_to(file)
    except (OSError, NotImplementedError):  # where links need rights that people do not have
        with suppress(OSError):
            place.unlink(missing_ok=True)
        _copy(file, place)


def _copy(file: Path, place: Path) -> None:
    if not file.is_file():
        raise FormatError(f"{file.name} is no longer where it was; find it, or export no images.")
    shutil.copyfile(file, place)
