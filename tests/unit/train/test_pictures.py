import numpy as np

from cascadeclip.core.values import Word
from cascadeclip.train.pictures import FILL, GAP, HIGH, side_by_side

WORDS = (Word("cat", ("cat",), "#ff0000"), Word("dog", ("dog",), "#00ff00"))


def test_panels_stand_side_by_side_with_the_colours_of_their_words():
    image = np.full((100, 50, 3), 100, dtype=np.uint8)
    first, second = np.full((100, 50), -1), np.zeros((100, 50), dtype=int)
    second[50:] = 1
    picture = side_by_side(image, (first, second), WORDS)
    assert picture.shape == (HIGH, 100 + GAP + 100, 3)
    assert (picture[:, :100] == 100).all()
    red, green = round(100 * (1 - FILL) + 255 * FILL), round(100 * (1 - FILL))
    assert picture[10, 150].tolist() == [red, green, green]
    assert picture[190, 150].tolist() == [green, red, green]
