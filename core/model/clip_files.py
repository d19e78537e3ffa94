"""CLIP weights from a file: OpenAI's archives, open_clip's checkpoints, safetensors."""

from __future__ import annotations

import enum
import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import open_clip
import torch
from torch import Tensor

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model.clip import build_clip
from cascadeclip.core.model.torchscript import check_zip, is_torchscript, read_torchscript
from cascadeclip.core.model.weights import check_keys, read_pickled, read_safetensors, some

PLAIN_VISION = frozenset({"image_size", "layers", "width", "head_width", "patch_size", "mlp_ratio"})
PLAIN_TEXT = frozenset({"context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio"})
_HEAD = 64
_LONGEST_CONTEXT = 4096
# Numbers and masks that a file may carry and no tower learns.
_BESIDE = re.compile(r"(^|\.)attn_mask$|^(input_resolution|context_length|vocab_size)$")
_IN_TEXT = re.compile(
    r"^text\.(?=(transformer|token_embedding|positional_embedding|ln_final|text_projection)\b)"
)


class Kind(enum.Enum):
    """Say how a file holds its tensors."""

    TORCHSCRIPT = "TorchScript archive"
    PICKLE = "PyTorch checkpoint"
    SAFETENSORS = "safetensors"


@dataclass(frozen=True, slots=True, eq=False)
class ClipWeights:
    """Hold a CLIP (eval mode, CPU, float32), its open_clip configuration, and its file's SHA-256.

    `kind` is how the file held it.
    """

    clip: open_clip.CLIP
    config: Mapping[str, Any]
    digest: str
    kind: Kind

    @property
    def quick_gelu(self) -> bool:
        """Tell whether the towers use QuickGELU."""
        return bool(self.config["quick_gelu"])


def read_clip(
    path: str | Path,
    like: str | Mapping[str, Any] | None = None,
    *,
    quick_gelu: bool | None = None,
) -> ClipWeights:
    """Read CLIP weights; no code of the file runs and nothing is downloaded.

    Sizes come from the tensors; the numbers of attention heads, which no file holds, from
    open_clip's model of these sizes, else 64 features a head. `like`, a model name of open_clip
    or its configuration, fixes all of them. `quick_gelu` says which activation the towers were
    trained with; None takes it from `like`, and QuickGELU for a TorchScript archive, as OpenAI
    publishes them. Raise CheckpointError, naming keys that are missing, unknown or misshapen.
    """
    file = Path(path)
    kind = _kind(file)
    state = _tidy(_read(file, kind), file.name)
    config = _named(like) if like is not None else _recognised(state, file.name)
    config["quick_gelu"] = _activation(quick_gelu, kind, like, config)
    clip = _filled(config, state, file.name)
    return ClipWeights(clip, config, digest_of(file), kind)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_plain(config: Mapping[str, Any]) -> bool:
    """Tell whether an open_clip configuration is two plain transformers over CLIP's word pieces."""
    vision, text = config.get("vision_cfg", {}), config.get("text_cfg", {})
    return (
        set(config) <= {"embed_dim", "quick_gelu", "vision_cfg", "text_cfg"}
        and set(vision) <= PLAIN_VISION
        and set(text) <= PLAIN_TEXT
        and isinstance(vision.get("layers"), int)
    )


def _kind(path: Path) -> Kind:
    try:
        with path.open("rb") as file:
            start = file.read(9)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise CheckpointError(f"There is no file {path.name}: check the path.") from error
    except OSError as error:
        raise CheckpointError(
            f"{path.name} cannot be read ({error.strerror}): check its rights."
        ) from error
    # A safetensors file begins with the length of its table, which begins with a brace.
    if start[8:] == b"{" or path.suffix == ".safetensors":
        return Kind.SAFETENSORS
    if is_torchscript(path):
        return Kind.TORCHSCRIPT
    return Kind.PICKLE


def _read(path: Path, kind: Kind) -> dict[str, Tensor]:
    if kind is Kind.SAFETENSORS:
        return read_safetensors(path)
    if kind is Kind.TORCHSCRIPT:
        return {
            key: value.float() if value.is_floating_point() else value
            for key, value in read_torchscript(path).items()
        }
    check_zip(path)
    return read_pickled(path)


def _tidy(state: Mapping[str, Tensor], file: str) -> dict[str, Tensor]:
    """Give every tensor the name that open_clip.CLIP has for it."""
    module = "module." if all(key.startswith("module.") for key in state) else ""
    tidy: dict[str, Tensor] = {}
    for key, value in state.items():
        name = _IN_TEXT.sub("", key.removeprefix(module))
        if _BESIDE.search(name):
            continue
        if name in tidy:
            raise CheckpointError(f"{file} holds {name} twice: choose another file.")
        tidy[name] = value
    odd = [name for name, value in tidy.items() if not value.is_floating_point()]
    if odd:
        raise CheckpointError(f"{file} holds whole numbers at {some(odd)}: choose another file.")
    if "logit_scale" in tidy and tidy["logit_scale"].numel() == 1:
        tidy["logit_scale"] = tidy["logit_scale"].reshape(())
    return tidy


def _named(like: str | Mapping[str, Any]) -> dict[str, Any]:
    config = open_clip.get_model_config(like) if isinstance(like, str) else like
    if config is None:
        raise CheckpointError(f"There is no CLIP called {like}: choose one of open_clip's names.")
    if not is_plain(config):
        raise CheckpointError("This CLIP has no plain transformers: choose a ViT model.")
    return dict(config)


def _activation(asked: bool | None, kind: Kind, like: object, config: Mapping[str, Any]) -> bool:
    if asked is not None:
        return asked
    return bool(config.get("quick_gelu")) or (kind is Kind.TORCHSCRIPT and like is None)


def _recognised(state: Mapping[str, Tensor], file: str) -> dict[str, Any]:
    """Read the configuration off the tensors."""

    def shape(key: str, dims: int) -> tuple[int, ...]:
        if key not in state:
            raise CheckpointError(f"{file} lacks {key}: choose a file of CLIP weights (a ViT).")
        found = tuple(state[key].shape)
        if len(found) != dims or 0 in found:
            raise CheckpointError(
                f"{file} has a wrong shape at {key}, {found}: choose another file."
            )
        return found

    width, _, patch, _ = shape("visual.conv1.weight", 4)
    hidden = shape("visual.transformer.resblocks.0.mlp.c_fc.weight", 2)[0]
    text_hidden = shape("transformer.resblocks.0.mlp.c_fc.weight", 2)[0]
    pieces, text_width = shape("token_embedding.weight", 2)
    places = shape("visual.positional_embedding", 2)[0] - 1
    vision = {
        "image_size": patch * max(math.isqrt(max(places, 0)), 1),
        "layers": _count(state, "visual.transformer.resblocks."),
        "width": width,
        "patch_size": patch,
        # open_clip cuts the product off to a whole number: half a feature more is safe.
        "mlp_ratio": (hidden + 0.5) / width,
    }
    text = {
        "context_length": shape("positional_embedding", 2)[0],
        "vocab_size": pieces,
        "width": text_width,
        "layers": _count(state, "transformer.resblocks."),
        "mlp_ratio": (text_hidden + 0.5) / text_width,
    }
    config = {"embed_dim": shape("visual.proj", 2)[1], "vision_cfg": vision, "text_cfg": text}
    return _with_heads(config, file)


def _count(state: Mapping[str, Tensor], prefix: str) -> int:
    pattern = re.compile(re.escape(prefix) + r"(\d+)\.")
    return len({match[1] for match in map(pattern.match, state) if match})


def _with_heads(config: dict[str, Any], file: str) -> dict[str, Any]:
    vision, text = config["vision_cfg"], config["text_cfg"]
    heads = _known_heads().get(_signature(config), (_HEAD, text["width"] // _HEAD))
    vision["head_width"], text["heads"] = heads
    if text["heads"] < 1 or vision["width"] % heads[0] or text["width"] % text["heads"]:
        raise CheckpointError(
            f"The widths in {file} ({vision['width']} and {text['width']}) are of no known CLIP: "
            "choose a file of a published size."
        )
    return config


def _signature(config: Mapping[str, Any]) -> tuple[int, ...]:
    vision, text = config["vision_cfg"], config["text_cfg"]
    return (
        config["embed_dim"],
        *(vision[name] for name in ("width", "layers", "patch_size")),
        *(text[name] for name in ("width", "layers")),
    )


@lru_cache(maxsize=1)
def _known_heads() -> dict[tuple[int, ...], tuple[int, int]]:
    """Map sizes to the features of a vision head and the number of text heads, from open_clip."""
    configs = (open_clip.get_model_config(name) for name in open_clip.list_models())
    return {
        _signature(config): (
            config["vision_cfg"].get("head_width", _HEAD),
            config["text_cfg"]["heads"],
        )
        for config in configs
        if config is not None and is_plain(config)
    }


def _filled(config: dict[str, Any], state: dict[str, Tensor], file: str) -> open_clip.CLIP:
    length = config["text_cfg"].get("context_length", 77)
    if length > _LONGEST_CONTEXT:
        raise CheckpointError(f"{file} reads sentences of {length} words: choose another file.")
    with torch.device("meta"):
        clip = build_clip(config)
    check_keys({key: value.shape for key, value in clip.state_dict().items()}, state, file)
    clip.load_state_dict(state, assign=True)
    # Not part of any file; it stayed behind without values.
    clip.attn_mask = torch.full((length, length), -math.inf).triu_(1)
    return clip.eval().requires_grad_(requires_grad=False)
