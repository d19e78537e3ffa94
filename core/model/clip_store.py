"""The CLIP weights of this person: fetched or added once, checked, and read without a network."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import open_clip
import torch
from open_clip.constants import OPENAI_DATASET_MEAN, OPENAI_DATASET_STD
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from cascadeclip.core.download import (
    Arrival,
    Check,
    Expected,
    Patience,
    Report,
    download,
    partial_size,
    require_room,
)
from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model.catalogue import Offer, Source, about_bytes, model_config
from cascadeclip.core.model.clip_files import ClipWeights, digest_of, read_clip
from cascadeclip.core.places import home_folder
from cascadeclip.core.replacing import replacing
from cascadeclip.core.web import NotThere

WEIGHTS = "clip.safetensors"
CARD = "clip.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SLACK = 64 << 20
_WHOLE = 64


@dataclass(frozen=True, slots=True)
class ClipCard:
    """Say what the store knows of one CLIP.

    `tag` is empty for a person's own file, `config` open_clip's configuration, `mean` and `std`
    the normalisation of RGB in 0..255. `source_digest` is the SHA-256 of the file as it was
    published, `checked` what it was held against, `digest` that of the file in the store, `size`
    its bytes.
    """

    name: str
    tag: str
    licence: str
    restricted: bool
    source: str
    source_digest: str
    checked: str
    digest: str
    size: int
    date: str
    config: Mapping[str, Any]
    mean: tuple[float, ...] = tuple(255 * value for value in OPENAI_DATASET_MEAN)
    std: tuple[float, ...] = tuple(255 * value for value in OPENAI_DATASET_STD)


class ClipStore:
    """Keep CLIP weights below one folder, each in a folder of its own."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = home_folder() / "clip" if folder is None else folder

    def installed(self) -> tuple[ClipCard, ...]:
        """Return the cards of all weights that are there, by name; damaged ones are left out."""
        found = []
        for place in sorted(self.folder.glob(f"*/{CARD}")):
            try:
                found.append(_read_card(place.parent))
            except CheckpointError:
                continue
        return tuple(found)

    def has(self, name: str, tag: str = "") -> bool:
        """Tell whether the weights are there."""
        return any((card.name, card.tag) == (name, tag) for card in self.installed())

    def card(self, name: str, tag: str = "") -> ClipCard:
        """Return the card of the weights; raise CheckpointError where they are not there."""
        return _read_card(self._place(name, tag))

    def path_of(self, name: str, tag: str = "") -> Path:
        """Return the safetensors file of the weights; raise CheckpointError without them."""
        self.card(name, tag)
        return self._place(name, tag) / WEIGHTS

    def load(self, name: str, tag: str = "") -> ClipWeights:
        """Read the weights from the disk alone; raise CheckpointError where they are damaged.

        The digest is that of the file as it was published.
        """
        card, path = self.card(name, tag), self.path_of(name, tag)
        if digest_of(path) != card.digest:
            raise CheckpointError(
                f"The CLIP weights {path.parent.name} are damaged: download or add them again."
            )
        read = read_clip(path, card.config)
        return ClipWeights(read.clip, read.config, card.source_digest, read.kind)

    def add(
        self,
        file: Path,
        name: str,
        *,
        licence: str = "",
        quick_gelu: bool | None = None,
    ) -> ClipCard:
        """Check a person's own file and copy it into the store under `name`.

        Raise CheckpointError, with nothing written, for a file that is no CLIP.
        """
        place = self._place(name, "")
        read = read_clip(file, quick_gelu=quick_gelu)
        card = ClipCard(
            name=name,
            tag="",
            licence=licence or "not given",
            restricted=False,
            source=file.name,
            source_digest=read.digest,
            checked="nothing but its own form",
            digest="",
            size=0,
            date=_today(),
            config=read.config,
        )
        made = not place.exists()
        try:
            require_room(self.folder, file.stat().st_size)
            return self._write(read.clip, card)
        except OSError as error:
            if made:
                shutil.rmtree(place, ignore_errors=True)
            raise CheckpointError(
                f"The weights could not be written to {place.name} ({error.strerror or error}): "
                "free some space or choose another folder."
            ) from error

    def kept_bytes(self, offer: Offer, source: Source) -> int:
        """Return how many bytes of an earlier download of `offer` are there to be continued."""
        return max(partial_size(self._fetched(offer, url)) for url in source.urls)

    def fetch(
        self,
        offer: Offer,
        source: Source,
        *,
        progress: Report | None = None,
        stopped: Check | None = None,
        patience: Patience | None = None,
    ) -> ClipCard | None:
        """Download weights, check them, and keep them; return None when stopped.

        What had arrived then is continued by the next call. Raise DownloadFailed or
        CheckpointError; weights that were there before stay.
        """
        size = about_bytes(offer, source)
        # The file as it comes and the file as it is kept.
        require_room(self.folder, 2 * size - self.kept_bytes(offer, source))
        for url in source.urls:
            target = self._fetched(offer, url)
            try:
                arrival = download(
                    url,
                    target,
                    expected=Expected(source.digest, most=2 * size + _SLACK),
                    check=partial(self._keep, offer, source, url),
                    progress=progress,
                    stopped=stopped,
                    patience=patience,
                )
            except NotThere:
                if url == source.urls[-1]:
                    raise
                continue
            target.unlink(missing_ok=True)
            return None if arrival is None else self.card(offer.name, offer.tag)
        return None

    def _keep(self, offer: Offer, source: Source, url: str, arrival: Arrival) -> None:
        read = read_clip(arrival.path, model_config(offer))
        self._write(read.clip, _fetched_card(offer, source, url, arrival))

    def _place(self, name: str, tag: str) -> Path:
        if not _NAME.fullmatch(name) or (tag and not _NAME.fullmatch(tag)):
            raise CheckpointError(
                f"{name!r} is no name for weights: use letters, digits, dots and dashes."
            )
        return self.folder / (f"{name}@{tag}" if tag else name)

    def _fetched(self, offer: Offer, url: str) -> Path:
        return self._place(offer.name, offer.tag) / url.rpartition("/")[2]

    def _write(self, clip: open_clip.CLIP, card: ClipCard) -> ClipCard:
        """Write weights and card, each replaced as a whole, the card last."""
        place = self._place(card.name, card.tag)
        state = {key: _small(value) for key, value in clip.state_dict().items()}
        try:
            with replacing(place / WEIGHTS) as draft:
                save_file(state, draft, metadata={"format": "pt"})
                done = replace(card, digest=digest_of(draft), size=draft.stat().st_size)
            _write_card(place, done)
        except SafetensorError as error:
            raise OSError(str(error)) from error
        return done


def _small(value: Tensor) -> Tensor:
    """Keep half precision where nothing is lost by it."""
    value = value.detach().cpu().contiguous()
    half = value.half()
    return half if torch.equal(half.float(), value) else value


def _write_card(place: Path, card: ClipCard) -> None:
    with replacing(place / CARD) as draft:
        draft.write_text(json.dumps(asdict(card), indent=1, ensure_ascii=False) + "\n", "utf-8")


def _read_card(place: Path) -> ClipCard:
    try:
        data = json.loads((place / CARD).read_text(encoding="utf-8"))
        card = ClipCard(**{**data, "mean": tuple(data["mean"]), "std": tuple(data["std"])})
    except FileNotFoundError as error:
        raise CheckpointError(
            f"The CLIP weights {place.name} are not on this machine: download or add them."
        ) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CheckpointError(
            f"{CARD} of the CLIP weights {place.name} is damaged: download or add them again."
        ) from error
    texts = (card.name, card.tag, card.licence, card.source, card.digest, card.source_digest)
    fits = isinstance(card.config, dict) and all(isinstance(text, str) for text in texts)
    if not fits or place.name != (f"{card.name}@{card.tag}" if card.tag else card.name):
        raise CheckpointError(
            f"{CARD} of the CLIP weights {place.name} is damaged: download or add them again."
        )
    return card


def _fetched_card(offer: Offer, source: Source, url: str, arrival: Arrival) -> ClipCard:
    return ClipCard(
        name=offer.name,
        tag=offer.tag,
        licence=offer.licence.name,
        restricted=offer.licence.restricted,
        source=url,
        source_digest=arrival.digest,
        checked=how_checked(source, announced=bool(arrival.announced)),
        digest="",
        size=0,
        date=_today(),
        config=model_config(offer),
        mean=offer.mean,
        std=offer.std,
    )


def how_checked(source: Source, *, announced: bool) -> str:
    """Say what a download is held against."""
    if len(source.digest) == _WHOLE:
        return "the SHA-256 in its published address"
    if source.digest:
        return f"the first {len(source.digest)} digits of its SHA-256, from its published address"
    if announced:
        return "the SHA-256 that its host announced"
    return "its length and its form alone: no checksum is published"


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
