"""What scores are made to mean, and of which words they are left as they are."""

import numpy as np
import pytest

from cascadeclip.core.regions import ScoreMaps
from cascadeclip.train.material import gather
from cascadeclip.train.measuring import Examiner


class Says:
    """Answer with the truth: one word plainly, the other a little too low for the threshold."""

    def __init__(self, images):
        self.images = {image.digest: image for image in images}

    def encode(self, image, digest):
        return self.images[digest]

    def scores(self, image, words):
        labels = image.truth().sampled(20, 20).labels
        sure = np.where(labels == 0, 0.9, 0.1)
        timid = np.where(labels == 1, 0.4, 0.1)
        maps = np.stack([sure, timid]).astype(np.float32)
        return ScoreMaps(tuple(words), maps, image.height, image.width)


@pytest.mark.parametrize(("sparing", "moved"), [(False, {0, 1}), (True, {1})])
def test_sparing_moves_only_the_words_that_need_it(fill_project, sparing, moved):
    material = gather(fill_project(8), lambda event: None)
    examiner = Examiner(material, "cpu", lambda: False)
    images = (*material.fit, *material.choose)
    fitted = examiner.fitted(Says(images), images, (), sparing=sparing)
    names = [word.name for word in material.corrections.words]
    assert {names.index(name) for name, _, _ in fitted.adjusted} == moved
    assert fitted.miou > 0.6
