from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import torch

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model import load_checkpoint, load_model
from cascadeclip.core.model.weights import check_keys, read_pickled, some


class Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("load", [load_checkpoint, load_model])
@pytest.mark.parametrize("zipped", [True, False])
def test_a_file_that_would_run_code_is_refused(
    tmp_path: Path, load: object, *, zipped: bool
) -> None:
    trace = tmp_path / "trace"
    path = tmp_path / "evil.pth"
    content = {"meta": Bomb(trace), "state_dict": {"backbone.proj": torch.zeros(2)}}
    torch.save(content, path, _use_new_zipfile_serialization=zipped)
    with pytest.raises(CheckpointError, match="could run code"):
        load(path)
    assert not trace.exists()
    torch.load(path, weights_only=False)
    assert trace.exists(), "the trap must work where it is not refused"


def test_a_bare_pickle_is_refused(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    (tmp_path / "evil.pth").write_bytes(pickle.dumps(Bomb(trace), protocol=2))
    with pytest.raises(CheckpointError):
        load_checkpoint(tmp_path / "evil.pth")
    assert not trace.exists()


@pytest.mark.parametrize("name", ["a.pth", "a.safetensors"])
@pytest.mark.parametrize("data", [b"", b"junk", b"PK\x03\x04junk", bytes(200)])
def test_junk_is_refused_in_one_sentence(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CheckpointError, match=name) as caught:
        load_checkpoint(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    torch.save({"state_dict": {"backbone.proj": torch.zeros(200)}}, path)
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(CheckpointError, match=r"a\.pth"):
        load_checkpoint(path)


@pytest.mark.parametrize(
    "content", [[1], {}, {"state_dict": {}}, {"state_dict": 3}, {"state_dict": {"a": 3}}]
)
def test_files_without_weights(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / "a.pth")
    with pytest.raises(CheckpointError, match=r"a\.pth"):
        load_checkpoint(tmp_path / "a.pth")


def test_keys_are_named_up_to_four() -> None:
    assert some(["b", "a"]) == "a, b"
    assert some("gfedcba") == "a, b, c, d and 3 more"


def test_keys_that_fit_pass() -> None:
    check_keys({"a": (2,)}, {"a": torch.zeros(2)}, "a.pth")


@pytest.mark.parametrize("value", [torch.zeros(1).expand(1 << 40), torch.empty(3, device="meta")])
def test_tensors_that_would_grow_when_copied_are_refused(
    tmp_path: Path, value: torch.Tensor
) -> None:
    torch.save({"state_dict": {"a": value}}, tmp_path / "a.pth")
    with pytest.raises(CheckpointError, match="holds a where tensors belong"):
        read_pickled(tmp_path / "a.pth")
