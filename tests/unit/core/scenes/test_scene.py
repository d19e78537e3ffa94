"""Scenes are exact: every pixel has its word, and the same seed draws the same pixels."""

from __future__ import annotations

import numpy as np

from cascadeclip.core.scenes import INDEX, WORDS, Art, SceneSettings, draw_scene
from cascadeclip.core.scenes.ground import draw_ground


def test_same_seed_same_pixels_other_seed_other_pixels(shapes: Art) -> None:
    first, again, other = (draw_scene(shapes, seed, size=64) for seed in (3, 3, 4))
    assert np.array_equal(first.image, again.image)
    assert np.array_equal(first.labels, again.labels)
    assert first.captions == again.captions
    assert not np.array_equal(first.image, other.image)


def test_every_pixel_belongs_to_a_word_and_objects_are_what_the_labels_say(shapes: Art) -> None:
    things = 0
    for seed in range(12):
        scene = draw_scene(shapes, seed, size=80)
        assert scene.image.shape == (80, 80, 3)
        assert scene.image.dtype == np.uint8
        assert scene.labels.min() >= 0
        assert scene.labels.max() < len(WORDS)
        covered = np.zeros((80, 80), bool)
        for thing in scene.objects:
            things += 1
            assert thing.mask.any()
            assert not (covered & thing.mask).any()
            assert (scene.labels[thing.mask] == INDEX[thing.word]).all()
            covered |= thing.mask
        rest = {WORDS[index].kind for index in np.unique(scene.labels[~covered])}
        assert rest <= {"stuff"}
    assert things >= 12


def test_only_the_given_words_stand_in_a_scene(shapes: Art) -> None:
    allowed = {"cat", "pizza", "grass", "sky"}
    seen = set()
    for seed in range(10):
        scene = draw_scene(shapes, seed, size=64, words=sorted(allowed))
        seen |= {WORDS[index].name for index in np.unique(scene.labels)}
    assert seen == allowed


def test_settings_say_how_many_and_how_large(shapes: Art) -> None:
    settings = SceneSettings(things=(2, 2), grounds=(1, 1), thing_size=(0.3, 0.3), rotation=0)
    counts = []
    for seed in range(10):
        scene = draw_scene(shapes, seed, size=100, settings=settings)
        counts.append(len(scene.objects))
        for thing in scene.objects:
            across = np.flatnonzero(thing.mask.any(0))
            assert across[-1] - across[0] + 1 <= 32
    assert max(counts) == 2


def test_captions_name_what_is_there(shapes: Art) -> None:
    spoken = 0
    for seed in range(20):
        scene = draw_scene(shapes, seed, size=48)
        for caption in scene.captions:
            for thing in scene.objects:
                phrases = WORDS[INDEX[thing.word]].phrases
                assert any(phrase in caption for phrase in phrases), caption
                spoken += 1
    assert spoken > 20


def test_every_ground_differs_from_every_other() -> None:
    means = {}
    for word in WORDS:
        if word.kind == "stuff":
            ground = draw_ground(word.name, np.random.default_rng(1), 64)
            assert ground.shape == (64, 64, 3)
            assert np.isfinite(ground).all()
            means[word.name] = ground.mean((0, 1))
    names = list(means)
    assert len(names) == 10
    for index, one in enumerate(names):
        for other in names[index + 1 :]:
            assert np.abs(means[one] - means[other]).max() > 8, (one, other)
