"""The window's own tools in a simulated hand: a flat picture whose colours tell things apart."""

import cv2
import numpy as np
import pytest

from cascadeclip.core import masks
from cascadeclip.core.shaping.sight import look
from cascadeclip.core.values import Suggestion
from cascadeclip.train.simulate.annotator import annotate, ious
from cascadeclip.train.simulate.boxing import Boxer
from cascadeclip.train.simulate.eyes import Eyes
from cascadeclip.train.simulate.hand import Hand
from cascadeclip.train.simulate.mending import SECONDS, largest_errors
from cascadeclip.train.simulate.pointing import Pointer
from cascadeclip.train.simulate.progress import Progress

SIDE = 96
SHADES = np.array([(120, 120, 120), (220, 30, 30), (30, 30, 220)], dtype=np.uint8)


@pytest.fixture
def truth():
    """Return grey ground (0) with a red disc (1) and a blue square (2) on it."""
    labels = np.zeros((SIDE, SIDE), dtype=np.int16)
    rows, columns = np.ogrid[:SIDE, :SIDE]
    labels[(rows - 30) ** 2 + (columns - 28) ** 2 <= 18**2] = 1
    labels[50:86, 52:88] = 2
    return labels


@pytest.fixture
def eyes(truth):
    image = np.clip(
        SHADES[truth] + np.random.default_rng(0).integers(-6, 7, (SIDE, SIDE, 3)), 0, 255
    ).astype(np.uint8)
    small = cv2.resize(image, (12, 12), interpolation=cv2.INTER_AREA).astype(np.float32) - 60
    patches = small / np.linalg.norm(small, axis=2, keepdims=True)
    return Eyes(look(patches.transpose(2, 0, 1)[None], image), {})


def suggested(mask, word):
    return Suggestion(word, masks.encode(mask), 0.9, 0.5)


def test_things_are_boxed_and_what_is_in_the_box_is_found_by_the_tool(truth, eyes):
    ground = [suggested(truth == 0, 0)]
    work = annotate(truth, ground, [0, 1, 2], eyes=eyes)
    assert work.counts == {"look": 1, "accept": 1, "word": 2, "box": 2}
    assert work.seconds == 2 * 1.5 + 2 * (SECONDS["word"] + SECONDS["box"])
    assert min(ious(truth, work.labels).values()) >= 0.9


def test_bare_hands_and_those_that_see_nothing_draw(truth, eyes):
    ground = [suggested(truth == 0, 0)]
    bare = annotate(truth, ground, [0, 1, 2], eyes=eyes, hand=Hand(bare=True))
    assert set(bare.counts) == {"look", "accept", "word", "vertex"}
    assert "box" not in annotate(truth, ground, [0, 1, 2]).counts


def test_a_hand_without_boxes_points_at_things(truth, eyes):
    ground = [suggested(truth == 0, 0)]
    work = annotate(truth, ground, [0, 1, 2], eyes=eyes, hand=Hand(boxes=False))
    assert "box" not in work.counts
    assert work.counts["point"] >= 2
    assert min(ious(truth, work.labels).values()) >= 0.9


def test_a_mask_that_spills_far_is_selected_and_taken_away_from_by_a_click(truth, eyes):
    alone = np.where(truth == 2, 2, -1).astype(np.int16)
    work = annotate(alone, [suggested(truth > 0, 2)], [2], eyes=eyes)
    assert work.counts == {"look": 1, "accept": 1, "select": 1, "point": 1}
    assert ious(alone, work.labels)[2] >= 0.9


def test_a_click_goes_on_with_the_draft_of_its_thing_and_begins_one_elsewhere(truth, eyes):
    said = np.where((truth == 2) & (np.arange(SIDE) > 64), -1, truth).astype(np.int16)
    said[said == 1] = -1
    state = Progress.of(truth, said, 0.9)
    disc, square = sorted(largest_errors(state)[:2], key=lambda one: one.true)
    pointer = Pointer(eyes)
    draft = pointer.aim(state, square)
    assert np.array_equal(draft.mask, said == 2)
    pointer.draft, after = pointer.click(state, draft, (80.5, 68.5), positive=True)
    assert after.ious()[2] >= 0.9
    assert pointer.aim(after, square) is pointer.draft
    other = pointer.aim(after, disc)
    assert not other.clicks
    assert not other.mask.any()


def test_a_negative_click_takes_away_and_needs_a_mask_to_take_from(truth, eyes):
    alone = np.where(truth == 2, 2, -1).astype(np.int16)
    spilt = (truth == 2) | (truth == 1)
    state = Progress.of(alone, np.where(spilt, 2, -1).astype(np.int16), 0.9)
    (error,) = largest_errors(state)
    pointer = Pointer(eyes)
    draft = pointer.aim(state, error)
    assert (draft.mask & (truth == 1)).any()
    empty = pointer.aim(Progress.of(alone, np.zeros_like(alone), 0.9), error)
    with pytest.raises(ValueError, match="nothing to take away"):
        pointer.click(state, empty, (5, 5), positive=False)
    _, after = pointer.click(state, draft, (28.5, 30.5), positive=False)
    assert not (after.labels[truth == 1] == 2).any()
    assert pointer.learn(state, error, after)


def test_what_made_things_worse_is_taken_back_and_the_thing_then_drawn(truth, eyes):
    rows, columns = np.ogrid[:SIDE, :SIDE]
    band = np.where(abs(rows - columns) <= 4, 1, -1).astype(np.int16)
    work = annotate(band, [], [1], eyes=Eyes(flat(eyes), {}))
    assert work.counts["box"] == 1
    assert work.counts["point"] <= 2
    assert work.counts["undo"] >= 2
    assert work.counts.get("stroke", 0) + work.counts.get("vertex", 0) >= 1
    assert ious(band, work.labels)[1] >= 0.9


def flat(eyes):
    """Return what is seen of an image that shows nothing."""
    sight = eyes.sight
    grey = np.full_like(sight.work, 120)
    return look(np.ones_like(sight.patches), grey)


def test_a_box_is_tried_once_and_not_around_what_is_marked(truth, eyes):
    said = np.where(truth == 1, -1, truth).astype(np.int16)
    state = Progress.of(truth, said, 0.9)
    (error,) = largest_errors(state)
    boxer = Boxer(eyes)
    thing = boxer.thing(state, error)
    assert np.array_equal(thing, truth == 1)
    after = boxer.draw(state, error, (10, 12, 47, 49))
    assert not after.unfinished()
    assert boxer.thing(state, error) is None
    half = np.where((truth == 1) & (np.arange(SIDE) < 20), -1, truth).astype(np.int16)
    marked = Progress.of(truth, half, 0.9)
    assert Boxer(eyes).thing(marked, largest_errors(marked)[0]) is None
