"""A board that writes down what it is told."""

import pytest

from cascadeclip.app.canvas.geometry import Placement


class Writing:
    """An image of 40 x 60 pixels at 200 %."""

    placement = Placement(2.0)
    brush_size = 6
    colour = "#ff0000"
    size_of_image = (40, 60)
    selected = None

    def __init__(self):
        self.shapes, self.given, self.picked = (), [], []

    def shape_at(self, x, y):
        return next((one for one in self.shapes if one.cutout.contains(int(x), int(y))), None)

    def pick(self, shape):
        self.picked.append(shape)

    def give(self, result):
        self.given.append(result)

    def show_stroke(self, mask, box, *, erase):
        pass

    def overlay_changed(self):
        pass


@pytest.fixture
def writing():
    return Writing()
