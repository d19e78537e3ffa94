"""The window in another language, chosen in the View menu and there after the next start."""

import pytest

from cascadeclip.app.language import LANGUAGE, use_language
from cascadeclip.app.main import make_application
from cascadeclip.app.window import place
from cascadeclip.app.window.assembly import Assembly


@pytest.fixture
def english(qapp):
    sheet = qapp.styleSheet()
    yield qapp
    use_language(qapp, "en")
    qapp.setStyleSheet(sheet)


def test_a_language_is_chosen_in_the_menu_and_spoken_from_the_next_start(bare, qtbot, english):
    menu = next(
        action.menu()
        for action in bare.window.actions_table.menus["View"].actions()
        if action.text() == "Language"
    )
    assert [one.text() for one in menu.actions()] == [
        "As the system",
        "English",
        "Deutsch",
        "简体中文",
    ]
    next(one for one in menu.actions() if one.text() == "Deutsch").trigger()
    assert "next start" in bare.window.toast.text
    assert bare.settings.value(LANGUAGE) == "de"
    bare.settings.sync()
    assert place.data_folder() == bare.folder
    make_application()
    again = Assembly(version="0")
    qtbot.addWidget(again.window)
    again.window.show()
    assert [one.text() for one in again.window.menuBar().actions()][:2] == ["Datei", "Bearbeiten"]
    table = again.window.actions_table
    assert table.by_name["accept"].text() == "Vorschlag annehmen"
    assert table.by_name["next"].toolTip() == "Nächstes Bild (D)"
    assert again.window.start.cards == {}
    again.window.close()
