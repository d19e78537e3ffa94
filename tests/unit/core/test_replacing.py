"""What is replaced is there whole, before and after, and nothing else is left."""

from __future__ import annotations

import os

import pytest

from cascadeclip.core import replacing
from cascadeclip.core.replacing import draft_of, put_folder, recover


def _names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_when_the_block_ends(tmp_path):
    target = tmp_path / "deep" / "out.txt"
    for text in ("one", "two"):
        before = target.read_text() if target.exists() else None
        with replacing.replacing(target) as draft:
            draft.write_text(text)
            assert (target.read_text() if target.exists() else None) == before
        assert target.read_text() == text
    assert _names(tmp_path / "deep") == ["out.txt"]


def _fail(target):
    with replacing.replacing(target) as draft:
        draft.write_text("half")
        raise ValueError("no")


def test_an_error_leaves_what_was_there(tmp_path):
    target = tmp_path / "out.txt"
    target.write_text("old")
    with pytest.raises(ValueError, match="no"):
        _fail(target)
    assert (target.read_text(), _names(tmp_path)) == ("old", ["out.txt"])


def test_files_and_their_folder_are_flushed_before_and_after_the_renaming(tmp_path, monkeypatch):
    done = []
    flush = replacing._sync
    monkeypatch.setattr(
        replacing, "_sync", lambda path, flags: done.append(path.name) or flush(path, flags)
    )
    with replacing.replacing(tmp_path / "out.txt") as draft:
        draft.write_text("x")
    assert done == [draft.name, tmp_path.name]
    done.clear()
    folder = draft_of(tmp_path / "out")
    (folder / "in").mkdir(parents=True)
    (folder / "in/a").write_text("x")
    put_folder(folder, tmp_path / "out")
    assert done == ["a", folder.name, "in", tmp_path.name]


def test_many_files_are_flushed_at_once(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(replacing, "_FEW", 1)
    monkeypatch.setattr(replacing.os, "sync", lambda: done.append("all"), raising=False)
    folder = draft_of(tmp_path / "out")
    folder.mkdir()
    for name in "ab":
        (folder / name).write_text("x")
    put_folder(folder, tmp_path / "out")
    assert (done, _names(tmp_path / "out")) == (["all"], ["a", "b"])


def test_a_folder_is_replaced_whole(tmp_path):
    out = tmp_path / "out"
    for name in ("first", "second"):
        draft = draft_of(out)
        draft.mkdir()
        (draft / name).write_text(name)
        put_folder(draft, out)
        assert (_names(out), _names(tmp_path)) == ([name], ["out"])


def test_a_killed_replacement_is_recovered(tmp_path):
    out, old = tmp_path / "out[1]", tmp_path / ".out[1].old-12ab"
    old.mkdir()
    (old / "a").write_text("x")
    recover(out)
    assert (_names(tmp_path), _names(out)) == (["out[1]"], ["a"])
    old.mkdir()
    recover(out)
    assert _names(tmp_path) == ["out[1]"]


def test_old_drafts_of_the_same_target_are_swept(tmp_path):
    for name in (".a.part-1", ".a.part-2", ".b.part-1"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text("x")
    for name in (".a.part-1", ".b.part-1"):
        os.utime(tmp_path / name, (1, 1))
    draft = draft_of(tmp_path / "a")
    assert _names(tmp_path) == [".a.part-2", ".b.part-1"]
    assert draft.parent == tmp_path
