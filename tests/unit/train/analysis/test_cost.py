import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from cascadeclip.core.errors import AnalysisFailed
from cascadeclip.core.model import CascadeCLIP, NetworkConfig, TextEncoder
from cascadeclip.core.model.config import TextConfig
from cascadeclip.train.analysis import cost

COCO, CONTEXT, VOC = (NetworkConfig(prompts=count) for count in (50, 35, 10))
SMALL = {
    "patch": 4, "width": 16, "layers": 5, "heads": 2, "embed": 8, "grid": 3, "prompts": 2,
    "stages": ((1, 2), (3,), (4,)), "decoder_heads": 2, "decoder_ff": 12,
}  # fmt: skip


def giga(count):
    return round(count / 1e9, 2)


@pytest.mark.parametrize(
    ("config", "words", "total"), [(COCO, 171, 124.99), (CONTEXT, 59, 120.07), (VOC, 20, 115.72)]
)
def test_the_released_graph_at_512(config, words, total):
    assert giga(sum(cost.released_macs(config, words, 512).values())) == total


def test_every_part_of_the_released_graph_on_coco():
    parts = cost.released_macs(COCO, 171, 512)
    assert {name: giga(count) for name, count in parts.items()} == {
        "patch convolution": 0.60,
        "blocks, linear": 91.3,
        "blocks, attention": 21.30,
        "projections": 2.96,
        "prompt projection": 0.35,
        "aggregation": 0,
        "descriptors": 0.27,
        "decoders": 8.20,
    }
    encoder = sum(list(parts.values())[:5])
    assert giga(encoder) == 116.52


@pytest.mark.parametrize(("config", "words", "total"), [(COCO, 171, 125.51), (VOC, 20, 115.92)])
def test_what_fvcore_adds(config, words, total):
    macs = sum(cost.released_macs(config, words, 512).values())
    assert giga(macs + cost.fvcore_extra(config, words, 512)) == total


def test_parameters_are_those_of_table_12():
    parts = cost.released_parameters(COCO, TextConfig())
    assert parts["image tower"] + parts["prompts"] == 90_249_984
    assert parts["text tower"] == 63_428_096
    assert parts["decoders"] == 39_410_694
    assert sum(parts.values()) == 193_088_774
    learning = [cost.released_trainable(config) for config in (COCO, CONTEXT, VOC)]
    assert learning == [40_463_622, 40_325_382, 40_094_982]
    assert round(sum(parts.values()) / 1e5) == round(cost.PAPER["parameters"] / 1e5)


def test_text_parameters_are_those_of_our_tower():
    config = TextConfig(width=16, layers=2, heads=2, context=12, embed=8)
    tower = TextEncoder(config)
    assert cost.text_parameters(config) == sum(one.numel() for one in tower.parameters())


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"prompts": 0},
        {"aggregation": "concat"},
        {"aggregation": "attention"},
        {"shared_text": True},
        {"stages": ((4,),), "decoder_layers": 1},
        {"stages": ((1, 2), (2, 3), (4,))},
    ],
)
def test_our_count_is_what_torch_counts(options):
    config = NetworkConfig(**(SMALL | options))
    network = CascadeCLIP(config).eval()
    text = torch.nn.functional.normalize(torch.randn(3, 8), dim=-1)
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), counter:
        # as the engine decodes: what no word changes once per image
        network.decode(network.prepare(network.encode(torch.randn(1, 3, 16, 16))), text)
    expected = counter.get_total_flops() // 2
    # torch does not see the product with a vector that makes a patch's constant
    unseen = len(config.stages) * 16 * 8
    assert sum(cost.our_macs(config, 3, 16).values()) == expected + unseen


def test_ours_is_less_and_nothing_less_is_impossible():
    ours, released = (count(COCO, 171, 512) for count in (cost.our_macs, cost.released_macs))
    # the decoders spend more on the image, once, and less on every word
    assert all(ours[name] <= released[name] for name in released if name != "decoders")
    more = cost.our_macs(COCO, 172, 512)["decoders"] - ours["decoders"]
    assert more < (cost.released_macs(COCO, 172, 512)["decoders"] - released["decoders"])
    assert 0.95 < sum(ours.values()) / sum(released.values()) < 0.97


@pytest.mark.parametrize(("words", "side"), [(0, 512), (5, 8)])
def test_impossible_counts_are_refused(words, side):
    with pytest.raises(AnalysisFailed, match="at least one word"):
        cost.check(COCO, words, side)


def test_a_spectral_decoder_is_not_counted():
    with pytest.raises(AnalysisFailed, match="spectral"):
        cost.check(NetworkConfig(decoder="spectral"), 5, 512)
