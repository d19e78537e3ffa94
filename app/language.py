"""The language of the window: the system's, or the one chosen under View > Language."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file, files

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

SYSTEM = ""
# Where the settings of the window keep the language chosen.
LANGUAGE = "language"
# Each calls itself by its own name; English is what the texts are written in.
LANGUAGES = {"en": "English", "de": "Deutsch", "zh_CN": "简体中文"}
_INSTALLED: list[QTranslator] = []


def fitting(wanted: Sequence[str]) -> str:
    """Choose the first language of a list such as ("zh-Hans-CN", "en-US") that there is.

    English where there is none.
    """
    for one in wanted:
        parts = one.replace("_", "-").casefold().split("-")
        if parts[0] == "zh" and not {"hant", "tw", "hk", "mo"} & set(parts):
            return "zh_CN"
        if parts[0] in LANGUAGES:
            return parts[0]
    return "en"


def use_language(application: QCoreApplication, chosen: str = SYSTEM) -> str:
    """Let every text made from now on be in a language of LANGUAGES, or the system's.

    Qt's own buttons follow where Qt has the language. Returns which it is.
    """
    for old in _INSTALLED:
        application.removeTranslator(old)
    _INSTALLED.clear()
    name = chosen if chosen in LANGUAGES else fitting(QLocale.system().uiLanguages())
    if name == "en":
        return name
    place = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    of_qt = QTranslator(application)
    if of_qt.load(f"qtbase_{name}", place):
        application.installTranslator(of_qt)
        _INSTALLED.append(of_qt)
    ours = QTranslator(application)
    with as_file(files("cascadeclip.resources") / "translations" / f"{name}.qm") as path:
        if ours.load(str(path)):
            application.installTranslator(ours)
            _INSTALLED.append(ours)
    return name
