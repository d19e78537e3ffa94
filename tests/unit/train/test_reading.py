import pytest
import torch

from cascadeclip.core.model.text import tokenize
from cascadeclip.train.reading import Reader

TEMPLATES = ("a {}", "the {}")
KNOWN, NEW, OTHER = "cat", "accordion", "lobster"


@pytest.fixture
def text(model):
    """Return a text tower that cannot read two words."""
    text = model.text
    with torch.no_grad():
        for phrase in (NEW, OTHER):
            tokens = tokenize([phrase], text.config.context)[0]
            text.token_embedding.weight[tokens[1 : int(tokens.argmax())]] = 0
    text.forget()
    return text


def reader_of(text, learn):
    return Reader(text, TEMPLATES, learn, device=torch.device("cpu"), seed=0)


def test_what_can_be_read_is_embedded_as_before_and_learns_nothing(text):
    reader = reader_of(text, [KNOWN])
    assert reader.parameters == []
    assert torch.allclose(reader.embed([KNOWN]), text.encode([KNOWN], TEMPLATES), atol=1e-6)
    assert reader.embed([]).shape == (0, 16)


def test_a_word_without_rows_gets_some_that_learn_and_other_words_stay_to_the_bit(text):
    before = text.encode([KNOWN, NEW, OTHER], TEMPLATES).clone()
    reader = reader_of(text, [KNOWN, NEW])
    assert reader.learns(NEW)
    assert not reader.learns(KNOWN)
    assert not reader.learns(OTHER)
    aim = -text.encode([NEW], TEMPLATES)
    start = float(reader.fixed([NEW])[0] @ aim[0])
    optimiser = torch.optim.Adam(reader.parameters, lr=0.1)
    for _ in range(60):
        optimiser.zero_grad()
        (1 - (reader.embed([NEW]) * aim).sum()).backward()
        optimiser.step()
    reader.keep()
    after = reader.text.encode([KNOWN, NEW, OTHER], TEMPLATES)
    assert torch.equal(after[[0, 2]], before[[0, 2]])
    assert float(after[1] @ aim[0]) > start + 0.1
    assert torch.equal(text.encode([NEW], TEMPLATES)[0], before[1])


def test_the_same_seed_draws_the_same_rows_and_a_state_can_be_taken_up(text):
    first, second = reader_of(text, [NEW]), reader_of(text, [NEW])
    assert torch.equal(first.state(), second.state())
    first.parameters[0].data += 1
    second.restore(first.state())
    assert torch.equal(first.fixed([NEW]), second.fixed([NEW]))
    reader_of(text, [KNOWN]).restore(None)


def test_rows_lie_between_the_marked_ones_and_the_last(text):
    reader = reader_of(text, [NEW])
    with torch.no_grad():
        reader.parameters[0].fill_(1.0)
    reader.mark()
    with torch.no_grad():
        reader.parameters[0].fill_(3.0)
    kept = reader_of(text, [NEW])
    kept.restore(reader.state())
    for one in (reader, kept):
        one.keep()
        for share, value in ((0.0, 1.0), (0.25, 1.5), (1.0, 3.0)):
            one.blend(share)
            tokens = tokenize([NEW], one.text.config.context)[0]
            rows = one.text.token_embedding.weight[tokens[1 : int(tokens.argmax())]]
            assert (rows == value).all()
