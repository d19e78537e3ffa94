from __future__ import annotations

import socket

import open_clip
import pytest
import torch

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model import catalogue
from cascadeclip.core.model.catalogue import HUB, ORIGINAL, about_bytes, find, offers

OPENAI = "5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f"


def test_the_clean_defaults_come_first() -> None:
    first = [(offer.name, offer.tag) for offer in offers()[:3]]
    assert first == list(catalogue.RECOMMENDED)
    assert not any(offer.licence.restricted for offer in offers()[:3])


def test_only_plain_towers_are_offered_and_none_twice() -> None:
    pairs = [(offer.name, offer.tag) for offer in offers()]
    assert len(pairs) == len(set(pairs)) > 50
    names = {name for name, _ in pairs}
    assert {"ViT-B-16", "ViT-B-32", "ViT-L-14"} <= names
    odd = {"RN50", "coca_ViT-B-32", "ViT-B-16-SigLIP", "ViT-L-14-CLIPA", "ViT-H-14-worldwide"}
    assert not names & odd
    assert not any(name.endswith("quickgelu") for name in names)


def test_the_activation_is_that_of_the_table() -> None:
    for offer in offers():
        row = open_clip.get_pretrained_cfg(offer.name, offer.tag)
        assert offer.quick_gelu is bool(row.get("quick_gelu", False))
        assert catalogue.model_config(offer)["quick_gelu"] is offer.quick_gelu
    assert find("ViT-B-16", "openai").quick_gelu
    assert find("ViT-B-16", "dfn2b").quick_gelu
    assert not find("ViT-B-16", "laion2b_s34b_b88k").quick_gelu


def test_places_with_a_published_checksum_come_first() -> None:
    openai = find("ViT-B-16", "openai")
    assert openai.source().host == ORIGINAL
    assert openai.source().digest == OPENAI
    assert openai.source(HUB).digest == ""
    assert find("ViT-B-16", "laion400m_e32").source().digest == "55e67d44"
    metaclip = find("ViT-B-16", "metaclip_400m")
    assert [source.host for source in metaclip.sources] == [HUB, ORIGINAL]


def test_addresses_on_the_hub_are_those_open_clip_would_try() -> None:
    urls = find("ViT-B-16", "datacomp_xl_s13b_b90k").source().urls
    start = "https://huggingface.co/laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K/resolve/main/"
    assert urls == (start + "open_clip_model.safetensors", start + "open_clip_pytorch_model.bin")
    with pytest.raises(CheckpointError, match="choose hub"):
        find("ViT-B-16", "datacomp_xl_s13b_b90k").source(ORIGINAL)


def test_a_file_named_in_the_table_is_the_only_one() -> None:
    (source,) = catalogue._sources({"hf_hub": "some/model/weights.bin", "url": ""})
    assert source.urls == ("https://huggingface.co/some/model/resolve/main/weights.bin",)


@pytest.mark.parametrize(
    ("tag", "name", "restricted"),
    [
        ("openai", "MIT", False),
        ("laion400m_e32", "MIT", False),
        ("laion2b_s34b_b88k", "MIT", False),
        ("datacomp_xl_s13b_b90k", "MIT", False),
        ("commonpool_l_s1b_b8k", "MIT", False),
        ("metaclip_fullcc", "CC BY-NC 4.0", True),
        ("dfn2b", "Apple AMLR", True),
        ("webli", "unknown: check before use", False),
    ],
)
def test_licences_of_the_families(tag: str, name: str, restricted: bool) -> None:
    licence = catalogue.licence_of(tag)
    assert (licence.name, licence.restricted) == (name, restricted)


def test_every_known_licence_says_where_it_is_written() -> None:
    assert all(one.source.startswith("https://") for one in catalogue.LICENCES.values())


def test_sizes_are_near_those_of_the_published_files() -> None:
    openai = find("ViT-B-16", "openai")
    assert about_bytes(openai, openai.source()) == pytest.approx(351e6, rel=0.01)
    assert about_bytes(openai, openai.source(HUB)) == pytest.approx(598.5e6, rel=0.01)
    laion = find("ViT-B-16", "laion2b_s34b_b88k")
    assert about_bytes(laion, laion.source()) == pytest.approx(598.5e6, rel=0.01)
    assert torch.get_default_device().type == "cpu"


def test_without_a_tag_the_recommended_one_is_meant() -> None:
    assert find("ViT-B-16").tag == "openai"
    assert find("ViT-L-14-336").tag == "openai"
    with pytest.raises(CheckpointError, match="several weights: name one of openai"):
        find("ViT-L-14")


def test_other_spellings_are_understood() -> None:
    assert find("ViT-B-16", "LAION2B-s34b-b88k").tag == "laion2b_s34b_b88k"
    assert find("ViT-B-16-quickgelu", "openai") is find("ViT-B-16", "openai")
    with pytest.raises(CheckpointError, match="ViT-B-16-quickgelu has no weights"):
        find("ViT-B-16-quickgelu", "laion2b_s34b_b88k")


def test_what_is_not_offered_is_one_sentence_with_what_is() -> None:
    with pytest.raises(CheckpointError, match="RN50: choose one of ViT-B-16"):
        find("RN50", "openai")
    with pytest.raises(CheckpointError, match="no weights best: name one of openai"):
        find("ViT-B-16", "best")


def test_nothing_is_asked_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", fail)
    monkeypatch.setattr(socket, "getaddrinfo", fail)
    offers.cache_clear()
    catalogue._bytes.cache_clear()
    assert about_bytes(offers()[0], offers()[0].source()) > 0
