"""What core and the training process say reaches the window in the person's language."""

import ast
import re

import pytest

from cascadeclip.app.language import use_language
from cascadeclip.app.problems import sentence
from cascadeclip.app.sayings import PLACE, SAYINGS, said
from cascadeclip.core.errors import ImageUnreadable
from cascadeclip.core.images import open_image

SOURCES = ("core", "train", "app/training.py", "app/presenters", "resources/mini/model.json")
HOLE = "\0"


def bare(text):
    return PLACE.sub(HOLE, text)


def spoken(source):
    """Yield every text of a source, with a hole where a value stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(
                part.value if isinstance(part, ast.Constant) else HOLE for part in node.values
            )


@pytest.fixture(scope="module")
def texts(root):
    found = set()
    for place in SOURCES:
        path = root / place
        if path.suffix == ".json":
            found |= set(re.findall(r'"note": "(.*?)"', path.read_text("utf-8")))
        for file in [path] if path.suffix == ".py" else path.rglob("*.py"):
            found |= set(spoken(file.read_text("utf-8")))
    return found


@pytest.fixture
def german(qapp):
    use_language(qapp, "de")
    yield
    use_language(qapp, "en")


def test_every_saying_is_said_somewhere(texts):
    assert [text for text in SAYINGS if bare(text) not in texts] == []
    assert bare("Nobody says {this}.") not in texts


def test_none_stands_twice():
    assert len(set(SAYINGS)) == len(SAYINGS) > 70


def test_every_phase_of_training_is_known(root):
    phases = set()
    for file in (root / "train").glob("*.py"):
        phases |= set(re.findall(r'Phase\(f?"([^"]*)"\)', file.read_text("utf-8")))
    known = {bare(text) for text in SAYINGS}
    assert len(phases) > 10
    assert [one for one in phases if re.sub(r"\{.*?\}", HOLE, one) not in known] == []


def test_values_are_kept_and_what_stands_inside_is_said_too(german):
    assert said("loading the model") == "lädt das Modell"
    assert said("training on 24 views, going on from step 7") == (
        "lernt aus 24 Ansichten, weiter ab Schritt 7"
    )
    assert said("training on 24 views") == "lernt aus 24 Ansichten"
    assert said("learning the marked pixels of 9 images") == (
        "lernt die markierten Pixel von 9 Bildern"
    )
    told = "41.2 to 39.0 mIoU on held-out images"
    assert said(f'Better on the whole ({told}), but "tall (grass)" lost 4.0 points.') == (
        "Im Ganzen besser (41.2 auf 39.0 mIoU auf zurückgehaltenen Bildern), "
        "aber „tall (grass)“ verlor 4.0 Punkte."
    )


def test_what_found_nothing_to_do_says_so_in_the_language(german):
    begins = ("There is nothing to cal", "Prototypes of the", "A classifier of the")
    told = [said(text) for text in SAYINGS if text.startswith(begins)]
    assert len(told) == len(begins)
    assert all(one.endswith("oder lernen Sie auf andere Weise.") for one in told)


def test_a_real_error_is_said_in_the_language_and_others_as_they_came(german, tmp_path):
    with pytest.raises(ImageUnreadable) as found:
        open_image(tmp_path / "gone.png")
    assert sentence(found.value) == "gone.png lässt sich nicht öffnen: es gibt diese Datei nicht."
    assert said("Nobody has translated this.") == "Nobody has translated this."


def test_in_english_nothing_changes():
    for text in SAYINGS:
        filled = PLACE.sub("x", text)
        assert said(filled) == filled
