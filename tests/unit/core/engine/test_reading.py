"""Which words a model can read at all."""

import torch

from cascadeclip.core.engine.models import bundled_model
from cascadeclip.core.engine.reading import Reader
from cascadeclip.core.model import TextEncoder
from cascadeclip.core.model.checkpoint import load_text
from cascadeclip.core.model.config import TextConfig
from cascadeclip.core.model.text import tokenize
from cascadeclip.core.values import Word


def test_a_phrase_with_a_piece_never_seen_cannot_be_read():
    text = TextEncoder(TextConfig(width=16, layers=1, heads=2, context=16, embed=16))
    reader = Reader(text)
    assert reader.knows("sailboat")
    with torch.no_grad():
        text.token_embedding.weight[int(tokenize(["sailboat"], 16)[0, 1])] = 0
    reader = Reader(text)
    assert not reader.knows(" SAILBOAT ")
    assert not reader.knows("red sailboat")
    assert reader.knows("dog")
    assert reader.knows(Word("sailboat", ("sailboat", "dog"), "#000000"))
    assert not reader.knows(Word("sailboat", ("sailboat",), "#000000"))


def test_what_has_no_table_reads_everything():
    assert Reader(None).knows("anything at all")


def test_the_bundled_model_knows_its_world_alone():
    reader = Reader(load_text(bundled_model()))
    for word in ("cat", "kitten", "potted plant", "grass", "meadow"):
        assert reader.knows(word), word
    for word in ("oscilloscope", "zeppelin", "quasar", "pancreas"):
        assert not reader.knows(word), word
