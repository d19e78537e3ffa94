from __future__ import annotations

import pytest
import torch

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.model import CascadeCLIP, NetworkConfig
from cascadeclip.train.fit.config import FitConfig
from cascadeclip.train.presets import PRESETS, find_preset, full_configuration, layers

BASE = NetworkConfig()


def test_stages_are_read_as_the_paper_writes_them() -> None:
    assert layers("6-8,9-11,12") == ((5, 6, 7), (8, 9, 10), (11,))
    assert layers("12") == ((11,),)


def test_the_method_is_the_default() -> None:
    preset = find_preset("cascade")
    assert preset.network_config(BASE) == BASE
    assert preset.fit_config(FitConfig()) == FitConfig()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("zegclip", {"stages": ((11,),)}),
        ("frozen", {"stages": ((11,),), "prompts": 0}),
        ("frozen+cascade", {"prompts": 0}),
        ("spt", {"stages": ((11,),), "decoder": "spectral", "spectral_blocks": (0, 1)}),
        ("spt+cascade", {"decoder": "spectral", "spectral_blocks": (0, 1)}),
        ("last-x3", {"stages": ((11,),) * 3}),
        ("fused", {"stages": (tuple(range(5, 12)),)}),
        ("fused-x3", {"stages": (tuple(range(5, 12)),) * 3}),
        ("shared-text", {"shared_text": True}),
        ("prompts-10", {"prompts": 10}),
        ("sigma-0.5", {"sigma": 0.5}),
        ("fixed-nga", {"aggregation": "gaussian-fixed"}),
        ("nga-as-printed", {"gaussian_offset": 1}),
    ],
)
def test_what_a_preset_changes(name: str, changes: dict[str, object]) -> None:
    found = find_preset(name).network_config(BASE)
    before, after = BASE.to_json(), found.to_json()
    assert {key for key in after if after[key] != before[key]} == set(changes)
    assert {key: getattr(found, key) for key in changes} == changes


def test_training_of_the_spectral_presets_and_the_weights_of_table_18() -> None:
    assert find_preset("spt+cascade").fit_config(FitConfig()).loss == "ssim"
    found = find_preset("loss-20-1").fit_config(FitConfig())
    assert (found.focal_weight, found.shape_weight) == (20, 1)


def test_every_preset_is_a_network_of_the_full_size() -> None:
    counts = {}
    for name, preset in PRESETS.items():
        assert name == preset.name
        assert preset.about
        with torch.device("meta"):
            network = CascadeCLIP(preset.network_config(BASE))
        counts[name] = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert counts["cascade"] == 23_117_574
    assert counts["shared-text"] == counts["cascade"] - 2 * 524_800
    assert counts["fixed-nga"] == counts["cascade"] - 6
    assert counts["frozen+cascade"] == counts["cascade"] - 1_052_928
    assert len(counts) > 35


def test_a_preset_prints_everything_it_sets() -> None:
    lines = full_configuration(find_preset("spt"), BASE, FitConfig())
    text = "\n".join(lines)
    assert " * stages = ((11,),)" in text
    assert " * loss = 'ssim'" in text
    assert "   width = 768" in text
    names = {line.split(" = ")[0].strip(" *") for line in lines if " = " in line}
    assert set(BASE.to_json()) | set(FitConfig.__dataclass_fields__) == names


def test_an_unknown_preset_names_the_others() -> None:
    with pytest.raises(TrainingFailed, match="zegclip"):
        find_preset("magic")
