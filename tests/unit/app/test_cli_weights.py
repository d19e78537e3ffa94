"""Weights of CLIP by the command line: listed, asked for, downloaded, added, refused."""

from __future__ import annotations

import functools
import hashlib
import http.server
import io
import signal
import threading
from contextlib import contextmanager

import click
import pytest
import torch
from safetensors.torch import save_file

from cascadeclip.app import cli
from cascadeclip.app.commands import weights
from cascadeclip.core import places
from cascadeclip.core.model import catalogue, clip_store
from cascadeclip.core.model.catalogue import HUB, ORIGINAL, Licence, Offer, Source
from cascadeclip.core.model.clip import build_clip
from cascadeclip.core.model.clip_store import ClipStore

CONFIG = {
    "embed_dim": 16,
    "quick_gelu": True,
    "vision_cfg": {"layers": 2, "width": 64, "patch_size": 4, "image_size": 12},
    "text_cfg": {"context_length": 8, "vocab_size": 49408, "width": 64, "heads": 1, "layers": 1},
}
RESEARCH = Licence("CC BY-NC 4.0", "https://example.org/licence", restricted=True)


class QuietServer(http.server.ThreadingHTTPServer):
    """Not a word about clients that hang up."""

    def handle_error(self, *_):
        pass


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = cli.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv(places.HOME, str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def state():
    torch.manual_seed(2)
    return build_clip(CONFIG).state_dict()


@pytest.fixture
def served(tmp_path, monkeypatch, home, state):
    """One offer, ViT-B-16 openai, that lies on a server of our own; research has its own tag."""
    folder = tmp_path / "web"
    folder.mkdir()
    save_file(state, folder / "a.safetensors")
    digest = hashlib.sha256((folder / "a.safetensors").read_bytes()).hexdigest()
    handler = functools.partial(Quiet, directory=str(folder))
    running = QuietServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{running.server_address[1]}/a.safetensors"
    sources = (Source(ORIGINAL, (url,), digest), Source(HUB, (url,)))
    numbers = ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
    offered = (
        Offer("ViT-B-16", "openai", True, catalogue.licence_of("openai"), sources, *numbers),
        Offer("ViT-B-16", "dfn2b", True, RESEARCH, sources, *numbers),
    )
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(catalogue, "offers", lambda: offered)
    monkeypatch.setattr(catalogue, "about_bytes", lambda offer, source: 13_000_000)
    monkeypatch.setattr(clip_store, "about_bytes", lambda offer, source: 13_000_000)
    monkeypatch.setattr(clip_store, "model_config", lambda offer: CONFIG)
    yield folder
    running.shutdown()
    thread.join()
    running.server_close()


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Let somebody be there who answers."""

    def answer(yes):
        monkeypatch.setattr("sys.stdin", Terminal())
        monkeypatch.setattr(click, "confirm", lambda question: yes)

    return answer


def _refused(answer, *parts):
    code, out, error = answer
    assert code == 2
    assert out == ""
    assert len(error.strip().splitlines()) == 1, error
    for part in parts:
        assert part in error


def test_the_list_has_sizes_licences_and_warnings(run, home):
    code, out, error = run("models", "clip")
    assert (code, error) == (0, "")
    lines = out.splitlines()
    assert lines[0].split() == ["ViT-B-16", "openai", "350", "MB", "MIT"]
    assert len(lines) > 50
    for line in lines:
        assert ("not for commercial use" in line) == ("metaclip" in line or "dfn" in line)
    assert not home.exists()


def test_without_anybody_to_agree_it_is_refused(run, served, home):
    _refused(run("models", "download", "ViT-B-16", "openai"), "MIT", "--yes")
    assert not home.exists()


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("ViT-Z-1",), "no CLIP weights called ViT-Z-1"),
        (("ViT-B-16", "best"), "name one of openai"),
        (("ViT-B-16", "best", "--yes"), "name one of openai"),
    ],
)
def test_what_is_not_offered_is_refused(run, served, home, arguments, part):
    _refused(run("models", "download", *arguments), part)
    assert not home.exists()


def test_a_place_it_does_not_lie_at_is_refused(run, home):
    words = ("ViT-B-16", "laion2b_s34b_b88k", "--host", "original", "--yes")
    _refused(run("models", "download", *words), "choose hub")


def test_it_is_asked_for_with_size_licence_and_place(run, served, home, terminal):
    terminal(False)
    code, out, error = run("models", "download", "ViT-B-16")
    assert code == 130
    for part in ("about 13 MB", "MIT", "github.com/openai/CLIP", "http://127.0.0.1", "SHA-256"):
        assert part in out
    assert "commercial" not in out
    assert error.strip() == "Stopped. Nothing was downloaded."
    assert not home.exists()


def test_research_weights_are_warned_of(run, served, home, terminal):
    terminal(False)
    code, out, _ = run("models", "download", "ViT-B-16", "dfn2b")
    assert code == 130
    assert "Not for commercial use" in out
    assert not home.exists()


def test_a_yes_downloads_and_the_list_gets_a_star(run, served, home, terminal):
    terminal(True)
    code, out, error = run("models", "download", "ViT-B-16", "openai")
    assert (code, error) == (0, "")
    assert "ViT-B-16 openai is on this machine now" in out
    assert "held against the SHA-256 in its published address" in out
    assert ClipStore().load("ViT-B-16", "openai").quick_gelu
    _, out, _ = run("models", "clip")
    assert [line[0] for line in out.splitlines()] == ["*", " "]
    code, out, _ = run("models", "download", "ViT-B-16", "openai", "--yes")
    assert (code, out) == (0, "ViT-B-16 openai is on this machine already.\n")


def test_scripts_say_yes(run, served, home):
    code, out, _ = run("models", "download", "ViT-B-16", "dfn2b", "--yes", "--host", "hub")
    assert code == 0
    assert "Not for commercial use" in out
    assert "no checksum is published" in out
    assert ClipStore().card("ViT-B-16", "dfn2b").restricted


def test_a_damaged_download_is_refused(run, served, home):
    (served / "a.safetensors").write_bytes(b"garbage" * 1000)
    code, _, error = run("models", "download", "ViT-B-16", "openai", "--yes")
    assert code == 2
    assert "checksum" in error
    assert len(error.strip().splitlines()) == 1
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_control_c_keeps_what_arrived_and_says_so(run, served, home, monkeypatch):
    @contextmanager
    def pressing(title, unit):
        yield lambda done, total: signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(weights, "progress_bar", pressing)
        code, _, error = run("models", "download", "ViT-B-16", "openai", "--yes")
    assert code == 130
    assert error.strip() == "Stopped. What arrived is kept, and the same command continues."
    assert list(home.rglob("*.partial"))
    code, out, _ = run("models", "download", "ViT-B-16", "openai", "--yes")
    assert code == 0
    assert "of it here already" in out
    assert not list(home.rglob("*.partial"))


def test_an_own_file_is_added(run, tmp_path, home, state):
    save_file(state, tmp_path / "own.safetensors")
    digest = hashlib.sha256((tmp_path / "own.safetensors").read_bytes()).hexdigest()
    code, out, error = run(
        *("models", "add-clip", tmp_path / "own.safetensors", "--name", "mine"),
        *("--licence", "ours", "--activation", "quick_gelu"),
    )
    assert (code, error) == (0, "")
    for part in ("mine is on this machine now", "2 blocks of width 64", "quick_gelu", digest):
        assert part in out
    assert ClipStore().card("mine").licence == "ours"
    _, out, _ = run("models", "clip")
    assert out.splitlines()[-1].split() == ["*", "mine", "-", "13", "MB", "ours"]


@pytest.mark.parametrize(
    ("file", "name", "part"),
    [
        ("nowhere.pt", "mine", "There is no file nowhere.pt"),
        ("junk.pt", "mine", "junk.pt"),
        ("folder", "mine", "There is no file folder"),
        ("other.pt", "mine", "other.pt lacks"),
        ("other.pt", "../mine", "no name for weights"),
    ],
)
def test_what_is_no_clip_is_refused(run, tmp_path, home, file, name, part):
    (tmp_path / "junk.pt").write_bytes(b"junk")
    (tmp_path / "folder").mkdir()
    torch.save({"a": torch.zeros(2)}, tmp_path / "other.pt")
    _refused(run("models", "add-clip", tmp_path / file, "--name", name), part)
    assert not home.exists()
