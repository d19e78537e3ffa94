import random

from cascadeclip.core.engine.cache import ByteCache


def test_never_holds_more_than_its_limit():
    cache = ByteCache(100)
    chance = random.Random(1)
    sizes = {}
    for step in range(500):
        key, size = chance.randrange(30), chance.randrange(1, 120)
        sizes[key] = size
        cache.put(key, step, size=size)
        held = [one for one in sizes if cache.get(one) is not None]
        assert cache.bytes == sum(sizes[one] for one in held) <= 100
        assert len(cache) == len(held)
    assert step == 499


def test_drops_what_was_used_longest_ago():
    cache = ByteCache(3)
    for key in "abc":
        cache.put(key, key.upper(), size=1)
    assert cache.get("a") == "A"
    cache.put("d", "D", size=1)
    assert [cache.get(key) for key in "abcd"] == ["A", None, "C", "D"]


def test_a_value_too_large_does_not_push_out_the_others():
    cache = ByteCache(3)
    cache.put("a", 1, size=2)
    cache.put("big", 2, size=4)
    assert (cache.get("a"), cache.get("big")) == (1, None)


def test_replacing_counts_the_new_size_only():
    cache = ByteCache(10)
    cache.put("a", 1, size=8)
    cache.put("a", 2, size=3)
    assert (cache.get("a"), cache.bytes) == (2, 3)


def test_clear_forgets_everything():
    cache = ByteCache(10)
    cache.put("a", 1, size=8)
    cache.clear()
    assert (cache.get("a"), cache.bytes, len(cache)) == (None, 0, 0)
