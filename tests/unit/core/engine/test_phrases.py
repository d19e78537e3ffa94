import pytest
import torch

from cascadeclip.core.engine.phrases import PhraseBook
from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model.network import Projected

CPU = torch.device("cpu")


class Text:
    def __init__(self):
        self.asked = []

    def encode(self, phrases, templates):
        self.asked += phrases
        rows = [[len(phrase), len(templates), ord(phrase[0])] for phrase in phrases]
        return torch.tensor(rows, dtype=torch.float32)


class Network:
    def __init__(self):
        self.projected = 0

    def project(self, text):
        self.projected += len(text)
        return Projected(text, (2 * text,))


def test_each_phrase_is_embedded_and_projected_once_per_set_of_templates():
    text, network = Text(), Network()
    book = PhraseBook(text, network, 10_000)
    first = book.projected(["cat", "grass"], ("{}",), CPU)
    again = book.projected(["grass", "road", "cat"], ("{}",), CPU)
    assert text.asked == ["cat", "grass", "road"]
    assert network.projected == 3
    assert torch.equal(again.words[[2, 0]], first.words)
    assert torch.equal(again.plain[0], 2 * again.words)
    other = book.projected(["cat"], ("a {}", "the {}"), CPU)
    assert other.words[0, 1] == 2
    assert book.bytes == 4 * 2 * 3 * 4


def test_after_a_rest_known_phrases_need_no_tower():
    loads = []

    def load():
        loads.append(Text())
        return loads[-1]

    book = PhraseBook(Text(), Network(), 10_000, load)
    book.projected(["cat"], ("{}",), CPU)
    book.rest()
    book.projected(["cat"], ("{}",), CPU)
    assert book.loads == 0
    book.projected(["cat", "road"], ("{}",), CPU)
    book.projected(["sea"], ("{}",), CPU)
    assert book.loads == len(loads) == 1
    assert loads[0].asked == ["road", "sea"]


def test_what_cannot_be_read_again_stays():
    book = PhraseBook(Text(), Network(), 10_000)
    book.rest()
    assert len(book.embed(["cat"], ("{}",))) == 1
    with pytest.raises(CheckpointError, match="no text tower"):
        PhraseBook(None, Network(), 10_000).embed(["cat"], ("{}",))
