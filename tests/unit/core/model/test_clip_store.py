from __future__ import annotations

import functools
import hashlib
import http.server
import json
import shutil
import socket
import threading
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import open_clip
import pytest
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from cascadeclip.core import places
from cascadeclip.core.download import Patience
from cascadeclip.core.errors import CheckpointError, DownloadFailed
from cascadeclip.core.model import clip_store
from cascadeclip.core.model.catalogue import HUB, ORIGINAL, Licence, Offer, Source
from cascadeclip.core.model.clip import (
    build_clip,
    network_config,
    network_from_clip,
    text_from_clip,
)
from cascadeclip.core.model.clip_store import ClipStore

CONFIG: dict[str, Any] = {
    "embed_dim": 16,
    "quick_gelu": True,
    "vision_cfg": {"layers": 2, "width": 64, "patch_size": 4, "image_size": 12},
    "text_cfg": {"context_length": 8, "vocab_size": 49408, "width": 64, "heads": 1, "layers": 1},
}
QUICK = Patience(retries=0, pause=0.0, timeout=1.0)


class QuietServer(http.server.ThreadingHTTPServer):
    """Not a word about clients that hang up."""

    def handle_error(self, *_: object) -> None:
        pass


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def clip() -> open_clip.CLIP:
    torch.manual_seed(2)
    clip = build_clip(CONFIG).eval().requires_grad_(False)
    for value in clip.parameters():
        value.copy_(value.half().float())
    return clip


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, str]]:
    """A folder that is served, and its address."""
    monkeypatch.setenv("no_proxy", "*")
    folder = tmp_path / "web"
    folder.mkdir()
    handler = functools.partial(Quiet, directory=str(folder))
    running = QuietServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield folder, f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClipStore:
    monkeypatch.setattr(clip_store, "model_config", lambda offer: CONFIG)
    monkeypatch.setattr(clip_store, "about_bytes", lambda offer, source: 13_000_000)
    return ClipStore(tmp_path / "store")


def offer(*urls: str, digest: str = "") -> Offer:
    source = Source(ORIGINAL if digest else HUB, urls, digest)
    licence = Licence("MIT", "https://example.org")
    return Offer("ViT-B-16", "openai", True, licence, (source,), (1.0, 2.0, 3.0), (4.0, 5.0, 6.0))


def fetch(store: ClipStore, offered: Offer, **options: Any) -> clip_store.ClipCard | None:
    return store.fetch(offered, offered.sources[0], patience=QUICK, **options)


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@torch.no_grad()
def same(one: open_clip.CLIP, other: open_clip.CLIP) -> bool:
    images = torch.randn(2, 3, 12, 12, generator=torch.Generator().manual_seed(4))
    tokens = open_clip.tokenizer.tokenize(["a cat", "a red boat"], 8)
    return torch.equal(one.encode_image(images), other.encode_image(images)) and torch.equal(
        one.encode_text(tokens), other.encode_text(tokens)
    )


def test_the_folder_is_the_persons_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(places.HOME, raising=False)
    assert ClipStore().folder.parent == Path(
        places.platformdirs.user_data_dir("cascadeclip", appauthor=False)
    )
    monkeypatch.setenv(places.HOME, str(tmp_path))
    assert ClipStore().folder == tmp_path / "clip"


def test_an_own_file_is_kept_in_half_where_nothing_is_lost(
    store: ClipStore, clip: open_clip.CLIP, tmp_path: Path
) -> None:
    clip.logit_scale.fill_(0.1)  # 0.1 has no half
    torch.save(clip.state_dict(), tmp_path / "own.pt")
    card = store.add(tmp_path / "own.pt", "mine", licence="ours", quick_gelu=True)
    assert store.installed() == (store.card("mine"),) == (card,)
    assert (card.name, card.tag, card.licence, card.source) == ("mine", "", "ours", "own.pt")
    assert card.source_digest == hashlib.sha256((tmp_path / "own.pt").read_bytes()).hexdigest()
    assert names(store.folder) == ["mine/clip.json", "mine/clip.safetensors"]
    with safe_open(store.path_of("mine"), framework="pt") as file:
        assert file.get_tensor("visual.proj").dtype == torch.float16
        assert file.get_tensor("logit_scale").dtype == torch.float32
    assert card.size == store.path_of("mine").stat().st_size
    loaded = store.load("mine")
    assert same(loaded.clip, clip)
    assert loaded.quick_gelu
    assert loaded.digest == card.source_digest


def test_adding_again_replaces(store: ClipStore, clip: open_clip.CLIP, tmp_path: Path) -> None:
    torch.save(clip.state_dict(), tmp_path / "own.pt")
    store.add(tmp_path / "own.pt", "mine")
    clip.visual.proj.zero_()
    save_file(clip.state_dict(), tmp_path / "new.safetensors")
    assert store.add(tmp_path / "new.safetensors", "mine").source == "new.safetensors"
    assert not store.load("mine").clip.visual.proj.any()


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", ".hidden", "a@b", "ä", "x" * 101])
def test_names_that_are_no_file_names_are_refused(
    store: ClipStore, tmp_path: Path, name: str
) -> None:
    with pytest.raises(CheckpointError, match="no name for weights"):
        store.add(tmp_path / "own.pt", name)
    with pytest.raises(CheckpointError, match="no name for weights"):
        store.load(name)


def test_a_file_that_is_no_clip_leaves_nothing(store: ClipStore, tmp_path: Path) -> None:
    torch.save({"a": torch.zeros(2)}, tmp_path / "own.pt")
    with pytest.raises(CheckpointError, match=r"own\.pt"):
        store.add(tmp_path / "own.pt", "mine")
    assert not store.folder.exists()


def test_a_full_disk_leaves_nothing(
    store: ClipStore, clip: open_clip.CLIP, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.save(clip.state_dict(), tmp_path / "own.pt")
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda place: usage(1, 1, 1000))
        with pytest.raises(DownloadFailed, match="make room"):
            store.add(tmp_path / "own.pt", "mine")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(clip_store, "save_file", full)
    with pytest.raises(CheckpointError, match="No space left"):
        store.add(tmp_path / "own.pt", "mine")
    assert names(store.folder) == []


def test_what_is_not_there_is_said(store: ClipStore) -> None:
    for call in (store.card, store.path_of, store.load):
        with pytest.raises(CheckpointError, match="ViT-B-16@openai are not on this machine"):
            call("ViT-B-16", "openai")
    assert store.installed() == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda card: "{",
        lambda card: "[]",
        lambda card: json.dumps(card | {"strange": 1}),
        lambda card: json.dumps(card | {"name": "other"}),
        lambda card: json.dumps(card | {"config": 3}),
        lambda card: json.dumps({key: card[key] for key in card if key != "digest"}),
    ],
)
def test_damaged_cards_are_not_believed(
    store: ClipStore, clip: open_clip.CLIP, tmp_path: Path, change: Any
) -> None:
    torch.save(clip.state_dict(), tmp_path / "own.pt")
    store.add(tmp_path / "own.pt", "mine")
    path = store.folder / "mine" / clip_store.CARD
    path.write_text(change(json.loads(path.read_text())))
    assert store.installed() == ()
    with pytest.raises(CheckpointError, match="damaged"):
        store.load("mine")


def test_damaged_weights_are_not_loaded(
    store: ClipStore, clip: open_clip.CLIP, tmp_path: Path
) -> None:
    torch.save(clip.state_dict(), tmp_path / "own.pt")
    store.add(tmp_path / "own.pt", "mine")
    data = bytearray(store.path_of("mine").read_bytes())
    data[-1] ^= 1
    store.path_of("mine").write_bytes(data)
    with pytest.raises(CheckpointError, match="mine are damaged"):
        store.load("mine")


def test_a_download_is_checked_kept_and_described(
    store: ClipStore, clip: open_clip.CLIP, web: tuple[Path, str]
) -> None:
    folder, address = web
    save_file(clip.state_dict(), folder / "a.safetensors")
    digest = hashlib.sha256((folder / "a.safetensors").read_bytes()).hexdigest()
    card = fetch(store, offer(f"{address}/a.safetensors", digest=digest))
    assert card == store.card("ViT-B-16", "openai")
    assert card is not None
    assert (card.source, card.source_digest) == (f"{address}/a.safetensors", digest)
    assert card.checked == "the SHA-256 in its published address"
    assert (card.mean, card.std) == ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
    assert names(store.folder / "ViT-B-16@openai") == ["clip.json", "clip.safetensors"]
    assert same(store.load("ViT-B-16", "openai").clip, clip)


def test_the_second_name_is_tried_where_the_first_is_not_there(
    store: ClipStore, clip: open_clip.CLIP, web: tuple[Path, str]
) -> None:
    folder, address = web
    torch.save(clip.state_dict(), folder / "b.bin")
    card = fetch(store, offer(f"{address}/a.safetensors", f"{address}/b.bin"))
    assert card is not None
    assert card.source == f"{address}/b.bin"
    assert "no checksum" in card.checked
    with pytest.raises(DownloadFailed, match=r"/d\.bin"):
        fetch(store, offer(f"{address}/c.safetensors", f"{address}/d.bin"))


@pytest.mark.parametrize("content", [b"garbage" * 1000, b""])
def test_a_download_that_is_no_clip_leaves_the_old_one(
    store: ClipStore, clip: open_clip.CLIP, web: tuple[Path, str], content: bytes
) -> None:
    folder, address = web
    save_file(clip.state_dict(), folder / "a.safetensors")
    assert fetch(store, offer(f"{address}/a.safetensors"))
    (folder / "a.safetensors").write_bytes(content)
    with pytest.raises(CheckpointError, match=r"a\.safetensors"):
        fetch(store, offer(f"{address}/a.safetensors"))
    assert same(store.load("ViT-B-16", "openai").clip, clip)
    assert names(store.folder / "ViT-B-16@openai") == ["clip.json", "clip.safetensors"]


def test_a_file_far_too_large_is_refused(
    store: ClipStore, web: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, address = web
    monkeypatch.setattr(clip_store, "_SLACK", 0)
    monkeypatch.setattr(clip_store, "about_bytes", lambda offer, source: 100)
    (folder / "a.bin").write_bytes(bytes(1000))
    with pytest.raises(DownloadFailed, match="at most 200"):
        fetch(store, offer(f"{address}/a.bin"))
    assert names(store.folder) == []


def test_room_is_asked_for_before_the_server(
    store: ClipStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage(1, 1, 20_000_000))
    with pytest.raises(DownloadFailed, match="26 MB are needed"):
        fetch(store, offer("http://127.0.0.1:9/a.bin"))


def test_a_disk_that_fills_while_keeping_loses_nothing(
    store: ClipStore,
    clip: open_clip.CLIP,
    web: tuple[Path, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, address = web
    save_file(clip.state_dict(), folder / "a.safetensors")
    offered = offer(f"{address}/a.safetensors")

    def full(*_: object, **__: object) -> None:
        raise SafetensorError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(clip_store, "save_file", full)
        with pytest.raises(DownloadFailed, match="No space left"):
            fetch(store, offered)
    size = (folder / "a.safetensors").stat().st_size
    assert store.kept_bytes(offered, offered.sources[0]) == size
    assert store.installed() == ()
    assert fetch(store, offered)
    assert same(store.load("ViT-B-16", "openai").clip, clip)


def test_a_stop_keeps_what_arrived(
    store: ClipStore, clip: open_clip.CLIP, web: tuple[Path, str]
) -> None:
    folder, address = web
    save_file(clip.state_dict(), folder / "a.safetensors")
    offered = offer(f"{address}/a.safetensors")
    seen: list[int] = []
    stopped = fetch(
        store, offered, progress=lambda done, total: seen.append(done), stopped=lambda: bool(seen)
    )
    assert stopped is None
    assert store.kept_bytes(offered, offered.sources[0]) == seen[0] > 0
    assert not store.has("ViT-B-16", "openai")


def test_afterwards_nothing_touches_the_network(
    store: ClipStore,
    clip: open_clip.CLIP,
    web: tuple[Path, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, address = web
    save_file(clip.state_dict(), folder / "a.safetensors")
    fetch(store, offer(f"{address}/a.safetensors"))
    touched: list[str] = []

    def fail(*_: object, **__: object) -> None:
        touched.append("network")
        raise OSError("the network is blocked")

    for owner, name in (
        (socket.socket, "connect"),
        (socket.socket, "connect_ex"),
        (socket.socket, "sendto"),
        (socket, "getaddrinfo"),
        (socket, "create_connection"),
    ):
        monkeypatch.setattr(owner, name, fail)
    with pytest.raises(OSError, match="blocked"):
        socket.create_connection(("127.0.0.1", 9))
    touched.clear()
    loaded = ClipStore(store.folder).load("ViT-B-16", "openai")
    sizes = network_config(loaded.clip, grid=3, decoder_heads=2)
    network = network_from_clip(loaded.clip, sizes, class_embedding_once=False)
    text = text_from_clip(loaded.clip)
    with torch.no_grad():
        words = text.encode(("a cat", "grass"), ("a photo of a {}",))
        logits = network(torch.randn(1, 3, 12, 12), words)
    assert logits.shape == (1, 2, 12, 12)
    assert touched == []
