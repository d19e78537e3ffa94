"""Every text of the window is translated, keeps its places, and is found by the program."""

import importlib.util
import re
import string

import pytest
from PySide6.QtCore import QCoreApplication

from cascadeclip.app.language import LANGUAGES, fitting, use_language
from cascadeclip.app.translation import tr

TRANSLATED = sorted(set(LANGUAGES) - {"en"})
PLACE = re.compile(r"\{\w*\}")


@pytest.fixture(scope="module")
def keeper(root):
    """The script that keeps the translations."""
    spec = importlib.util.spec_from_file_location("translations", root / "scripts/translations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def texts(keeper):
    return keeper.gather()


@pytest.fixture
def english(qapp):
    yield qapp
    use_language(qapp, "en")


def test_the_script_keeps_the_languages_of_the_program(keeper):
    assert sorted(keeper.LANGUAGES) == TRANSLATED


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_text_is_translated_and_nothing_else(keeper, texts, name):
    have = keeper.read(keeper.FOLDER / f"{name}.ts")
    assert len(texts) > 400
    assert [one for one in texts if not have.get(one, "").strip()] == []
    assert set(have) == set(texts)


@pytest.mark.parametrize("name", TRANSLATED)
def test_places_match_and_can_be_filled(keeper, name):
    have = keeper.read(keeper.FOLDER / f"{name}.ts")
    for source, translation in have.items():
        assert sorted(PLACE.findall(source)) == sorted(PLACE.findall(translation)), source
        assert source[:1].isspace() == translation[:1].isspace(), source
        assert source.endswith("...") == translation.endswith("..."), source
        fields = {field for _, field, _, _ in string.Formatter().parse(translation) if field}
        translation.replace("{}", "").format(**dict.fromkeys(fields, "x"))


@pytest.mark.parametrize("name", TRANSLATED)
def test_what_is_compiled_is_what_is_written(keeper, english, name):
    assert use_language(english, name) == name
    have = keeper.read(keeper.FOLDER / f"{name}.ts")
    said = {text: QCoreApplication.translate("cascadeclip", text) for text in have}
    assert said == have


def test_a_text_is_said_with_its_values(english):
    assert tr("Accept all {count}", count=3) == "Accept all 3"
    use_language(english, "de")
    assert tr("Accept all {count}", count=3) == "Alle 3 annehmen"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"
    use_language(english, "zh_CN")
    assert tr("Accept all {count}", count=3) == "全部接受 3 个"


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (["de-AT", "en-US"], "de"),
        (["zh-Hans-CN"], "zh_CN"),
        (["zh_CN"], "zh_CN"),
        (["zh-Hant-TW", "de"], "de"),
        (["fr-FR", "it"], "en"),
        (["C"], "en"),
        ([], "en"),
    ],
)
def test_the_first_language_there_is_is_spoken(wanted, name):
    assert fitting(wanted) == name


def test_a_text_that_is_no_literal_is_refused(keeper):
    assert keeper.texts_of('tr("a b")\nmark("c")\ntr(NAME)\n') == {"a b", "c"}
    for planted in ('tr(f"a {b}")', "mark(NAME)", 'tr("a" + b)'):
        with pytest.raises(ValueError, match="literal"):
            keeper.texts_of(planted)
