from itertools import permutations

import numpy as np
import pytest
import torch

from cascadeclip.train.analysis.cka import cka, hsic_pairs, layer_likeness, means
from cascadeclip.train.analysis.files import without_prompts


def by_hand(x, y):
    """Unbiased HSIC straight from its definition as a U-statistic over four different examples."""
    k, m = (x @ x.T).double(), (y @ y.T).double()
    total, count = 0.0, 0
    for i, j, q, r in permutations(range(len(x)), 4):
        total += float(k[i, j] * (m[i, j] + m[q, r] - 2 * m[i, q]))
        count += 1
    return total / count


def test_hsic_is_the_u_statistic():
    torch.manual_seed(0)
    x, y = torch.randn(6, 3), torch.randn(6, 2)
    pairs = hsic_pairs([x, y])
    expected = [[by_hand(x, x), by_hand(x, y)], [by_hand(x, y), by_hand(y, y)]]
    torch.testing.assert_close(pairs, torch.tensor(expected, dtype=torch.float64))


def test_hsic_needs_four_examples():
    with pytest.raises(ValueError, match="4 examples"):
        hsic_pairs([torch.randn(3, 2)])


def test_cka_sees_turning_and_stretching_as_the_same():
    torch.manual_seed(1)
    x = torch.randn(40, 5)
    turn = torch.linalg.qr(torch.randn(5, 5)).Q
    matrix = cka([[x, 3 * x @ turn + 7.0]])
    np.testing.assert_allclose(matrix, 1, atol=1e-5)


def test_cka_of_unrelated_features_is_near_zero_even_for_few_examples():
    torch.manual_seed(2)
    batches = [[torch.randn(24, 64), torch.randn(24, 64)] for _ in range(40)]
    matrix = cka(batches)
    assert abs(matrix[0, 1]) < 0.05
    assert matrix[0, 0] == pytest.approx(1)


def test_batches_are_summed_before_they_are_divided():
    torch.manual_seed(3)
    one = [torch.randn(8, 4), torch.randn(8, 4)]
    two = [100 * torch.randn(8, 4)] * 2
    total = (hsic_pairs(one) + hsic_pairs(two)).numpy()
    expected = total[0, 1] / np.sqrt(total[0, 0] * total[1, 1])
    assert cka([one, two])[0, 1] == pytest.approx(expected)
    with pytest.raises(ValueError, match="at least one batch"):
        cka([])


def test_layers_of_a_tower(model):
    images = torch.randn(5, 3, 32, 32)
    found = layer_likeness(model.network, images)
    assert (found.images, found.patches) == (5, 5 * 16)
    assert found.matrix.shape == (3, 3)
    np.testing.assert_allclose(found.matrix, found.matrix.T)
    np.testing.assert_allclose(np.diag(found.matrix), 1)
    again = layer_likeness(model.network, images)
    np.testing.assert_array_equal(found.matrix, again.matrix)


def test_prompts_change_the_likeness_and_a_bare_tower_has_none(make_tiny):
    images = torch.randn(3, 3, 32, 32)
    first, second = make_tiny(), make_tiny()
    with torch.no_grad():
        second.network.encoder.deep_prompt_embeddings += 3
    bare = [layer_likeness(without_prompts(m.network), images).matrix for m in (first, second)]
    np.testing.assert_array_equal(*bare)
    prompted = [layer_likeness(m.network, images).matrix for m in (first, second)]
    assert abs(prompted[0] - prompted[1]).max() > 1e-4


def test_means_leave_the_diagonal_out():
    matrix = np.array([[1, 0.2, 0.4], [0.2, 1, 0.6], [0.4, 0.6, 1.0]])
    assert means(matrix, (0, 1)) == pytest.approx(
        {"all_pairs": 0.4, "neighbours": 0.4, "middle_and_last": 0.5}
    )
    assert "middle_and_last" not in means(matrix, ())
