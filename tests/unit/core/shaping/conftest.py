"""An image of coloured boxes, and patches that are as unlike as the colours are."""

import numpy as np
import pytest

from cascadeclip.core.shaping.sight import look

HEIGHT, WIDTH, PATCH = 96, 128, 8


def painted():
    """A red box on the left, a blue one on the right, a green one below, on grey."""
    image = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    image[16:56, 16:48] = (220, 30, 30)
    image[16:56, 72:112] = (30, 30, 220)
    image[72:88, 24:104] = (30, 200, 30)
    rng = np.random.default_rng(0)
    noise = rng.integers(-6, 7, image.shape)
    return np.clip(image.astype(int) + noise, 0, 255).astype(np.uint8)


def patches_of(image):
    rows, columns = image.shape[0] // PATCH, image.shape[1] // PATCH
    means = image.reshape(rows, PATCH, columns, PATCH, 3).mean(axis=(1, 3)) - 60.0
    unit = means / np.linalg.norm(means, axis=2, keepdims=True)
    return np.stack([unit.transpose(2, 0, 1)] * 2).astype(np.float32)


@pytest.fixture(scope="session")
def image():
    return painted()


@pytest.fixture(scope="session")
def sight(image):
    return look(patches_of(image), image)


@pytest.fixture(scope="session")
def boxes():
    """What is true of the picture."""
    truth = {name: np.zeros((HEIGHT, WIDTH), bool) for name in ("red", "blue", "green")}
    truth["red"][16:56, 16:48] = True
    truth["blue"][16:56, 72:112] = True
    truth["green"][72:88, 24:104] = True
    return truth


@pytest.fixture(scope="session")
def overlap():
    """Intersection over union of a part and a mask."""

    def overlap(part, mask):
        got = part.on((0, 0, *mask.shape))
        return (got & mask).sum() / (got | mask).sum()

    return overlap
