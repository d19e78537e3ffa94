import numpy as np

from cascadeclip.train.analysis import plots


def brightness(colour):
    return float(np.dot(np.asarray(colour, float), (0.299, 0.587, 0.114)))


def test_colours_grow_lighter_and_stay_in_range():
    ramp = plots.colours(np.linspace(-2, 3, 60), 0, 1)
    assert ramp.shape == (60, 3)
    light = [brightness(one) for one in ramp]
    assert light == sorted(light)
    assert light[0] < 40
    assert light[-1] > 200
    np.testing.assert_array_equal(plots.colours(np.array([5.0]), 5, 5), ramp[:1])


def test_a_table_grows_from_the_lower_left_corner():
    table = np.zeros((3, 3))
    table[0, 2] = 1  # first row, last column: bottom right
    picture = plots.matrices("t", "n", {"before": np.zeros((3, 3)), "after": table}, axis="layer")
    lightest = plots.colours(np.array(1.0), 0, 1)
    rows, columns = np.nonzero((picture == lightest).all(axis=-1))
    inside = columns < columns.max() - 20  # the scale of colours holds that colour too
    cell = 30
    assert inside.sum() == cell * cell
    left = picture.shape[1] // 2
    assert columns[inside].min() > left
    dark = (picture == plots.colours(np.array(0.0), 0, 1)).all(axis=-1)
    assert rows[inside].max() == np.nonzero(dark[:, : left // 2].any(axis=1))[0].max()


def test_panels_fit_into_rows():
    shown = [plots.Panel(f"p{k}", "", np.full((40, 20, 3), 9 * k, np.uint8)) for k in range(5)]
    picture = plots.panels("t", "n", shown, columns=2, side=80)
    for k in range(1, 5):
        assert (picture == 9 * k).all(axis=-1).sum() >= 80 * 40
    assert picture.shape[0] > 3 * 80


def test_bars_are_as_long_as_their_numbers():
    rows = {"a": {"x": 1.0, "y": 3.0}, "b": {"x": 2.0}}
    picture = plots.bars("t", "n", rows, unit="G")
    first = np.array([int(plots.BARS[0][k : k + 2], 16) for k in (1, 3, 5)])
    lengths = (picture == first).all(axis=-1).sum(axis=1)
    assert abs(2 * int(lengths[84 + 15]) - int(lengths[84 + 46 + 15])) <= 2
