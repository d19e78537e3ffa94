import pytest

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.data.split import held_out_size, split_images, validation_part


def names(count, first=0):
    return [f"{number:064x}" for number in range(first, first + count)]


@pytest.mark.parametrize("count", range(5, 60))
def test_enough_images_are_held_out_and_none_stands_on_both_sides(count):
    split = split_images(names(count))
    assert len(split.held_out) >= 0.2 * count
    assert len(split.held_out) >= (4 if count >= 10 else 2)
    assert not set(split.train) & set(split.held_out)
    assert len(split.train) + len(split.held_out) == count
    assert len(split.train) > len(split.held_out)


def test_order_and_doubles_do_not_matter():
    some = names(9)
    assert split_images(some) == split_images([*reversed(some), *some])


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_few_images_are_refused_with_a_sentence(count):
    with pytest.raises(TrainingFailed, match="at least 5 different images"):
        split_images(names(count) * 2)


def test_a_frozen_split_keeps_every_image_on_its_side_when_images_are_added():
    split = split_images(names(6))
    for count in range(7, 60):
        frozen = {"train": split.train, "held_out": split.held_out}
        later = split_images(names(count), frozen)
        assert set(split.train) <= set(later.train)
        assert set(split.held_out) <= set(later.held_out)
        assert len(later.held_out) >= held_out_size(count)
        split = later
    assert len(split.train) + len(split.held_out) == 59


def test_frozen_images_that_are_gone_do_not_count():
    split = split_images(names(5), {"train": [], "held_out": names(5, first=100)})
    assert len(split.held_out) == 2


def test_only_images_trained_on_before_cannot_be_measured():
    with pytest.raises(TrainingFailed, match="trained on before"):
        split_images(names(6), {"train": names(6), "held_out": []})


def test_validation_is_part_of_the_train_side_and_fixed():
    fit, choose = validation_part(names(8))
    assert (len(fit), len(choose)) == (6, 2)
    assert set(fit) | set(choose) == set(names(8))
    assert validation_part(reversed(names(8))) == (fit, choose)
    with pytest.raises(TrainingFailed, match="one image"):
        validation_part(names(1))


@pytest.mark.parametrize("seed", range(6))
def test_images_of_one_group_never_stand_on_both_sides(seed):
    some = names(20, first=100 * seed)
    groups = {digest: place // 3 for place, digest in enumerate(some)}
    split = split_images(some, groups=groups)
    assert len(split.held_out) >= 4
    assert not {groups[one] for one in split.train} & {groups[one] for one in split.held_out}


def test_a_new_image_like_a_frozen_one_joins_its_side():
    old, new = names(10), names(2, first=50)
    split = split_images(old)
    frozen = {"train": split.train, "held_out": split.held_out}
    groups = {split.held_out[0]: 0, new[0]: 0, split.train[0]: 1, new[1]: 1}
    later = split_images([*old, *new], frozen, groups=groups)
    assert new[0] in later.held_out
    assert new[1] in later.train


def test_one_group_of_all_images_is_divided_image_by_image():
    split = split_images(names(10), groups=dict.fromkeys(names(10), 0))
    assert len(split.held_out) == 4


def test_complete_images_are_held_out_first():
    whole = names(10)[5:]
    assert set(split_images(names(10), whole=whole).held_out) <= set(whole)


def test_a_word_that_nothing_held_out_shows_gets_an_image_to_be_measured_on():
    names = [f"{number:03}" for number in range(24)]
    plain = split_images(names)
    rare = plain.train[:3]
    shown = {name: {0, 1} if name in rare else {0} for name in names}
    split = split_images(names, shown=shown)
    assert set(split.held_out) > set(plain.held_out)
    assert len(set(split.held_out) & set(rare)) == 1
    assert split_images(names, shown={name: {0} for name in names}) == plain


def test_the_only_image_of_a_word_is_learnt_from():
    names = [f"{number:03}" for number in range(24)]
    plain = split_images(names)
    shown = {name: {1} if name == plain.train[0] else {0} for name in names}
    assert split_images(names, shown=shown) == plain


def test_images_of_before_keep_their_side_and_at_most_a_third_is_held_out_for_words():
    names = [f"{number:03}" for number in range(24)]
    plain = split_images(names)
    frozen = {"train": plain.train, "held_out": plain.held_out}
    shown = {name: {1} if name in plain.train else {0} for name in names}
    assert split_images(names, frozen, shown=shown) == plain
    many = {name: {at // 2} for at, name in enumerate(names)}
    assert len(split_images(names, shown=many).held_out) == 8
