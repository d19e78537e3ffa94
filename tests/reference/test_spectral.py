"""SPT-SEG's network and losses against numbers of the released modules."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from cascadeclip.core.model import CascadeCLIP, load_checkpoint
from cascadeclip.train.losses import spectral_loss

CLOSE = {"rtol": 0, "atol": 1e-5}
SEEN = [0, 1, 3, 4]


@pytest.fixture(scope="module")
def tiny(reference: Path) -> dict[str, Tensor]:
    with np.load(reference / "spt_tiny.npz", allow_pickle=False) as arrays:
        return {key: torch.from_numpy(arrays[key]) for key in arrays.files}


@pytest.fixture(scope="module")
def network(tiny: dict[str, Tensor], tmp_path_factory: pytest.TempPathFactory) -> CascadeCLIP:
    state = {key[3:]: value for key, value in tiny.items() if key.startswith("sd/")}
    path = tmp_path_factory.mktemp("spt") / "spt.pth"
    torch.save({"meta": {"iter": 1}, "state_dict": state}, path)
    return load_checkpoint(path, heads=4, decoder_heads=8)


@torch.inference_mode()
def test_features(tiny: dict[str, Tensor], network: CascadeCLIP) -> None:
    found = network.encoder(tiny["in/x"])
    plane = found.maps[-1].transpose(1, 2).unflatten(-1, found.grid)
    torch.testing.assert_close(plane, tiny["out/feature"], **CLOSE)
    torch.testing.assert_close(found.cls, tiny["out/global"], **CLOSE)


@torch.inference_mode()
def test_masks(tiny: dict[str, Tensor], network: CascadeCLIP) -> None:
    probability = network(tiny["in/x"], tiny["in/text"]).sigmoid()
    probability[:, SEEN] -= 0.1
    torch.testing.assert_close(
        probability[..., ::8, ::8], tiny["out/pred_inductive_every8"], **CLOSE
    )
    masks = network(tiny["in/x"], tiny["in/text"][SEEN])
    torch.testing.assert_close(masks[..., ::8, ::8], tiny["out/pred_masks_seen_every8"], **CLOSE)


@torch.inference_mode()
def test_losses(tiny: dict[str, Tensor], network: CascadeCLIP) -> None:
    masks = network(tiny["in/x"], tiny["in/text"][SEEN])
    losses = spectral_loss(masks, tiny["in/label"])
    assert set(losses) == {"focal", "ssim"}
    torch.testing.assert_close(losses["focal"], tiny["out/loss_mask"][0], rtol=0, atol=1e-4)
    torch.testing.assert_close(losses["ssim"], tiny["out/loss_ssim"][0], **CLOSE)
