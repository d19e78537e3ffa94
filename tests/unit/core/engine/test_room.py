import pytest
import torch

from cascadeclip.core.engine.room import Room, is_out_of_memory
from cascadeclip.core.errors import OutOfMemory


class Card:
    """Fit `room` items at a time; `moves` times there is somewhere else to go."""

    def __init__(self, room, moves):
        self.room, self.moves, self.sizes, self.said = room, moves, [], []

    def step(self, some):
        self.sizes.append(len(some))
        if len(some) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return [10 * item for item in some]

    def move(self):
        self.moves -= 1
        self.room = 100
        return self.moves >= 0


def test_the_batch_shrinks_and_what_is_done_stays_done():
    card = Card(2, 0)
    room = Room(8, card.move, card.said.append)
    assert room.each(range(5), card.step) == [0, 10, 20, 30, 40]
    assert card.sizes == [5, 4, 2, 2, 1]
    assert room.each(range(3), card.step) == [0, 10, 20]
    assert card.said == [
        "Memory ran out: windows now go 4 at a time.",
        "Memory ran out: windows now go 2 at a time.",
    ]


def test_the_processor_goes_on_where_the_card_cannot():
    card = Card(0, 1)
    room = Room(2, card.move, card.said.append)
    assert room.each(range(3), card.step) == [0, 10, 20]
    assert card.said[-1] == "The graphics card ran out of memory: the processor goes on."
    assert room.batch == 2


def test_at_last_a_person_is_told():
    card = Card(0, 0)
    with pytest.raises(OutOfMemory, match="close other programs"):
        Room(2, card.move).each(range(3), card.step)


def test_other_errors_are_not_memory():
    def step(_some):
        raise RuntimeError("shapes differ")

    with pytest.raises(RuntimeError, match="shapes differ"):
        Room(4, lambda: True).each([1], step)


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (MemoryError(), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 9 bytes"), True),
        (RuntimeError("Failed to allocate memory for requested buffer of size 9"), True),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
        (ValueError("no"), False),
    ],
)
def test_allocators_say_it_in_many_ways(error, answer):
    assert is_out_of_memory(error) is answer
