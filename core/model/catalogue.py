"""Published CLIP weights that fit the towers: where they lie, how large, under which licence.

Names, addresses and activations are those of open_clip's own table; nothing here asks the network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import open_clip
import torch
from open_clip.model import convert_weights_to_lp

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model.clip import build_clip
from cascadeclip.core.model.clip_files import is_plain

RECOMMENDED = (
    ("ViT-B-16", "openai"),
    ("ViT-B-16", "laion2b_s34b_b88k"),
    ("ViT-B-16", "datacomp_xl_s13b_b90k"),
)
ORIGINAL, HUB = "original", "hub"
_QUICK = "-quickgelu"
_HUB = "https://huggingface.co"
# The names open_clip looks for when its table gives none, in its order.
_HUB_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
_SHA256 = re.compile(r"/([0-9a-f]{64})/[^/]+$")
_FIRST_DIGITS = re.compile(r"-([0-9a-f]{8})\.(?:pt|pth)$")


@dataclass(frozen=True, slots=True)
class Licence:
    """Hold the licence of weights, where it is written, and whether it forbids commercial use."""

    name: str
    source: str = ""
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Hold one place of a file: addresses to try in order, and its SHA-256 or first digits or ''.

    `host` is ORIGINAL (the publisher's own address) or HUB (the copy that open_clip prefers).
    """

    host: str
    urls: tuple[str, ...]
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """Hold published weights: open_clip's name and tag, activation, licence, places (best first).

    `mean` and `std` are the normalisation of RGB in 0..255 they were trained with.
    """

    name: str
    tag: str
    quick_gelu: bool
    licence: Licence
    sources: tuple[Source, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def source(self, host: str | None = None) -> Source:
        """Return the best place, or the one called `host`; raise CheckpointError without."""
        for source in self.sources:
            if host in (None, source.host):
                return source
        raise CheckpointError(
            f"{self.name} {self.tag} is not at the {host} place: "
            f"choose {' or '.join(source.host for source in self.sources)}."
        )


_MIT = "MIT"
# By the beginning of the tag. What is not here is not known, and is said to be so.
LICENCES: Mapping[str, Licence] = {
    "openai": Licence(_MIT, "https://github.com/openai/CLIP/blob/main/LICENSE"),
    "laion400m": Licence(_MIT, "https://github.com/mlfoundations/open_clip/blob/main/LICENSE"),
    "laion2b": Licence(_MIT, f"{_HUB}/laion"),
    "datacomp": Licence(_MIT, f"{_HUB}/laion"),
    "commonpool": Licence(_MIT, f"{_HUB}/laion"),
    "metaclip": Licence(
        "CC BY-NC 4.0", "https://github.com/facebookresearch/MetaCLIP", restricted=True
    ),
    "dfn": Licence("Apple AMLR", f"{_HUB}/apple", restricted=True),
}
UNKNOWN = Licence("unknown: check before use")


def licence_of(tag: str) -> Licence:
    """Return the licence of the family that `tag` begins with, UNKNOWN for any other."""
    found = (licence for start, licence in LICENCES.items() if tag.startswith(start))
    return next(found, UNKNOWN)


@lru_cache(maxsize=1)
def offers() -> tuple[Offer, ...]:
    """Return all weights that fit, the recommended ones first, then in open_clip's order."""
    listed = [(name, tag) for name, tag in open_clip.list_pretrained() if _fits(name)]
    first = [one for one in RECOMMENDED if one in listed]
    return tuple(_offer(*one) for one in (*first, *(one for one in listed if one not in first)))


def find(name: str, tag: str | None = None) -> Offer:
    """Return the offer called `name` and `tag`; without a tag, the recommended one of that name.

    A name may end with open_clip's -quickgelu where the weights use that activation. Raise
    CheckpointError naming what there is.
    """
    plain = name.removesuffix(_QUICK)
    named = [one for one in offers() if one.name == plain and (plain == name or one.quick_gelu)]
    if not named:
        names = ", ".join(dict.fromkeys(one.name for one in offers()))
        raise CheckpointError(f"There are no CLIP weights called {name}: choose one of {names}.")
    if tag is None:
        best = [one for one in named if (one.name, one.tag) in RECOMMENDED]
        named = best or named
    else:
        spelled = tag.lower().replace("-", "_")
        found = [one for one in named if one.tag == spelled]
        if found:
            return found[0]
    if tag is not None or (len(named) > 1 and (named[0].name, named[0].tag) not in RECOMMENDED):
        tags = ", ".join(one.tag for one in named)
        wrong = f"has no weights {tag}" if tag is not None else "has several weights"
        raise CheckpointError(f"{name} {wrong}: name one of {tags}.")
    return named[0]


def model_config(offer: Offer) -> dict[str, Any]:
    """Return open_clip's configuration of the towers, with the activation of the weights."""
    config: dict[str, Any] = open_clip.get_model_config(offer.name)
    return config | {"quick_gelu": offer.quick_gelu}


def about_bytes(offer: Offer, source: Source) -> int:
    """Compute the size of the file in bytes from the sizes of the towers.

    OpenAI's own files hold half precision, all others are reckoned in full.
    """
    return _bytes(offer.name, half=source.host == ORIGINAL and offer.tag == "openai")


@lru_cache(maxsize=64)
def _bytes(name: str, *, half: bool) -> int:
    with torch.device("meta"):
        clip = build_clip(name)
    if half:
        convert_weights_to_lp(clip, torch.float16)
    return sum(value.nbytes for value in clip.state_dict().values())


def _fits(name: str) -> bool:
    config = open_clip.get_model_config(name)
    return not name.endswith(_QUICK) and config is not None and is_plain(config)


def _offer(name: str, tag: str) -> Offer:
    row: dict[str, Any] = open_clip.get_pretrained_cfg(name, tag)
    return Offer(
        name=name,
        tag=tag,
        quick_gelu=bool(row.get("quick_gelu", False)),
        licence=licence_of(tag),
        sources=_sources(row),
        mean=tuple(255 * value for value in row["mean"]),
        std=tuple(255 * value for value in row["std"]),
    )


def _sources(row: Mapping[str, Any]) -> tuple[Source, ...]:
    """List the places, those whose checksum the table itself gives first."""
    found: list[Source] = []
    if url := row.get("url", ""):
        digest = _SHA256.search(url) or _FIRST_DIGITS.search(url)
        found.append(Source(ORIGINAL, (url,), digest[1] if digest else ""))
    if hub := row.get("hf_hub", ""):
        model, _, file = hub.rpartition("/")
        files = (file,) if file else _HUB_FILES
        found.append(Source(HUB, tuple(f"{_HUB}/{model}/resolve/main/{one}" for one in files)))
    return tuple(sorted(found, key=lambda source: (not source.digest, source.host != HUB)))
