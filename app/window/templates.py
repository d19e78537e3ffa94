"""The dialog that chooses the sentences words are put into."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.sayings import said
from cascadeclip.app.translation import mark, tr
from cascadeclip.core.errors import VocabularyError
from cascadeclip.core.templates import FIFTEEN, NAMED, SINGLE, checked_templates, name_of

OWN = "own"
WHY = mark(
    "The model reads each word inside these sentences and takes their mean. "
    "Changing them costs no new look at the images."
)
OWN_HINT = mark("One sentence per line, each with {} where the word goes")


class TemplatesDialog(QDialog):
    """Choose between the model's own sentences, one, fifteen and a person's.

    Signals: `chosen` with the sentences, none for the model's own.
    """

    chosen = Signal(tuple)

    def __init__(
        self,
        templates: Sequence[str],
        own: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        """Begin at `templates`; `own` are the sentences that come with the model."""
        super().__init__(parent)
        self.setObjectName("templates_dialog")
        self.setWindowTitle(tr("Templates"))
        self._model = tuple(own)
        why = QLabel(tr(WHY), self)
        why.setWordWrap(True)
        why.setProperty("quiet", True)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addWidget(why)
        self.choices = self._choices(layout)
        self.lines = QPlainTextEdit(self)
        self.lines.setAccessibleName(tr("Sentences"))
        self.lines.setPlaceholderText(tr(OWN_HINT))
        self.lines.setTabChangesFocus(True)
        self.lines.setMinimumSize(420, 180)
        self.trouble = QLabel(self)
        self.trouble.setWordWrap(True)
        self.trouble.setMinimumHeight(36)
        self.trouble.setProperty("quiet", True)
        self._make_buttons()
        for widget in (self.lines, self.trouble, self.buttons):
            layout.addWidget(widget)
        self._mine = "\n".join(templates) if name_of(templates) is None else ""
        self.choices[name_of(templates) or OWN].setChecked(True)
        self._show_choice()
        for button in self.choices.values():
            button.toggled.connect(self._show_choice)
        self.lines.textChanged.connect(self._check)

    @property
    def choice(self) -> str:
        """Give the name of the set that is chosen."""
        return next(name for name, button in self.choices.items() if button.isChecked())

    def _make_buttons(self) -> None:
        roles = QDialogButtonBox.ButtonRole
        self.buttons = QDialogButtonBox(self)
        self.apply = QPushButton(tr("Use these"), self)
        self.apply.setProperty("primary", True)
        self.apply.setDefault(True)
        self.buttons.addButton(self.apply, roles.AcceptRole)
        self.buttons.addButton(QPushButton(tr("Cancel"), self), roles.RejectRole)
        self.buttons.accepted.connect(self._take)
        self.buttons.rejected.connect(self.reject)

    def _choices(self, layout: QVBoxLayout) -> dict[str, QRadioButton]:
        count = len(self._model)
        texts = {
            "model": tr("The model's own") + (f" ({count})" if count else ""),
            "single": tr("One sentence: {sentence}", sentence=SINGLE[0]),
            "fifteen": tr("The {count} sentences usual for this method", count=len(FIFTEEN)),
            OWN: tr("My own sentences"),
        }
        group = QButtonGroup(self)
        made = {name: QRadioButton(text, self) for name, text in texts.items()}
        for button in made.values():
            group.addButton(button)
            layout.addWidget(button)
        return made

    def _show_choice(self) -> None:
        if not any(button.isChecked() for button in self.choices.values()):
            return
        if not self.lines.isReadOnly() and self.choice != OWN:
            self._mine = self.lines.toPlainText() or self._mine
        shown = NAMED.get(self.choice) or self._model
        self.lines.setReadOnly(self.choice != OWN)
        # The style shows what is only to be looked at, but is asked again only when told to.
        self.lines.style().polish(self.lines)
        self.lines.setPlainText(self._mine if self.choice == OWN else "\n".join(shown))
        self._check()

    def _check(self) -> None:
        trouble = ""
        try:
            kept = checked_templates(self.lines.toPlainText().splitlines())
        except VocabularyError as error:
            trouble = said(str(error))
        else:
            if self.choice == OWN and not kept:
                trouble = f"{tr(OWN_HINT)}."
        self.trouble.setText(trouble)
        self.apply.setEnabled(not trouble)

    def _take(self) -> None:
        own = checked_templates(self.lines.toPlainText().splitlines())
        self.chosen.emit(NAMED[self.choice] if self.choice != OWN else own)
        self.accept()
