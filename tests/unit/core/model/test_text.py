from __future__ import annotations

import copy
from typing import Any

import open_clip
import pytest
import torch
from torch.nn import functional

from cascadeclip.core.model import TextEncoder
from cascadeclip.core.model.clip import build_clip, text_from_clip
from cascadeclip.core.model.text import SINGLE_TEMPLATE, TEMPLATES, tokenize


@pytest.fixture
def text(clip: open_clip.CLIP) -> TextEncoder:
    return text_from_clip(clip)


def test_there_are_fifteen_templates() -> None:
    assert len(set(TEMPLATES)) == 15
    assert all(item.count("{}") == 1 for item in TEMPLATES)


def test_templates_are_normalised_before_and_after_the_mean(text: TextEncoder) -> None:
    found = text.encode(("cat", "hot dog"), TEMPLATES)
    rows = []
    for phrase in ("cat", "hot dog"):
        sentences = [item.format(phrase) for item in TEMPLATES]
        units = functional.normalize(text(tokenize(sentences, 12)), dim=-1)
        rows.append(functional.normalize(units.mean(dim=0), dim=0))
    torch.testing.assert_close(found, torch.stack(rows), rtol=0, atol=1e-6)
    assert found.dtype == torch.float32
    assert not found.requires_grad


def test_a_phrase_is_computed_once(text: TextEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    forward = TextEncoder.forward

    def counted(self: TextEncoder, tokens: torch.Tensor) -> torch.Tensor:
        asked.append(len(tokens))
        return forward(self, tokens)

    monkeypatch.setattr(TextEncoder, "forward", counted)
    first = text.encode(("cat", "dog", "cat"), SINGLE_TEMPLATE)
    again = text.encode(("dog", "cat", "bird"), SINGLE_TEMPLATE)
    assert asked == [2, 1]
    assert torch.equal(first[0], first[2])
    assert torch.equal(again[:2], first[[1, 0]])
    text.encode(("cat",), ("a {}",))
    assert asked == [2, 1, 1]


def test_new_weights_empty_the_cache(text: TextEncoder) -> None:
    before = text.encode(("cat",), SINGLE_TEMPLATE)
    state = copy.deepcopy(text.state_dict())
    state["text_projection"] = state["text_projection"].flip(1)
    text.load_state_dict(state)
    torch.testing.assert_close(text.encode(("cat",), SINGLE_TEMPLATE), before.flip(1))


def test_case_and_braces_are_harmless(text: TextEncoder) -> None:
    lower, upper, odd = text.encode(("cat", "CAT", "{0}"), SINGLE_TEMPLATE)
    assert torch.equal(lower, upper)
    assert odd.isfinite().all()


def test_long_phrases_are_cut_not_refused(text: TextEncoder) -> None:
    assert text.encode(("red " * 40,), SINGLE_TEMPLATE).isfinite().all()


def test_no_phrases_and_no_templates(text: TextEncoder) -> None:
    assert text.encode((), SINGLE_TEMPLATE).shape == (0, 8)
    with pytest.raises(ValueError, match="template"):
        text.encode(("cat",), ())


def test_a_compact_table_says_what_the_compact_clip_says(
    clip_config: dict[str, Any],
) -> None:
    tokens = tokenize(["a photo of a cat", "a dog"], 12)
    ids = tokens.unique()
    config = clip_config | {"text_cfg": clip_config["text_cfg"] | {"vocab_size": len(ids)}}
    clip = build_clip(config).eval()
    text = text_from_clip(clip, ids.tolist())
    assert text.token_embedding.weight.shape == (49408, 16)
    with torch.no_grad():
        expected = clip.encode_text(torch.searchsorted(ids, tokens))
        torch.testing.assert_close(text(tokens), expected, rtol=0, atol=1e-6)
    assert text.knows("dog")
    assert not text.knows("sailboat")
