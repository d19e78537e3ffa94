"""The word field: a chip for every word, and the place to type the next one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from cascadeclip.app.panels.chips import CHIP_HEIGHT, Chip, WordFacts
from cascadeclip.app.panels.fields import TextField
from cascadeclip.app.panels.flow import FlowLayout
from cascadeclip.app.panels.keyed import keyed
from cascadeclip.app.theme import ACCENT
from cascadeclip.app.translation import mark, tr

HINT = mark("Type what you want to find, such as: cat, grass, road | street")
NEXT_HINT = mark("Type a word")
MARK_WIDTH = 3


class WordField(QFrame):
    """Show the vocabulary and take new words.

    Signals: `typed` with the text on every key; `kept` with the text on Enter; `chosen` with a
    class number; `asked` with a class number and a place when the word is to be changed; `moved`
    with a class number and its new place among the words; `hidden` with a class number when it is
    to be hidden or shown; `left` when the person goes back to the image.
    """

    typed = Signal(str)
    kept = Signal(str)
    chosen = Signal(int)
    asked = Signal(int, QPoint)
    moved = Signal(int, int)
    hidden = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("words")
        self._flow = FlowLayout(self)
        self.field = TextField(self)
        self.field.setObjectName("word_field")
        self.field.setAccessibleName(tr("Word to find"))
        tip = tr("Words, separated by commas; cat | kitten are synonyms; -shadow is a negative")
        keyed(self.field, "type_word", tip)
        self.field.setMinimumSize(QSize(180, CHIP_HEIGHT))
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.field.setPlaceholderText(tr(HINT))
        self._flow.addWidget(self.field)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        self.setSizePolicy(policy)
        self._chips: dict[int, Chip] = {}
        self.mark = QFrame(self)
        self.mark.setStyleSheet(f"background: {ACCENT.name()}; border-radius: 1px;")
        self.mark.hide()
        self.field.textEdited.connect(self.typed)
        self.field.returnPressed.connect(self._keep)
        self.field.left.connect(self._leave)

    @property
    def chips(self) -> tuple[Chip, ...]:
        """Give the chips in their order."""
        return tuple(self._chips.values())

    def show_words(self, words: tuple[WordFacts, ...]) -> None:
        """Show a chip for each of these words."""
        if [word.class_id for word in words] != list(self._chips):
            self._arrange(words)
        for word in words:
            self._chips[word.class_id].show_facts(word)
        self.field.setPlaceholderText(tr(NEXT_HINT) if words else tr(HINT))

    def _arrange(self, words: tuple[WordFacts, ...]) -> None:
        before, self._chips = self._chips, {}
        for chip in before.values():
            self._flow.removeWidget(chip)
        # A chip that stays keeps the focus: somebody may be moving it with the keys.
        for word in words:
            there = word.class_id in before
            chip = before.pop(word.class_id) if there else self._made(word)
            self._flow.insert_before_last(chip)
            chip.show()
            self._chips[word.class_id] = chip
        for chip in before.values():
            chip.hide()
            chip.deleteLater()
        self.updateGeometry()

    def _made(self, word: WordFacts) -> Chip:
        chip, class_id = Chip(word, self), word.class_id
        chip.clicked.connect(self._calling(self.chosen.emit, class_id))
        chip.hidden.connect(self._calling(self.hidden.emit, class_id))
        chip.asked.connect(self._asking(class_id))
        chip.stepped.connect(lambda step: self._step(class_id, step))
        chip.dragged.connect(lambda at: self._drag(class_id, at))
        chip.dropped.connect(lambda at: self._drop(class_id, at))
        return chip

    def _calling(self, call: Callable[[int], None], class_id: int) -> Callable[[], None]:
        return lambda: call(class_id)

    def _asking(self, class_id: int) -> Callable[[QPoint], None]:
        return lambda at: self.asked.emit(class_id, at)

    def _step(self, class_id: int, step: int) -> None:
        self._move(class_id, list(self._chips).index(class_id) + step)

    def _drag(self, class_id: int, at: QPoint) -> None:
        """Show where the chip would go."""
        others = [chip for number, chip in self._chips.items() if number != class_id]
        place = self._place(others, at)
        if not others:
            return
        last = place == len(others)
        box = others[-1 if last else place].geometry()
        half = self._flow.spacing() // 2 + 1
        x = box.right() + half if last else box.left() - half
        self.mark.setGeometry(QRect(x, box.top() + 2, MARK_WIDTH, box.height() - 4))
        self.mark.show()
        self.mark.raise_()

    def _drop(self, class_id: int, at: QPoint) -> None:
        self.mark.hide()
        others = [chip for number, chip in self._chips.items() if number != class_id]
        self._move(class_id, self._place(others, at))

    def _place(self, others: list[Chip], at: QPoint) -> int:
        """Count the chips that come before a place on the screen, as one reads."""
        here = self.mapFromGlobal(at)

        def before(box: QRect) -> bool:
            below, beside = here.y() > box.bottom(), here.y() >= box.top()
            return below or (beside and here.x() > box.center().x())

        return sum(before(chip.geometry()) for chip in others)

    def _move(self, class_id: int, place: int) -> None:
        now = list(self._chips).index(class_id)
        if place != now and 0 <= place < len(self._chips):
            self.moved.emit(class_id, place)

    def _keep(self) -> None:
        if self.field.text().strip():
            self.kept.emit(self.field.text())

    def _leave(self) -> None:
        self.typed.emit("")
        self.left.emit()
