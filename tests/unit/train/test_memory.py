import torch

from cascadeclip.train.memory import Memory, remembering


def test_equal_windows_go_through_the_tower_once_with_the_same_answer(model):
    torch.manual_seed(0)
    images, memory = torch.randn(3, 3, 32, 32), Memory()
    with torch.inference_mode():
        plain = model.network.encode(images)
        with remembering(model.network, memory):
            first = model.network.encode(images)
            mixed = model.network.encode(torch.stack([images[2], images[0]]))
    assert memory.passes == 3
    assert torch.equal(first.stages, plain.stages)
    assert torch.equal(mixed.stages, plain.stages[[2, 0]])
    assert torch.equal(mixed.cls, plain.cls[[2, 0]])


def test_the_network_is_as_before_afterwards_and_without_memory_nothing_changes(model):
    names = list(model.network.state_dict())
    encoder = model.network.encoder
    with remembering(model.network, Memory()):
        assert model.network.encoder is not encoder
    assert model.network.encoder is encoder
    with remembering(model.network, None):
        assert model.network.encoder is encoder
    assert list(model.network.state_dict()) == names


def test_a_full_memory_forgets_and_stays_right(model):
    images, memory = torch.randn(4, 3, 32, 32), Memory(limit=1)
    with torch.inference_mode(), remembering(model.network, memory):
        again = [model.network.encode(images).cls for _ in range(2)]
    assert memory.passes == 8
    assert torch.equal(*again)
