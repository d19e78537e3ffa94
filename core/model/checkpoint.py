"""Models as folders of their own (model.safetensors and model.json), and released checkpoints."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model.config import DenseConfig, ModelInfo, NetworkConfig, TextConfig
from cascadeclip.core.model.dense import DenseCLIP
from cascadeclip.core.model.extras import EXTRAS, Extras, pack, read_extras
from cascadeclip.core.model.network import CascadeCLIP
from cascadeclip.core.model.official import (
    Heads,
    count_parameters,
    network_from_official,
    text_from_official,
)
from cascadeclip.core.model.pixels import PixelClassifier
from cascadeclip.core.model.prototypes import Prototypes
from cascadeclip.core.model.shells import shells
from cascadeclip.core.model.text import TEMPLATES, TextEncoder
from cascadeclip.core.model.weights import check_keys, finite, read_pickled, read_safetensors
from cascadeclip.core.replacing import replacing

WEIGHTS = "model.safetensors"
DESCRIPTION = "model.json"
FORMAT = 1
_NETWORK = "network."
_TEXT = "text."
_TABLE = "token_embedding.weight"
_IDS = "text.token_ids"
_PARTS = ("format", "info", "kind", "network", "text", "weights_sha256")
# Descriptions without a kind are older than the second one.
_CASCADE = "cascade"
_PAPER_CALIBRATION = 0.1


Network = CascadeCLIP | DenseCLIP


@dataclass(frozen=True, slots=True)
class Kind:
    """Hold a kind of network: its class and that of its configuration."""

    network: type[CascadeCLIP] | type[DenseCLIP]
    config: type[NetworkConfig] | type[DenseConfig]

    def build(self, config: object) -> Network:
        """Build the network of a description; raise CheckpointError where there is none."""
        # One kind's network takes that kind's configuration, which types cannot say.
        return self.network(self.config.from_json(config))  # type: ignore[arg-type]


KINDS: Mapping[str, Kind] = {
    _CASCADE: Kind(CascadeCLIP, NetworkConfig),
    "dense": Kind(DenseCLIP, DenseConfig),
}


@dataclass(frozen=True, slots=True, eq=False)
class LoadedModel:
    """Hold a network in eval mode, the text encoder it was trained with (or None), and its card.

    `digest` is the SHA-256 of the folder's weights; a model that was not loaded from one has none.
    `prototypes` and `pixels` are what a person has shown it of words.
    """

    network: Network
    text: TextEncoder | None
    info: ModelInfo
    digest: str = ""
    prototypes: Prototypes | None = None
    pixels: PixelClassifier | None = None

    @property
    def cascade(self) -> CascadeCLIP:
        """Return the network where it can be trained; raise CheckpointError where it cannot."""
        return _trainable(self.network, self.info.name)


def _trainable(network: Network, name: str) -> CascadeCLIP:
    if not isinstance(network, CascadeCLIP):
        raise CheckpointError(
            f"The model {name} answers from CLIP's weights alone and has nothing to train: "
            "choose a trained model."
        )
    return network


def load_checkpoint(
    path: str | Path, heads: int | None = None, decoder_heads: int = 8
) -> CascadeCLIP:
    """Load the network alone: eval mode, CPU, float32.

    `path` is a folder written by `save_model`, or a checkpoint of the paper's code (.pth, or
    safetensors with the same keys), whose sizes come from its tensors; `heads` (default
    width // 64) and `decoder_heads` are not in such a file and count only there. Raise
    CheckpointError naming the keys that are missing, unknown or misshapen, and for a folder
    whose network is no cascade.
    """
    folder = _own_folder(Path(path))
    if folder is not None:
        return _load_own(folder, with_text=False).cascade
    state = _read_official(Path(path))
    return network_from_official(state, Path(path).name, Heads(heads, decoder_heads))


def load_model(
    path: str | Path,
    device: str | torch.device = "cpu",
    *,
    heads: int | None = None,
    decoder_heads: int = 8,
) -> LoadedModel:
    """Load everything a model folder holds, or what a released checkpoint gives of it.

    Weights become float32 on `device`. Raise CheckpointError as `load_checkpoint` does.
    """
    folder = _own_folder(Path(path))
    if folder is not None:
        loaded = _load_own(folder, with_text=True)
    else:
        loaded = _load_official(Path(path), Heads(heads, decoder_heads))
    text = None if loaded.text is None else loaded.text.to(device)
    return replace(loaded, network=loaded.network.to(device), text=text)


def save_model(
    folder: str | Path,
    network: Network,
    text: TextEncoder | None,
    info: ModelInfo,
    dtype: torch.dtype = torch.float16,
    *,
    prototypes: Prototypes | None = None,
    pixels: PixelClassifier | None = None,
) -> None:
    """Write model.safetensors and model.json to `folder`, each file replaced as a whole.

    Token rows that are all zero are left out; `prototypes` and `pixels` go into files of their
    own. `dtype` is that of the stored weights. Raise CheckpointError where a weight does not fit
    it and where the folder cannot be written.
    """
    tensors = {_NETWORK + key: value for key, value in network.state_dict().items()}
    if text is not None:
        tensors |= _text_tensors(text)
    stored = {key: _stored(key, value, dtype) for key, value in tensors.items()}
    weights = save(stored, metadata={"format": "pt"})
    description = {
        "format": FORMAT,
        "info": info.to_json(),
        "kind": next(name for name, one in KINDS.items() if isinstance(network, one.network)),
        "network": network.config.to_json(),
        "text": None if text is None else text.config.to_json(),
        "weights_sha256": hashlib.sha256(weights).hexdigest(),
    }
    files = {WEIGHTS: weights}
    for key, name, data in pack(Extras(prototypes, pixels)):
        files[name] = data
        description[key] = hashlib.sha256(data).hexdigest()
    words = json.dumps(description, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    _write(Path(folder), files | {DESCRIPTION: words.encode()})


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            _replace(folder / name, data)
    except OSError as error:
        raise CheckpointError(
            f"The model could not be written to {folder.name} ({error.strerror}): "
            "free some space or choose another folder."
        ) from error


def share_weights(folder: str | Path, others: Sequence[Path]) -> bool:
    """Let a model folder hold the same file as one of `others` with equal weights, if it can.

    Models never change and are replaced as a whole, so neither can spoil the other. Return
    whether one was found.
    """
    own = Path(folder)
    digest = describe(own)["weights_sha256"]
    link = own / (WEIGHTS + ".partial")
    for other in others:
        try:
            if describe(other)["weights_sha256"] != digest:
                continue
            _check_digest(other / WEIGHTS, digest)
            link.hardlink_to(other / WEIGHTS)
            link.replace(own / WEIGHTS)
        except (CheckpointError, OSError):  # damaged, gone, or a disk that knows no links
            link.unlink(missing_ok=True)
            continue
        return True
    return False


def read_info(folder: str | Path) -> ModelInfo:
    """Read the card of a model folder alone; no weights are loaded."""
    return ModelInfo.from_json(describe(Path(folder))["info"])


def _stored(key: str, value: Tensor, dtype: torch.dtype) -> Tensor:
    value = value.detach().cpu()
    if not value.is_floating_point():
        return value.contiguous()
    result = value.to(dtype).contiguous()
    if not finite(result):
        raise CheckpointError(
            f"The weights of {key} hold values that cannot be stored: train the model again."
        )
    return result


def _text_tensors(text: TextEncoder) -> dict[str, Tensor]:
    state = dict(text.state_dict())
    table = state[_TABLE]
    used = table.any(dim=1).nonzero().flatten()
    tensors = {_TEXT + key: value for key, value in state.items()}
    if len(used) < len(table):
        tensors[_TEXT + _TABLE] = table[used]
        tensors[_IDS] = used.to(torch.int32)
    return tensors


def _replace(path: Path, data: bytes) -> None:
    with replacing(path) as draft:
        draft.write_bytes(data)


def _own_folder(path: Path) -> Path | None:
    if not path.exists():
        raise CheckpointError(f"There is no model at {path}: check the path.")
    if path.is_dir():
        return path
    beside = path.with_name(DESCRIPTION)
    return path.parent if path.name == WEIGHTS and beside.exists() else None


def describe(folder: Path) -> dict[str, object]:
    """Read the description of a model folder; raise CheckpointError where there is none."""
    try:
        data = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CheckpointError(
            f"The folder {folder.name} holds no {DESCRIPTION}: choose a model folder."
        ) from error
    except (OSError, ValueError) as error:
        raise CheckpointError(
            f"{DESCRIPTION} in {folder.name} is damaged: fetch or copy the model again."
        ) from error
    data = {"kind": _CASCADE, **data} if isinstance(data, dict) else {}
    if (
        sorted(set(data) - set(EXTRAS)) != list(_PARTS)
        or data["format"] != FORMAT
        or data["kind"] not in KINDS
    ):
        raise CheckpointError(
            f"{DESCRIPTION} in {folder.name} is of an unknown kind: "
            "update the program or choose another model."
        )
    return data


def kind_of(description: Mapping[str, object]) -> Kind:
    """Return the kind of network that a description names."""
    return KINDS[str(description["kind"])]


def _load_own(folder: Path, *, with_text: bool) -> LoadedModel:
    description = describe(folder)
    info = ModelInfo.from_json(description["info"])
    words = description["text"]
    text_config = None if words is None else TextConfig.from_json(words)
    path = folder / WEIGHTS
    _check_digest(path, description["weights_sha256"])
    tensors = read_safetensors(path)
    with shells():
        network = kind_of(description).build(description["network"])
        text = None if text_config is None else TextEncoder(text_config)
    if text is not None:
        _expand_table(tensors, text.config, path.name)
    _fill(network, text, tensors, path.name)
    text = text.eval() if with_text and text is not None else None
    extras = read_extras(folder, description, network.config)
    digest = str(description["weights_sha256"])
    return LoadedModel(network.eval(), text, info, digest, extras.prototypes, extras.pixels)


def load_text(folder: str | Path) -> TextEncoder:
    """Load the text encoder of a model folder alone, in eval mode, float32, on the processor.

    The folder was loaded before: its digest is not taken again. Raise CheckpointError as
    `load_model` does, and for a model without one.
    """
    words = describe(Path(folder))["text"]
    if words is None:
        raise CheckpointError(f"The model in {Path(folder).name} has no text tower.")
    path = Path(folder, WEIGHTS)
    tensors = read_safetensors(path, _TEXT)
    with shells():
        text = TextEncoder(TextConfig.from_json(words))
    _expand_table(tensors, text.config, path.name)
    expected = {_TEXT + key: value.shape for key, value in text.state_dict().items()}
    check_keys(expected, tensors, path.name)
    text.load_state_dict(_below(_TEXT, tensors), assign=True)
    return text.eval()


def _fill(
    network: Network, text: TextEncoder | None, tensors: Mapping[str, Tensor], file: str
) -> None:
    expected = {_NETWORK + key: value.shape for key, value in network.state_dict().items()}
    if text is not None:
        expected |= {_TEXT + key: value.shape for key, value in text.state_dict().items()}
    check_keys(expected, tensors, file)
    network.load_state_dict(_below(_NETWORK, tensors), assign=True)
    if text is not None:
        text.load_state_dict(_below(_TEXT, tensors), assign=True)


def _below(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {
        key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)
    }


def _check_digest(path: Path, expected: object) -> None:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CheckpointError(
            f"The model folder {path.parent.name} holds no readable {WEIGHTS}: "
            "fetch or copy the model again."
        ) from error
    if digest != expected:
        raise CheckpointError(
            f"{WEIGHTS} in {path.parent.name} is damaged or belongs to another description: "
            "fetch or copy the model again."
        )


def _expand_table(tensors: dict[str, Tensor], config: TextConfig, file: str) -> None:
    ids = tensors.pop(_IDS, None)
    if ids is None:
        return
    rows = tensors.get(_TEXT + _TABLE)
    numbers = ids.long() if ids.dtype in (torch.int32, torch.int64) and ids.dim() == 1 else None
    fits = (
        numbers is not None
        and rows is not None
        and rows.shape == (len(numbers), config.width)
        and bool((numbers[1:] > numbers[:-1]).all())
        and bool(((numbers >= 0) & (numbers < config.vocabulary)).all())
    )
    if not fits or rows is None or numbers is None:
        raise CheckpointError(
            f"{file} has a token table that does not fit {_IDS}: fetch or copy the model again."
        )
    table = torch.zeros(config.vocabulary, config.width)
    table[numbers] = rows
    tensors[_TEXT + _TABLE] = table


def _read_official(path: Path) -> dict[str, Tensor]:
    return read_safetensors(path) if path.suffix == ".safetensors" else read_pickled(path)


def _load_official(path: Path, heads: Heads) -> LoadedModel:
    state = _read_official(path)
    network = network_from_official(state, path.name, heads)
    side = network.config.grid * network.config.patch
    found = count_parameters(state, path.name)
    info = ModelInfo(
        name=path.stem,
        version=path.stem,
        clip_name="ViT-B-16 (OpenAI)" if network.config.width == 768 else "",
        templates=TEMPLATES,
        window=side,
        stride=max(round(side * 426 / 512), 1),
        calibration=_PAPER_CALIBRATION,
        file_parameters=found.total,
        file_trained=found.trained,
        file_dropped=found.dropped,
    )
    return LoadedModel(network=network, text=text_from_official(state, path.name), info=info)
