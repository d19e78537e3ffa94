import torch

from cascadeclip.train.analysis.blocks import block_outputs


def test_every_block_is_heard_without_its_prompts(model):
    images = torch.randn(2, 3, 32, 24)
    outputs, encoding = block_outputs(model.network, images)
    assert [tuple(one.shape) for one in outputs] == [(2, 1 + 4 * 3, 16)] * 3
    encoder = model.network.encoder
    with torch.no_grad():
        final = encoder.ln_post(encoder.prompt_norm(outputs[-1])) @ encoder.proj
        final = final / final.norm(dim=-1, keepdim=True)
    torch.testing.assert_close(final[:, 1:], encoding.maps[-1])
    torch.testing.assert_close(final[:, 0], encoding.cls)


def test_nothing_is_left_hanging_on_the_blocks(model):
    block_outputs(model.network, torch.randn(1, 3, 32, 32))
    assert all(not block._forward_hooks for block in model.network.encoder.blocks)
