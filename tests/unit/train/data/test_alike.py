import cv2
import numpy as np

from cascadeclip.train.data.alike import fingerprint, group_alike


def scene(seed, side=96):
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 255, (9, 9, 3)).astype(np.uint8)
    return cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC)


def test_light_and_size_leave_the_fingerprint_nearly_alone():
    dark = (scene(0) * 0.7).astype(np.uint8)
    prints = {
        "a": fingerprint(scene(0)), "dark": fingerprint(dark), "large": fingerprint(scene(0, 200)),
        "other": fingerprint(scene(1)),
    }  # fmt: skip
    groups = group_alike(prints)
    assert groups["a"] == groups["dark"] == groups["large"] != groups["other"]


def test_groups_are_linked_through_a_third_image():
    bits = np.zeros((3, 32), dtype=np.uint8)
    bits[1, :2] = bits[2, :4] = 0xFF  # 16 bits each step, 32 from end to end
    prints = {str(place): row.tobytes().hex() for place, row in enumerate(bits)}
    assert len(set(group_alike(prints).values())) == 1
    del prints["1"]
    assert len(set(group_alike(prints).values())) == 2
    assert group_alike({}) == {}
