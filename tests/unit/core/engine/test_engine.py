import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from time import sleep

import numpy as np
import pytest
import torch

from cascadeclip.core import masks
from cascadeclip.core.engine import Engine, EngineSettings
from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.images import Window
from cascadeclip.core.model.checkpoint import LoadedModel
from cascadeclip.core.model.config import ModelInfo, NetworkConfig
from cascadeclip.core.model.network import CascadeCLIP
from cascadeclip.core.regions import suggest
from cascadeclip.core.values import Word


def halves(height=64, width=64):
    """Left half red, right half blue."""
    image = np.zeros((height, width, 3), np.uint8)
    image[:, : width // 2, 0] = 255
    image[:, width // 2 :, 2] = 255
    return image


def test_the_tower_runs_once_and_each_phrase_once(engine, words):
    image = halves()
    engine.scores(engine.encode(image, "a"), words("red", "blue"))
    assert (engine.encodes, engine.decodes) == (1, 2)
    encoded = engine.encode(image, "a")
    engine.scores(encoded, words("red", "blue", "green"))
    assert (engine.encodes, engine.decodes) == (1, 3)
    assert engine.network.windows == 1
    assert engine.network.phrases == 3
    assert engine.network.prepared == 1
    engine.encode(image, "b")
    assert engine.encodes == 2


def test_what_is_no_new_phrase_decodes_nothing(engine, words):
    encoded = engine.encode(halves(), "a")
    first = engine.scores(encoded, words("red", "blue", "green"))
    changed = [
        words("green", "red"),
        [replace(word, colour="#ffffff", negative=True) for word in words("red", "blue")],
        [Word("colour", ("red", "green", "blue"), "#000000")],
        [Word("Red ", (" RED", "red"), "#000000")],
        [],
    ]
    for some in changed:
        engine.scores(encoded, some)
        assert engine.decodes == 3
    reordered = engine.scores(encoded, changed[0]).probabilities
    np.testing.assert_array_equal(reordered, first.probabilities[[2, 0]])


def test_maps_say_where_the_words_are(engine, words):
    maps = engine.scores(engine.encode(halves(96, 192), "a"), words("red", "blue"))
    assert (maps.height, maps.width) == (96, 192)
    assert maps.probabilities.shape == (2, 32, 64)
    assert maps.probabilities.dtype == np.float32
    red, blue = maps.probabilities
    assert (red[:, :30] > 0.9).all()
    assert (red[:, 34:] < 0.1).all()
    np.testing.assert_allclose(blue, red[:, ::-1], atol=1e-5)


def test_every_window_of_a_wide_image_runs_once(engine, words):
    encoded = engine.encode(halves(64, 64 + 48 * 2), "a")
    assert engine.encodes == len(encoded.features) == 3
    engine.scores(encoded, words("red"))
    assert engine.decodes == 1


def test_a_word_takes_the_best_of_its_phrases(engine, words):
    image = np.full((64, 64, 3), (180, 0, 0), np.uint8)
    encoded = engine.encode(image, "a")
    single = engine.scores(encoded, words("red", "crimson")).probabilities
    both = engine.scores(encoded, [Word("red", ("red", "crimson"), "#000000")]).probabilities
    np.testing.assert_array_equal(both[0], single.max(axis=0))
    assert single[1].min() > single[0].max()


def test_trained_words_pay_the_calibration(make_engine, words):
    info = {"trained_words": ("Red", "crimson"), "calibration": 0.1}
    plain, calibrated = make_engine(), make_engine(info=info)
    some = [*words("red", "blue"), Word("dark", ("black", "CRIMSON"), "#000000")]
    assert [calibrated.trained(word) for word in some] == [True, False, True]
    assert (calibrated.trained("  rEd"), calibrated.trained("green")) == (True, False)
    before, after = (
        one.scores(one.encode(halves(), "a"), some).probabilities for one in (plain, calibrated)
    )
    np.testing.assert_allclose((before - after).mean(axis=(1, 2)), [0.1, 0, 0.1], atol=1e-6)


def test_caches_stay_within_their_bytes(make_engine, words):
    limit = 9000
    engine = make_engine(cache_bytes=limit)
    for turn in range(20):
        encoded = engine.encode(halves(), str(turn))
        engine.scores(encoded, words("red", "green", "blue"))
        assert 0 < engine.cached_bytes <= limit
    assert engine.encodes == 20
    engine.encode(halves(), "19")
    assert engine.encodes == 20
    engine.encode(halves(), "0")
    assert engine.encodes == 21
    engine.clear()
    assert engine.cached_bytes == 0


def test_without_room_everything_still_answers(make_engine, words):
    engine, roomy = make_engine(cache_bytes=0), make_engine()
    poor, rich = (
        one.scores(one.encode(halves(), "a"), words("red", "blue")) for one in (engine, roomy)
    )
    np.testing.assert_array_equal(poor.probabilities, rich.probabilities)


def test_a_person_sees_the_part_in_sight_first(make_engine, words):
    engine = make_engine(settings=EngineSettings(batch=1))
    image = halves(64, 400)
    seen = []

    def arrived(encoded):
        maps = engine.scores(encoded, words("blue"))
        seen.append((len(encoded.features), (maps.probabilities[0] > 0.5).any(axis=0)))

    whole = engine.encode(image, "a", first=Window(0, 330, 64, 60), arrived=arrived)
    assert [count for count, _ in seen] == list(range(1, len(whole.features)))
    assert seen[0][1][-1]  # the right end is blue, and it was there first
    assert engine.encodes == len(whole.features)
    # each window once per word, though it was asked for again and again
    assert engine.network.phrases == engine.encodes - 1
    again = []
    engine.encode(image, "a", arrived=again.append)
    assert again == []


def test_large_images_do_without_what_would_not_stay(make_engine, words):
    roomy, poor = make_engine(), make_engine(cache_bytes=20_000)
    image = halves(64, 600)
    expected, got = (
        one.scores(one.encode(image, "a"), words("red")).probabilities for one in (roomy, poor)
    )
    assert roomy.network.prepared == roomy.encodes
    assert poor.network.prepared == 0
    np.testing.assert_array_equal(got, expected)


def test_threads_share_the_work(engine, words, monkeypatch):
    quick = engine.network.encode
    monkeypatch.setattr(engine.network, "encode", lambda batch: sleep(0.01) or quick(batch))

    def look(_turn):
        return engine.scores(engine.encode(halves(64, 160), "a"), words("red", "blue"))

    with ThreadPoolExecutor(8) as pool:
        maps = list(pool.map(look, range(32)))
    assert (engine.encodes, engine.decodes) == (3, 2)
    for one in maps:
        np.testing.assert_array_equal(one.probabilities, maps[0].probabilities)


def test_scale_cuts_a_finer_image(make_engine, words):
    image = halves()
    fine = make_engine(settings=EngineSettings(scale=2.0))
    maps = fine.scores(fine.encode(image, "a"), words("red"))
    assert fine.encodes == 9
    assert maps.probabilities.shape == (1, 64, 64)
    both = make_engine(settings=EngineSettings(scale=2.0, more_scales=(1.0,), batch=3))
    joined = both.scores(both.encode(image, "a"), words("red"))
    assert both.encodes == 10
    assert joined.probabilities.shape == (1, 64, 64)
    assert ((joined.probabilities > 0.5) == (maps.probabilities > 0.5)).mean() > 0.95


@pytest.mark.parametrize("wrong", [{"scale": 0.5}, {"more_scales": (0.9,)}, {"batch": 0}])
def test_settings_refuse_what_cannot_be(wrong):
    with pytest.raises(ValueError, match="start at 1"):
        EngineSettings(**wrong)


def test_a_model_without_text_says_so(make_engine, words):
    engine = make_engine(text=False)
    with pytest.raises(CheckpointError, match="text tower"):
        engine.scores(engine.encode(halves(), "a"), words("red"))


class Dice:
    """Give every phrase its own unit vector."""

    def encode(self, phrases, templates):
        rows = [torch.randn(16, generator=torch.Generator().manual_seed(ord(p))) for p in phrases]
        return torch.nn.functional.normalize(torch.stack(rows), dim=-1)


@pytest.fixture
def real():
    torch.manual_seed(3)
    config = NetworkConfig(
        patch=8, width=16, layers=3, heads=2, embed=16, grid=4, prompts=2,
        stages=((0,), (1,), (2,)), decoder_heads=2, decoder_ff=32,
    )  # fmt: skip
    info = ModelInfo(name="tiny", version="1", window=32, stride=24)
    return LoadedModel(CascadeCLIP(config), Dice(), info)


def test_words_decoded_one_by_one_or_together_give_the_same(real, words):
    image = np.random.default_rng(5).integers(0, 255, (40, 70, 3), np.uint8)
    together, apart = Engine(real, device="cpu"), Engine(real, device="cpu")
    expected = together.scores(together.encode(image, "a"), words(*"abcde"))
    encoded = apart.encode(image, "a")
    for count in range(1, 6):
        got = apart.scores(encoded, words(*"abcde"[:count]))
    assert apart.decodes == together.decodes == 5
    assert apart.encodes == together.encodes == len(encoded.features)
    np.testing.assert_allclose(got.probabilities, expected.probabilities, atol=1e-6)


def test_one_square_window_is_the_network_itself(real, words):
    image = np.random.default_rng(5).integers(0, 255, (32, 32, 3), np.uint8)
    engine = Engine(real, device="cpu", settings=EngineSettings(detail=8))
    maps = engine.scores(engine.encode(image, "a"), words("a", "b"))
    info = real.info
    pixels = (torch.from_numpy(image).float() - torch.tensor(info.mean)) / torch.tensor(info.std)
    with torch.inference_mode():
        masks = real.network(pixels.permute(2, 0, 1)[None], Dice().encode(["a", "b"], ()))
    np.testing.assert_allclose(maps.probabilities, masks[0].sigmoid().numpy(), atol=1e-5)


def test_every_cached_byte_is_counted(real, words):
    engine = Engine(real, device="cpu")
    engine.scores(engine.encode(np.zeros((32, 32, 3), np.uint8), "a"), words("a", "b"))
    patches, embed, stages = 16, 16, 3
    features = 4 * (stages * patches * embed + embed)
    keys_and_values = 4 * stages * (real.network.config.decoder_layers - 1) * 2 * patches * embed
    logits = 4 * 2 * patches
    projected = 4 * 2 * embed * (1 + stages)
    maps = 4 * 2 * 16 * 16
    read_off = 4 * stages * patches * (embed + 1)
    known = features + keys_and_values + read_off
    assert engine.cached_bytes == features + known + projected + logits + maps


def test_the_package_loads_without_torch():
    code = (
        "import sys, cascadeclip.core.engine, cascadeclip.core.engine.prelabel, "
        "cascadeclip.core.regions; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


SHARES = {"readout": "softmax", "background": ("black", " White"), "none": 0.3}


def test_shares_add_up_over_words_and_background(make_engine, words):
    engine = make_engine(info=SHARES)
    encoded = engine.encode(halves(96, 192), "a")
    maps = engine.scores(encoded, words("red", "blue"))
    rest = make_engine(info=SHARES | {"background": (), "none": 0.0})
    all_words = rest.scores(
        rest.encode(halves(96, 192), "a"), words("red", "blue", "black", "white")
    )
    np.testing.assert_allclose(all_words.probabilities.sum(axis=0), 1, atol=1e-5)
    np.testing.assert_allclose(maps.probabilities, all_words.probabilities[:2], atol=1e-6)
    expected = np.maximum(all_words.probabilities[2:].max(axis=0), 0.3)
    np.testing.assert_allclose(maps.nobody, expected, atol=1e-6)
    assert all_words.nobody is None


def test_with_shares_too_a_word_costs_its_own_phrase_alone(make_engine, words):
    engine = make_engine(info=SHARES)
    encoded = engine.encode(halves(), "a")
    engine.scores(encoded, words("red"))
    assert engine.decodes == 3
    engine.scores(encoded, words("red", "blue"))
    assert engine.decodes == 4
    before = engine.scores(encoded, words("red", "blue")).probabilities
    after = engine.scores(encoded, words("red", "blue", "crimson")).probabilities
    assert engine.decodes == 5
    assert (after[0] < before[0]).all()
    engine.scores(encoded, [])
    assert (engine.encodes, engine.decodes) == (1, 5)


def test_a_word_of_the_background_that_is_asked_for_is_a_word(make_engine, words):
    engine = make_engine(info=SHARES | {"none": 0.0, "background": ("black",)})
    maps = engine.scores(engine.encode(halves(), "a"), words("red", "Black"))
    assert maps.nobody is None
    np.testing.assert_allclose(maps.probabilities.sum(axis=0), 1, atol=1e-6)


def test_background_is_never_suggested_and_its_pixels_are_nobodys(make_engine, words):
    image = np.zeros((64, 64, 3), np.uint8)
    image[:, 32:, 0] = 255
    plain, shared = make_engine(info=SHARES | {"background": ()}), make_engine(info=SHARES)
    found = []
    for engine in (plain, shared):
        maps = engine.scores(engine.encode(image, "a"), words("red"))
        found.append(suggest(maps, [7], threshold=0.01))
        assert {one.class_id for one in found[-1]} == {7}
    areas = [sum(masks.area(one.rle) for one in some) for some in found]
    assert areas[0] == 64 * 64
    assert 0.45 * 64 * 64 < areas[1] < 0.55 * 64 * 64


def test_a_least_share_leaves_pixels_to_nobody(make_engine, words):
    image = np.full((64, 64, 3), (128, 0, 128), np.uint8)  # as near to red as to blue
    sure, unsure = (
        make_engine(info=SHARES | {"none": 0.6}),
        make_engine(info=SHARES | {"none": 0.1}),
    )
    maps = [
        one.scores(one.encode(image, "a"), words("red", "blue", "green")) for one in (sure, unsure)
    ]
    assert suggest(maps[0], [1, 2, 3], threshold=0.01) == ()
    assert suggest(maps[1], [1, 2, 3], threshold=0.01) != ()


def test_the_short_side_is_the_models(make_engine):
    engine = make_engine(info={"short": 96, "window": 64, "stride": 32})
    encoded = engine.encode(halves(48, 48), "a")
    assert (encoded.places[0].height, len(encoded.places)) == (96, 4)


def test_what_is_stopped_begins_no_more_windows(make_engine):
    wide = np.zeros((64, 640, 3), np.uint8)
    engine = make_engine(settings=EngineSettings(batch=2))
    asked = []
    some = engine.encode(wide, "wide", stopped=lambda: asked.append(1) or len(asked) > 2)
    assert (engine.encodes, len(some.places), some.whole) == (2, 2, False)
    assert engine.network.prepared == 0
    whole = engine.encode(wide, "wide")
    assert engine.encodes == len(whole.places) == 13
    assert whole.whole
    # what was there already is not encoded again, and needs nobody's leave
    assert engine.encode(wide, "wide", stopped=lambda: True).whole
    assert engine.encodes == 13


def test_words_are_read_while_an_image_goes_through_the_tower(make_engine):
    engine = make_engine(settings=EngineSettings(batch=2))
    begun, on = Event(), Event()

    def held():
        begun.set()
        on.wait(20)
        return False

    with ThreadPoolExecutor(2) as pool:
        wide = np.zeros((64, 640, 3), np.uint8)
        image = pool.submit(engine.encode, wide, "wide", stopped=held)
        assert begun.wait(20)
        try:
            assert len(pool.submit(engine.embed, ["red", "blue"]).result(timeout=10)) == 2
            assert not image.done()
        finally:
            on.set()
        assert image.result().whole
