"""Damaged files are read or refused with a sentence; and the harness notices what is neither."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadeclip.core.errors import CascadeClipError


@pytest.fixture(scope="module")
def fuzz(root):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(root / "benchmarks")
        import fuzz_files

        yield fuzz_files


@pytest.mark.parametrize("name", ["image", "weights", "archive", "model", "database"])
def test_damaged_files_are_read_or_refused(fuzz, tmp_path, name):
    target = fuzz.TARGETS[name]
    seeds = target.seeds()
    fuzz.warm(target, tmp_path)
    for seed in seeds:
        fuzz.feed(target, seed, tmp_path)

    @settings(max_examples=25 if name == "database" else 60, deadline=None)
    @given(st.integers(0, len(seeds) - 1), st.integers(0, 1 << 32))
    def feed(which, number):
        fuzz.feed(target, fuzz.damaged(seeds[which], random.Random(number)), tmp_path)

    feed()


def planted(fuzz, read):
    return fuzz.Target(lambda: [b"whole"], "a", read, ())


def test_what_no_reader_may_do_is_noticed(fuzz, tmp_path):
    def write(file):
        (tmp_path / "elsewhere").write_text("x")

    def remove(file):
        (tmp_path / "b").unlink()

    def start(file):
        import subprocess

        subprocess.run(["true"], check=False)

    own = tmp_path / "own"
    own.mkdir()
    (tmp_path / "b").touch()
    for read in (write, remove, start):
        with pytest.raises(fuzz.Escaped):
            fuzz.feed(planted(fuzz, read), b"", own)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "own"]
    assert fuzz.feed(planted(fuzz, lambda file: file.with_name("c").touch()), b"", own)
    assert [path.name for path in own.iterdir()] == ["a"]


def test_another_exception_and_more_than_a_sentence_are_faults(fuzz, tmp_path):
    def fail(error):
        def read(file):
            raise error

        return planted(fuzz, read)

    with pytest.raises(KeyError):
        fuzz.feed(fail(KeyError("x")), b"", tmp_path)
    with pytest.raises(AssertionError, match="not one sentence"):
        fuzz.feed(fail(CascadeClipError("one\ntwo")), b"", tmp_path)
    assert not fuzz.feed(fail(CascadeClipError("It is damaged.")), b"", tmp_path)


def test_atheris_watches_the_reader(fuzz):
    pytest.importorskip("atheris")
    found = fuzz.run("rle", 300, 100, seed=3)
    assert (found["inputs"], found["guided"], found["fault"]) == (300, True, "")
