"""Every text a person sees goes through `tr`; the languages are in `resources/translations`."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

CONTEXT = "cascadeclip"


def tr(text: str, /, **values: object) -> str:
    """Say `text` in the person's language, with `values` in the places of its {names}.

    `text` is a literal where the call stands, or went through `mark` where it stands.
    """
    found = QCoreApplication.translate(CONTEXT, text)
    return found.format(**values) if values else found


def mark(text: str, /) -> str:
    """Return `text` as it is; it is for the screen and goes through `tr` where it is used."""
    return text
