from __future__ import annotations

import hashlib
import pickle
import struct
import warnings
import zipfile
from pathlib import Path
from typing import Any

import open_clip
import pytest
import torch
from safetensors.torch import save_file

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model import clip_files, torchscript
from cascadeclip.core.model.clip import (
    build_clip,
    network_config,
    network_from_clip,
    text_from_clip,
)
from cascadeclip.core.model.clip_files import Kind, read_clip

SMALL = {
    "embed_dim": 8,
    "vision_cfg": {
        "layers": 1,
        "width": 4,
        "head_width": 2,
        "patch_size": 4,
        "image_size": 12,
    },
    "text_cfg": {"context_length": 5, "vocab_size": 9, "width": 4, "heads": 2, "layers": 1},
}
NUMBERS = {"input_resolution": 12, "context_length": 12, "vocab_size": 49408}
KINDS = {Kind.TORCHSCRIPT: "a.pt", Kind.PICKLE: "a.bin", Kind.SAFETENSORS: "a.safetensors"}


class Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


@pytest.fixture
def half(clip: open_clip.CLIP) -> open_clip.CLIP:
    """A CLIP whose every number fits half precision."""
    return halved(clip)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A harmless archive."""
    torch.manual_seed(2)
    path = tmp_path_factory.mktemp("good") / "a.pt"
    write_torchscript(halved(build_clip(SMALL).eval()), path)
    return path


def halved(clip: open_clip.CLIP) -> open_clip.CLIP:
    """Shake every number, and cut it to half precision."""
    generator = torch.Generator().manual_seed(6)
    with torch.no_grad():
        for value in clip.parameters():
            value += 0.05 * torch.randn(value.shape, generator=generator)
            value.copy_(value.half().float())
    # Torch computes frozen towers by another route, which differs in the last digit.
    return clip.requires_grad_(False)


def write_torchscript(clip: open_clip.CLIP, path: Path) -> None:
    """Write what OpenAI publishes: a traced module in half precision and three numbers."""
    own = {name: vars(clip).pop(name, None) for name in NUMBERS}
    for name, number in NUMBERS.items():
        clip.register_buffer(name, torch.tensor(number))
    side, length = clip.visual.image_size[0], clip.positional_embedding.shape[0]
    example = (torch.zeros(1, 3, side, side), torch.zeros(1, length, dtype=torch.long))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        traced = torch.jit.trace(clip, example, check_trace=False)
        torch.jit.save(traced.half(), path)
    clip.float()
    for name, value in own.items():
        delattr(clip, name)
        setattr(clip, name, value)


def write(clip: open_clip.CLIP, folder: Path, kind: Kind) -> Path:
    path = folder / KINDS[kind]
    state = {key: value.half() for key, value in clip.state_dict().items()}
    if kind is Kind.TORCHSCRIPT:
        write_torchscript(clip, path)
    elif kind is Kind.PICKLE:
        torch.save({"state_dict": {f"module.{key}": one for key, one in state.items()}}, path)
    else:
        save_file(state, path)
    return path


@torch.no_grad()
def outputs(clip: open_clip.CLIP) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(4)
    side, length = clip.visual.image_size[0], clip.positional_embedding.shape[0]
    tokens = open_clip.tokenizer.tokenize(["a cat", "a very red boat"], length)
    return clip.encode_image(torch.randn(2, 3, side, side, generator=generator)), clip.encode_text(
        tokens
    )


def test_three_kinds_of_file_give_one_output(
    half: open_clip.CLIP, clip_config: dict[str, Any], tmp_path: Path
) -> None:
    expected = outputs(half)
    for kind in Kind:
        read = read_clip(write(half, tmp_path, kind), clip_config)
        assert read.kind is kind
        assert read.quick_gelu
        found = outputs(read.clip)
        assert torch.equal(found[0], expected[0])
        assert torch.equal(found[1], expected[1])
        assert {value.dtype for value in read.clip.state_dict().values()} == {torch.float32}
        assert not read.clip.training
        assert not any(value.requires_grad for value in read.clip.parameters())


@pytest.mark.slow
def test_a_vit_b_16_loads_from_each_kind_of_file(tmp_path: Path) -> None:
    config = open_clip.get_model_config("ViT-B-16-quickgelu")
    with torch.device("meta"):
        clip = build_clip(config)
    torch.manual_seed(8)
    noise = (0.02 * torch.randn(100_003)).half().float()  # drawing 150 million takes long
    state = {
        key: noise.repeat(value.numel() // len(noise) + 1)[: value.numel()].reshape(value.shape)
        for key, value in clip.state_dict().items()
    }
    clip.load_state_dict(state, assign=True)
    clip.attn_mask = torch.full((77, 77), -torch.inf).triu_(1)
    expected = outputs(clip.eval().requires_grad_(False))
    for kind in Kind:
        path = write(clip, tmp_path, kind)
        read = read_clip(path, quick_gelu=True)
        path.unlink()
        assert read.kind is kind
        assert read.config["text_cfg"]["heads"] == config["text_cfg"]["heads"]
        for found, wanted in zip(outputs(read.clip), expected, strict=True):
            assert torch.equal(found, wanted)


def test_the_digest_is_that_of_the_file(
    half: open_clip.CLIP, clip_config: dict[str, Any], tmp_path: Path
) -> None:
    path = write(half, tmp_path, Kind.SAFETENSORS)
    assert read_clip(path, clip_config).digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_ending_of_a_name_says_nothing(
    half: open_clip.CLIP, clip_config: dict[str, Any], tmp_path: Path
) -> None:
    for kind in Kind:
        moved = write(half, tmp_path, kind).rename(tmp_path / f"{kind.name}.weights")
        assert read_clip(moved, clip_config).kind is kind


@pytest.fixture
def wide_config() -> dict[str, Any]:
    """Heads of 64 features, which the tensors alone suffice for."""
    return {
        "embed_dim": 16,
        "vision_cfg": {
            "layers": 2,
            "width": 64,
            "patch_size": 4,
            "image_size": 12,
            "mlp_ratio": 1.3,
        },
        "text_cfg": {
            "context_length": 8,
            "vocab_size": 49408,
            "width": 64,
            "heads": 1,
            "layers": 1,
        },
    }


def test_sizes_are_read_off_the_tensors(wide_config: dict[str, Any], tmp_path: Path) -> None:
    torch.manual_seed(3)
    clip = build_clip(wide_config).eval().requires_grad_(False)
    torch.save(clip.state_dict(), tmp_path / "a.pt")
    read = read_clip(tmp_path / "a.pt")
    assert not read.quick_gelu
    torch.testing.assert_close(outputs(read.clip), outputs(clip), rtol=0, atol=0)


def test_an_inner_width_whose_ratio_is_not_exact_is_read(
    wide_config: dict[str, Any], tmp_path: Path
) -> None:
    wide_config["vision_cfg"] |= {"layers": 1, "width": 448, "mlp_ratio": 453.5 / 448}
    state = build_clip(wide_config).state_dict()
    assert int(448 * (453 / 448)) == 452
    torch.save(state, tmp_path / "a.pt")
    block = read_clip(tmp_path / "a.pt").clip.visual.transformer.resblocks[0]
    assert block.mlp.c_fc.out_features == 453


def test_numbers_of_heads_come_from_published_sizes() -> None:
    known = clip_files._known_heads()
    for name, heads in (("ViT-B-16", (64, 8)), ("ViT-H-14", (80, 16)), ("ViT-bigG-14", (104, 20))):
        assert known[clip_files._signature(open_clip.get_model_config(name))] == heads


def test_the_activation_is_asked_for_or_known(wide_config: dict[str, Any], tmp_path: Path) -> None:
    clip = build_clip(wide_config).eval()
    plain, archive = tmp_path / "a.bin", tmp_path / "a.pt"
    torch.save(clip.state_dict(), plain)
    write_torchscript(clip, archive)
    assert read_clip(archive).quick_gelu
    assert not read_clip(archive, quick_gelu=False).quick_gelu
    assert not read_clip(archive, wide_config).quick_gelu
    assert read_clip(plain, quick_gelu=True).quick_gelu
    assert read_clip(plain, wide_config | {"quick_gelu": True}).quick_gelu
    block = read_clip(plain, quick_gelu=True).clip.visual.transformer.resblocks[0]
    assert type(block.mlp.gelu).__name__ == "QuickGELU"


def test_a_name_of_open_clip_fixes_the_sizes(half: open_clip.CLIP, tmp_path: Path) -> None:
    path = write(half, tmp_path, Kind.SAFETENSORS)
    with pytest.raises(CheckpointError, match=r"a\.safetensors lacks"):
        read_clip(path, "ViT-B-16")
    with pytest.raises(CheckpointError, match="no CLIP called ViT-Z-1"):
        read_clip(path, "ViT-Z-1")
    for name in ("RN50", "ViT-B-16-SigLIP", "ViT-L-14-CLIPA", "coca_ViT-B-32"):
        with pytest.raises(CheckpointError, match="ViT model"):
            read_clip(path, name)


def test_the_spelling_with_a_text_tower_apart_is_read(
    half: open_clip.CLIP, clip_config: dict[str, Any], tmp_path: Path
) -> None:
    state = {
        key if key.startswith(("visual.", "logit_scale")) else f"text.{key}": value
        for key, value in half.state_dict().items()
    }
    state["logit_scale"] = state["logit_scale"].reshape(1)
    state["text.attn_mask"] = torch.zeros(12, 12)
    torch.save(state, tmp_path / "a.pt")
    read = read_clip(tmp_path / "a.pt", clip_config)
    torch.testing.assert_close(outputs(read.clip), outputs(half), rtol=0, atol=0)
    torch.save(state | {"positional_embedding": torch.zeros(12, 16)}, tmp_path / "b.pt")
    with pytest.raises(CheckpointError, match="positional_embedding twice"):
        read_clip(tmp_path / "b.pt", clip_config)


@pytest.mark.parametrize("like", [True, False])
@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (lambda state: state.pop("visual.proj"), ("lacks visual.proj",)),
        (lambda state: state.update(extra=torch.zeros(1)), ("unknown keys (extra)",)),
        (
            lambda state: state.update({"ln_final.bias": torch.zeros(3)}),
            ("wrong shapes at ln_final.bias", "(3,)", "(64,)"),
        ),
        (
            lambda state: state.update({"ln_final.bias": torch.full((64,), torch.nan)}),
            ("ln_final.bias",),
        ),
        (
            lambda state: state.update({"ln_final.bias": torch.zeros(64, dtype=torch.long)}),
            ("whole numbers at ln_final.bias",),
        ),
    ],
)
def test_wrong_keys_are_named_in_one_sentence(
    wide_config: dict[str, Any], tmp_path: Path, change: Any, parts: tuple[str, ...], *, like: bool
) -> None:
    state = dict(build_clip(wide_config).state_dict())
    change(state)
    torch.save(state, tmp_path / "a.pt")
    with pytest.raises(CheckpointError, match=r"a\.pt") as caught:
        read_clip(tmp_path / "a.pt", wide_config if like else None)
    assert "\n" not in str(caught.value)
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "part"),
    [
        ("visual.conv1.weight", torch.zeros(3), "wrong shape"),
        ("visual.conv1.weight", torch.zeros(0, 3, 4, 4), "wrong shape"),
        ("positional_embedding", torch.zeros(5000, 64), "5000"),
        ("ln_final.weight", torch.zeros(64), ""),
        ("visual.conv1.weight", torch.zeros(65, 3, 4, 4), "no known CLIP"),
        ("visual.positional_embedding", torch.zeros(1, 64), "positional"),
    ],
)
def test_sizes_that_make_no_clip(
    wide_config: dict[str, Any], tmp_path: Path, key: str, value: torch.Tensor, part: str
) -> None:
    state = dict(build_clip(wide_config).state_dict()) | {key: value}
    torch.save(state, tmp_path / "a.pt")
    if part:
        with pytest.raises(CheckpointError, match=part):
            read_clip(tmp_path / "a.pt")
    else:
        read_clip(tmp_path / "a.pt")


@pytest.mark.parametrize("name", ["a.pt", "a.safetensors"])
@pytest.mark.parametrize("data", [b"", b"junk", b"PK\x03\x04junk", bytes(200), b"<html></html>"])
def test_junk_is_refused_in_one_sentence(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CheckpointError, match=name) as caught:
        read_clip(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_what_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.pt", tmp_path):
        with pytest.raises(CheckpointError, match="There is no file"):
            read_clip(path)


def test_cut_files_are_refused(
    half: open_clip.CLIP, clip_config: dict[str, Any], tmp_path: Path
) -> None:
    for kind in Kind:
        path = write(half, tmp_path, kind)
        data = path.read_bytes()
        for part in (100, len(data) // 2, len(data) - 10):
            path.write_bytes(data[:part])
            with pytest.raises(CheckpointError, match=path.name):
                read_clip(path, clip_config)


def test_a_flipped_bit_in_an_archive_is_seen(
    half: open_clip.CLIP, clip_config: dict[str, Any], tmp_path: Path
) -> None:
    path = write(half, tmp_path, Kind.TORCHSCRIPT)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match="damaged"):
        read_clip(path, clip_config)


# ------------------------------------------------------------------ files that would run code


def repacked(source: Path, target: Path, change: dict[str, bytes], packed: bool = False) -> Path:
    """Copy an archive with some records replaced or added."""
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", method) as new:
        root = old.namelist()[0].partition("/")[0]
        names = [name.removeprefix(root + "/") for name in old.namelist()]
        for name in dict.fromkeys([*names, *change]):
            data = change[name] if name in change else old.read(f"{root}/{name}")
            new.writestr(f"{root}/{name}", data)
    return target


def bombs(path: Path) -> list[bytes]:
    """Pickles that would make `path` when loaded by the usual means."""
    word = str(path).encode()
    return [
        pickle.dumps(Bomb(path), protocol=2),
        pickle.dumps(Bomb(path), protocol=4),
        pickle.dumps({"weight": Bomb(path)}, protocol=2),
        b"\x80\x02cpathlib\nPath.touch\ncpathlib\nPath\n(X"
        + struct.pack("<I", len(word))
        + word
        + b"tR\x85R.",
        b"(S'" + word + b"'\nipathlib\nPath\n.",
        b"\x80\x02c__torch__.A\nB\n)\x81}(X\x01\x00\x00\x00acos\nsystem\nub.",
        b"\x80\x02c__torch__\nos.system\n(X\x05\x00\x00\x00touchtR.",
        b"\x80\x02\x82\x01.",
    ]


def test_a_plain_checkpoint_that_carries_code_is_refused(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    torch.save({"state_dict": {"a": torch.zeros(2)}, "meta": Bomb(trace)}, tmp_path / "a.pt")
    with pytest.raises(CheckpointError, match="could run code"):
        read_clip(tmp_path / "a.pt")
    assert not trace.exists()
    torch.load(tmp_path / "a.pt", weights_only=False)
    assert trace.exists(), "the trap must work where it is not refused"


@pytest.mark.parametrize("index", range(8))
def test_an_archive_that_carries_code_is_refused(good: Path, tmp_path: Path, index: int) -> None:
    trace = tmp_path / "trace"
    evil = repacked(good, tmp_path / "evil.pt", {"data.pkl": bombs(trace)[index]})
    with pytest.raises(CheckpointError, match=r"evil\.pt") as caught:
        read_clip(evil, SMALL)
    assert "\n" not in str(caught.value)
    assert not trace.exists()


def test_the_traps_would_work_elsewhere(tmp_path: Path) -> None:
    for bomb in bombs(tmp_path / "trace")[:3]:
        pickle.loads(bomb)
        (tmp_path / "trace").unlink()


def test_code_beside_the_tensors_is_never_looked_at(good: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    code = {
        "constants.pkl": pickle.dumps(Bomb(trace), protocol=2),
        "code/__torch__.py": f"open({str(trace)!r}, 'w')".encode(),
    }
    read = torchscript.read_torchscript(repacked(good, tmp_path / "b.pt", code))
    wanted = torchscript.read_torchscript(good)
    assert len(read) > 30
    assert all(torch.equal(value, wanted[key]) for key, value in read.items())
    assert not trace.exists()


@pytest.mark.parametrize(
    ("program", "part"),
    [
        (b"\x80\x02}.", "no module"),
        (b"\x80\x02c__torch__\nA\n)\x81K\x01b.", "without attributes"),
        (b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n}b.", "changed function"),
        (b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(K\x01K\x01))tR.", "impossible size"),
        (b"\x80\x02X\x01\x00\x00\x00aQ.", "unknown kind"),
        (b"\x80\x02}r\xff\xff\xff\x7f.", "absurd reference"),
        (b"\x80\x02cbuiltins\neval\n.", "builtins.eval"),
        (b"\x80\x02ctorch\nload\n.", "torch.load"),
        (b"\x80\x02ccollections\nOrderedDict\n}b.", "changed function"),
        (b"\x80\x04\x8c\x02os\x8c\x06system\x93.", "STACK_GLOBAL"),
        # A module that holds itself.
        (b"\x80\x02c__torch__\nA\n)\x81q\x00}X\x01\x00\x00\x00ah\x00sb.", "without end"),
    ],
)
def test_pickles_of_other_things_are_refused(
    good: Path, tmp_path: Path, program: bytes, part: str
) -> None:
    evil = repacked(good, tmp_path / "evil.pt", {"data.pkl": program})
    with pytest.raises(CheckpointError, match="could run code") as caught:
        read_clip(evil)
    assert part in str(caught.value)


def _tensor(key: bytes, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> bytes:
    def number(value: int) -> bytes:
        return b"\x8a\x06" + value.to_bytes(6, "little")

    def numbers(values: tuple[int, ...]) -> bytes:
        return b"(" + b"".join(map(number, values)) + b"t"

    text = b"X" + struct.pack("<I", len(key)) + key
    storage = (
        b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\n" + text + b"X\x03\x00\x00\x00cpuK\x01tQ"
    )
    piece = b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + number(offset)
    piece += numbers(shape) + numbers(strides) + b"\x89NtR"
    return b"\x80\x02c__torch__\nA\n)\x81}X\x01\x00\x00\x00a" + piece + b"sb."


@pytest.mark.parametrize(
    ("key", "offset", "shape", "strides"),
    [
        (b"0", 0, (1 << 30, 1 << 30), (0, 0)),
        (b"0", 0, (1 << 20,), (1,)),
        (b"0", 0, (96, 2), (1, 0)),
        (b"0", 90, (96,), (1,)),
        (b"0", 0, (2,), (1 << 30,)),
        (b"9999", 0, (1,), (1,)),
        (b"../data", 0, (1,), (1,)),
    ],
)
def test_a_tensor_larger_than_its_record_is_refused(
    good: Path,
    tmp_path: Path,
    key: bytes,
    offset: int,
    shape: tuple[int, ...],
    strides: tuple[int, ...],
) -> None:
    change = {"data.pkl": _tensor(key, offset, shape, strides), "data/0": bytes(384)}
    with pytest.raises(CheckpointError, match=r"evil\.pt"):
        torchscript.read_torchscript(repacked(good, tmp_path / "evil.pt", change))


def test_a_tensor_that_fits_its_record_is_read(good: Path, tmp_path: Path) -> None:
    data = torch.arange(96, dtype=torch.float32)
    change = {"data.pkl": _tensor(b"0", 2, (3, 4), (1, 3)), "data/0": data.numpy().tobytes()}
    read = torchscript.read_torchscript(repacked(good, tmp_path / "b.pt", change))
    assert torch.equal(read["a"], data.as_strided((3, 4), (1, 3), 2))


def test_archives_that_grow_are_refused(good: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="damaged"):
        read_clip(repacked(good, tmp_path / "b.pt", {}, packed=True))
    torch.save({"a": torch.zeros(100)}, tmp_path / "c.pt")
    packed = repacked(tmp_path / "c.pt", tmp_path / "d.pt", {}, packed=True)
    with pytest.raises(CheckpointError, match="larger inside than outside"):
        read_clip(packed)


def test_a_description_without_end_is_refused(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torchscript, "_MOST_PICKLE", 1000)
    with pytest.raises(CheckpointError, match="too long"):
        read_clip(good)


def test_archives_of_the_other_byte_order_are_refused(good: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="damaged"):
        read_clip(repacked(good, tmp_path / "b.pt", {"byteorder": b"big"}))


# ------------------------------------------------------------------ what is built from them


@pytest.mark.parametrize("once", [True, False])
def test_towers_are_those_of_the_file(
    half: open_clip.CLIP, clip_config: dict[str, Any], tmp_path: Path, *, once: bool
) -> None:
    read = read_clip(write(half, tmp_path, Kind.PICKLE), clip_config)
    sizes = network_config(read.clip, grid=5, decoder_heads=2)
    network = network_from_clip(read.clip, sizes, class_embedding_once=once)
    text = text_from_clip(read.clip)
    assert network.config.activation == "quick_gelu"
    embedding = half.visual.class_embedding
    assert torch.equal(network.encoder.class_embedding, embedding / 2 if once else embedding)
    tokens = open_clip.tokenizer.tokenize(["a cat"], 12)
    with torch.no_grad():
        torch.testing.assert_close(text(tokens), half.encode_text(tokens), rtol=0, atol=1e-6)
    assert not network.training
