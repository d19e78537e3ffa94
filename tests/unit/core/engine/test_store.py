"""Features on disk: half precision, bounded, and whole whatever happens."""

import os
import subprocess
import sys
import time

import pytest
import torch

from cascadeclip.core.engine.store import FeatureStore, rounded
from cascadeclip.core.model.network import Features


@pytest.fixture
def features():
    def make(seed=0, patches=(2, 3)):
        torch.manual_seed(seed)
        count = patches[0] * patches[1]
        return Features(torch.randn(1, 3, count, 8), torch.randn(1, 8), patches)

    return make


def same(one, other):
    return (
        torch.equal(one.stages, other.stages)
        and torch.equal(one.cls, other.cls)
        and one.grid == other.grid
    )


def test_what_is_put_in_comes_out_in_half_precision(tmp_path, features):
    store = FeatureStore(tmp_path)
    store.put(["a", [1, 2]], features())
    got = FeatureStore(tmp_path).get(["a", [1, 2]])
    assert got.stages.dtype == torch.float32
    assert same(got, rounded(features()))
    assert not same(got, features())
    assert store.get(["a", [1, 3]]) is None


def test_the_files_used_longest_ago_go_first(tmp_path, features):
    store = FeatureStore(tmp_path)
    store.put("probe", features())
    one = store.size
    assert one == sum(path.stat().st_size for path in tmp_path.glob("*/*"))
    store = FeatureStore(tmp_path / "small", limit=10 * one)
    for turn in range(10):
        store.put(turn, features(turn))
        for path in (tmp_path / "small").glob("*/*"):  # clocks of file systems are coarse
            os.utime(path, ns=(path.stat().st_mtime_ns - 10**9,) * 2)
    assert store.get(0) is not None  # used just now: the oldest no more
    store.put(10, features(10))
    there = [key for key in range(11) if store.get(key) is not None]
    assert there == [0, *range(3, 11)]
    assert store.size == FeatureStore(tmp_path / "small").size <= 10 * one


def test_a_damaged_file_is_no_features(tmp_path, features):
    store = FeatureStore(tmp_path)
    store.put("a", features())
    (path,) = tmp_path.glob("*/*.features")
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[-3] ^= 255
    for broken in (b"", whole[:50], whole[:-1], bytes(flipped), b"{}" * 100):
        path.write_bytes(broken)
        assert store.get("a") is None
        assert not path.exists()
    store.put("a", features())
    assert store.get("a") is not None


def test_a_full_or_closed_disk_is_no_failure(tmp_path, features, monkeypatch):
    def full(_path, _data):
        raise OSError(28, "No space left on device")

    store = FeatureStore(tmp_path)
    monkeypatch.setattr(store, "_write", full)
    store.put("a", features())
    assert store.get("a") is None
    assert FeatureStore(tmp_path, limit=10).put("a", features()) is None
    assert list(tmp_path.rglob("*.*")) == []


def test_a_kill_leaves_whole_files_only(tmp_path):
    code = (
        "import sys, torch\n"
        "from pathlib import Path\n"
        "from cascadeclip.core.engine.store import FeatureStore\n"
        "from cascadeclip.core.model.network import Features\n"
        "store = FeatureStore(Path(sys.argv[1]))\n"
        "print('ready', flush=True)\n"
        "for turn in range(10**6):\n"
        "    fill = torch.full((1, 3, 400, 64), float(turn % 1000))\n"
        "    store.put(turn % 50, Features(fill, fill[:, 0, 0], (20, 20)))\n"
    )
    for seconds in (0.02, 0.05, 0.1):
        writer = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE
        )
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(seconds)
        writer.kill()
        writer.communicate()
        store = FeatureStore(tmp_path)
        files = len(list(tmp_path.glob("*/*.features")))
        found = [one for one in map(store.get, range(50)) if one is not None]
        assert len(found) == files > 0
        for one in found:
            assert len(one.stages.unique()) == 1
