"""Run lengths, bit for bit."""

import numpy as np
import pytest
from pycocotools import mask as coco

from cascadeclip.core import masks
from cascadeclip.core.errors import MaskInvalid
from cascadeclip.core.values import Rle


def shapes():
    rng = np.random.default_rng(5)
    empty = np.zeros((7, 5), bool)
    yield "empty", empty
    yield "full", ~empty
    yield "one pixel", np.pad([[True]], ((3, 3), (2, 2)))
    yield "last pixel", np.pad([[True]], ((6, 0), (4, 0)))
    yield "first pixel", np.pad([[True]], ((0, 6), (0, 4)))
    yield "row", np.pad(np.ones((1, 5), bool), ((2, 4), (0, 0)))
    yield "column", np.pad(np.ones((7, 1), bool), ((0, 0), (1, 3)))
    yield "single row image", np.array([[True, False, True]])
    donut = np.zeros((40, 60), bool)
    donut[5:35, 10:50] = True
    donut[15:25, 20:40] = False
    yield "donut", donut
    for height, width in [(1, 1), (3, 200), (200, 3), (64, 48), (33, 97)]:
        yield f"noise {height}x{width}", rng.random((height, width)) < rng.random()


ALL = dict(shapes())


@pytest.mark.parametrize("mask", ALL.values(), ids=ALL)
def test_masks_come_back_bit_for_bit(mask):
    rle = masks.encode(mask)
    back = masks.decode(rle)
    assert back.dtype == np.bool_
    assert back.flags.c_contiguous
    assert np.array_equal(back, mask)
    assert (rle.height, rle.width) == mask.shape


@pytest.mark.parametrize("mask", ALL.values(), ids=ALL)
def test_area_and_box_are_those_of_the_pixels(mask):
    rle = masks.encode(mask)
    rows, columns = np.nonzero(mask)
    expected = (0, 0, 0, 0)
    if rows.size:
        expected = (
            columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1
        )  # fmt: skip
    assert masks.area(rle) == rows.size
    assert masks.bbox(rle) == expected
    assert all(type(value) is int for value in (masks.area(rle), *masks.bbox(rle)))


def test_views_of_other_memory_orders_are_taken():
    mask = ALL["donut"]
    assert masks.encode(np.asfortranarray(mask)) == masks.encode(mask)
    assert np.array_equal(masks.decode(masks.encode(mask[::-1, ::2])), mask[::-1, ::2])


def test_iou():
    a, b = np.zeros((2, 10, 10), bool)
    a[:6], b[4:] = True, True
    both = [masks.encode(mask) for mask in (a, b)]
    assert masks.iou(*both) == pytest.approx(20 / 100)
    assert masks.iou(both[0], both[0]) == 1.0
    empty = masks.encode(np.zeros((10, 10), bool))
    assert masks.iou(empty, empty) == 0.0
    with pytest.raises(MaskInvalid, match="different size"):
        masks.iou(empty, masks.encode(np.zeros((10, 9), bool)))


@pytest.mark.parametrize(
    "mask",
    [np.zeros((3, 3), np.uint8), np.zeros((3, 3, 1), bool), np.zeros((0, 3), bool), [[True]]],
    ids=["integers", "three axes", "no rows", "a list"],
)
def test_what_is_no_mask_is_refused(mask):
    with pytest.raises(MaskInvalid):
        masks.encode(mask)


@pytest.mark.parametrize(
    "rle",
    [
        Rle(3, 3, b""),
        Rle(3, 3, "09"),
        Rle(3, 3, b"8"),
        Rle(3, 3, b":"),
        Rle(3, 4, masks.encode(np.ones((3, 3), bool)).counts),
        Rle(3, 3, b"\xff"),
        Rle(3, 3, b"0\x00"),
        Rle(3, 3, b"0Y"),
        Rle(3, 3, b"Yo"),
        Rle(3, 3, b"ooooooooo0"),
        Rle(3, 3, b"L9"),
        Rle(0, 3, b"0"),
        Rle(-3, -3, b"9"),
        Rle(10**6, 10**6, b"0"),
    ],
    ids=str,
)
def test_damaged_runs_are_refused(rle):
    for use in (masks.decode, masks.area, masks.bbox, masks.check):
        with pytest.raises(MaskInvalid):
            use(rle)


def test_noise_never_passes_unless_it_fills_the_image():
    rng = np.random.default_rng(1)
    passed = refused = 0
    for _ in range(4000):
        text = bytes(rng.integers(40, 116, rng.integers(1, 9), np.uint8))
        try:
            mask = masks.decode(Rle(4, 4, text))
        except MaskInvalid:
            refused += 1
        else:
            passed += 1
            assert masks.area(masks.encode(mask)) == masks.area(Rle(4, 4, text))
    assert refused > 3000
    assert passed > 0


def test_foreign_runs_of_length_zero_count_for_nothing():
    rle = coco.frPyObjects({"size": [4, 4], "counts": [2, 0, 3, 4, 0, 1, 6]}, 4, 4)
    ours = Rle(4, 4, rle["counts"])
    mask = masks.decode(ours)
    rows, columns = np.nonzero(mask)
    assert masks.area(ours) == mask.sum() == 5
    box = (columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1)
    assert masks.bbox(ours) == box


def test_a_part_packs_like_the_whole() -> None:
    chance = np.random.default_rng(11)
    turns = range(300)
    for _turn in turns:
        height, width = chance.integers(1, 12, 2)
        top, left = chance.integers(0, height), chance.integers(0, width)
        size = chance.integers(1, height - top + 1), chance.integers(1, width - left + 1)
        part = chance.random(size) < chance.choice([0.0, 0.3, 0.8, 1.0])
        whole = np.zeros((height, width), bool)
        whole[top : top + size[0], left : left + size[1]] = part
        place = {"top": int(top), "left": int(left), "height": int(height), "width": int(width)}
        assert masks.encode_part(part, **place) == masks.encode(whole)
    assert _turn == turns[-1]


def test_a_part_beyond_the_whole_is_refused() -> None:
    with pytest.raises(MaskInvalid, match="inside"):
        masks.encode_part(np.ones((2, 2), bool), top=3, left=0, height=4, width=4)


@pytest.mark.parametrize("mask", ALL.values(), ids=ALL)
def test_plain_runs_pack_as_the_mask_does(mask):
    down = mask.T.ravel()
    places = np.flatnonzero(np.diff(down, prepend=False)).tolist()
    runs = np.diff([0, *places, down.size]).tolist()
    spread = [part for run in runs for part in (run, 0, 0)]
    size = {"height": mask.shape[0], "width": mask.shape[1]}
    assert masks.from_runs(runs, **size) == masks.encode(mask)
    assert masks.from_runs(spread[:-2], **size) == masks.encode(mask)


@pytest.mark.parametrize(
    "runs", [[], [8], [10], [-1, 10], [4.5, 4.5], [True, 8], [2**70], ["9"], [9, 1]], ids=str
)
def test_runs_that_cannot_be_are_refused(runs):
    with pytest.raises(MaskInvalid):
        masks.from_runs(runs, height=3, width=3)


def test_one_mask_has_one_spelling():
    rle = coco.frPyObjects({"size": [4, 4], "counts": [2, 0, 3, 4, 0, 1, 6]}, 4, 4)
    ours = masks.canonical(Rle(4, 4, rle["counts"]))
    assert ours == masks.encode(masks.decode(Rle(4, 4, rle["counts"])))
    assert masks.canonical(ours) is ours


def test_a_number_is_written_without_needless_characters():
    """A longer spelling of a number is read, and is the same mask."""
    rng = np.random.default_rng(6)
    for _ in range(100):
        mask = rng.random(rng.integers(1, 60, 2)) < rng.choice([0.001, 0.3, 0.9, 1.0])
        rle = masks.encode(mask)
        assert masks.canonical(rle) is rle
        ends = [at for at, one in enumerate(rle.counts) if not (one - 48) & 0x20]
        at = rng.choice(ends)
        last = rle.counts[at] - 48
        more = bytes([48 + (last | 0x20), 48 + (0x1F if last & 0x10 else 0)])
        longer = Rle(*mask.shape, rle.counts[:at] + more + rle.counts[at + 1 :])
        assert np.array_equal(masks.decode(longer), mask)
        assert masks.canonical(longer) == rle


def test_the_box_alone_can_be_unpacked():
    rng = np.random.default_rng(5)
    for _ in range(200):
        mask = rng.random(rng.integers(1, 12, 2)) < rng.choice([0.05, 0.3, 0.9])
        top, left, part = masks.decode_box(masks.encode(mask))
        whole = np.zeros_like(mask)
        whole[top : top + part.shape[0], left : left + part.shape[1]] = part
        assert np.array_equal(whole, mask)
        x, y, width, height = masks.bbox(masks.encode(mask))
        assert (left, top, part.shape) == (x, y, (height, width))


def test_runs_that_are_remembered_are_not_changed():
    rle = masks.encode(np.eye(5, dtype=bool))
    first = masks.decode(rle)
    assert masks.area(rle) == 5
    assert np.array_equal(masks.decode(rle), first)
    with pytest.raises(ValueError, match="read-only"):
        masks._runs(rle)[0] = 3


def test_equal_masks_overlap_wholly_and_empty_ones_not():
    rle = masks.encode(np.eye(4, dtype=bool))
    assert masks.iou(rle, rle) == 1.0
    empty = masks.encode(np.zeros((4, 4), bool))
    assert masks.iou(empty, empty) == 0.0


def test_a_union_holds_the_pixels_of_all():
    rng = np.random.default_rng(1)
    some = [rng.random((13, 7)) < 0.2 for _ in range(4)]
    joined = masks.union([masks.encode(one) for one in some])
    np.testing.assert_array_equal(masks.decode(joined), np.any(some, axis=0))
    assert masks.union([masks.encode(some[0])]) == masks.encode(some[0])
    with pytest.raises(MaskInvalid, match="different size"):
        masks.union([masks.encode(some[0]), masks.encode(np.ones((7, 13), bool))])
