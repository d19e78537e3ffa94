"""How everything looks: the system's light or dark, 13-pixel text, one accent, own icons."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

GRID = 8
TEXT_PIXELS = 13
ACCENT = QColor("#3b82c4")
TROUBLE = QColor("#d1495b")

LIGHT = {
    QPalette.ColorRole.Window: "#f3f4f6",
    QPalette.ColorRole.Base: "#ffffff",
    QPalette.ColorRole.AlternateBase: "#f7f8fa",
    QPalette.ColorRole.Button: "#ffffff",
    QPalette.ColorRole.Dark: "#dcdfe4",
    QPalette.ColorRole.Mid: "#c9ced6",
    QPalette.ColorRole.Midlight: "#e6e9ee",
    QPalette.ColorRole.Light: "#ffffff",
    QPalette.ColorRole.WindowText: "#1c2128",
    QPalette.ColorRole.PlaceholderText: "#6b7380",
}
DARK = {
    QPalette.ColorRole.Window: "#22252a",
    QPalette.ColorRole.Base: "#1a1c20",
    QPalette.ColorRole.AlternateBase: "#1f2226",
    QPalette.ColorRole.Button: "#2d3138",
    QPalette.ColorRole.Dark: "#131417",
    QPalette.ColorRole.Mid: "#43484f",
    QPalette.ColorRole.Midlight: "#33373d",
    QPalette.ColorRole.Light: "#3b4047",
    QPalette.ColorRole.WindowText: "#e7e9ec",
    QPalette.ColorRole.PlaceholderText: "#979ea8",
}
TEXT_ROLES = (
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
    QPalette.ColorRole.BrightText,
    QPalette.ColorRole.ToolTipText,
)

STYLE = """
QMainWindow::separator { background: palette(mid); width: 1px; height: 1px; }
QDockWidget { font-weight: 600; }
QDockWidget::title { background: palette(window); padding: 8px 8px 6px 8px; text-align: left; }
QDockWidget { titlebar-close-icon: url(@close@); }
QScrollBar:vertical { width: 10px; background: transparent; margin: 0; }
QScrollBar:horizontal { height: 10px; background: transparent; margin: 0; }
QScrollBar::handle { background: palette(mid); border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: palette(placeholder-text); }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QToolBar { border: 0; spacing: 4px; padding: 4px; }
QToolBar QToolButton { padding: 6px; border-radius: 6px; border: 1px solid transparent; }
QToolBar QToolButton:hover { background: palette(midlight); }
QToolBar QToolButton:checked { background: palette(midlight); border-color: palette(highlight); }
QPushButton { padding: 5px 12px; border-radius: 6px; border: 1px solid palette(mid);
  background: palette(button); }
QPushButton:hover { background: palette(midlight); }
QPushButton:focus { border-color: palette(highlight); }
QPushButton:disabled { color: palette(placeholder-text); }
QPushButton[primary="true"] { background: palette(highlight); color: palette(highlighted-text);
  border-color: palette(highlight); }
QPushButton[primary="true"]:disabled { background: palette(mid); border-color: palette(mid); }
QLineEdit { padding: 5px 8px; border: 1px solid palette(mid); border-radius: 6px;
  background: palette(base); }
QLineEdit:focus { border-color: palette(highlight); }
QListView::item:selected { background: palette(midlight); color: palette(text); }
QListView::item { padding: 2px 0; }
QListView, QTableView { border: 0; background: palette(base); outline: 0; }
QRadioButton::indicator { width: 12px; height: 12px; border-radius: 7px;
  border: 1px solid palette(placeholder-text); background: palette(base); }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 4px solid palette(highlight); }
QPlainTextEdit { border: 1px solid palette(mid); border-radius: 6px; padding: 4px; }
QPlainTextEdit[readOnly="true"] { background: palette(window); color: palette(placeholder-text); }
QPlainTextEdit:focus { border-color: palette(highlight); }
QToolButton[small="true"] { padding: 2px 8px; border: 1px solid palette(mid);
  border-radius: 6px; background: palette(button); }
QToolButton[small="true"]:hover { background: palette(midlight); }
QToolButton[small="true"]:focus { border-color: palette(highlight); }
QToolButton[small="true"]:disabled { color: palette(placeholder-text); }
QStatusBar { border-top: 1px solid palette(mid); }
QStatusBar::item { border: 0; }
QProgressBar { border: 0; border-radius: 3px; background: palette(mid); max-height: 6px; }
QProgressBar::chunk { border-radius: 3px; background: palette(highlight); }
QLabel[quiet="true"] { color: palette(placeholder-text); }
QLabel[heading="true"] { font-size: 18px; font-weight: 600; }
QFrame[card="true"] { background: palette(base); border: 1px solid palette(mid);
  border-radius: 8px; }
"""


class Theme(QObject):
    """Follow the system's colour scheme for as long as the program runs."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        application.setStyle("fusion")
        font = QFont(application.font())
        font.setPixelSize(TEXT_PIXELS)
        application.setFont(font)
        application.styleHints().colorSchemeChanged.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Take over the colours of the scheme in use."""
        scheme = self._application.styleHints().colorScheme()
        self.use(dark=scheme is Qt.ColorScheme.Dark)

    def use(self, *, dark: bool) -> None:
        """Show everything in dark or in light colours."""
        self._application.setPalette(palette(dark=dark))
        # A style sheet keeps the colours of the palette it was read with: it is read again.
        self._application.setStyleSheet("")
        self._application.setStyleSheet(style_sheet())


def style_sheet() -> str:
    """Give the style sheet, with the paths of the pictures it names."""
    picture = str(files("cascadeclip.resources").joinpath("icons/dock_close.svg"))
    return STYLE.replace("@close@", picture.replace("\\", "/"))


def palette(*, dark: bool) -> QPalette:
    """Build the light or dark colours of all widgets."""
    colours = DARK if dark else LIGHT
    made = QPalette(QColor(colours[QPalette.ColorRole.Window]))
    for role, value in colours.items():
        made.setColor(role, QColor(value))
    text = QColor(colours[QPalette.ColorRole.WindowText])
    for role in TEXT_ROLES:
        made.setColor(role, text)
    made.setColor(QPalette.ColorRole.ToolTipBase, made.color(QPalette.ColorRole.Base))
    made.setColor(QPalette.ColorRole.Highlight, ACCENT)
    made.setColor(QPalette.ColorRole.Accent, ACCENT)
    made.setColor(QPalette.ColorRole.HighlightedText, QColor("#ffffff"))
    faded = QColor(text)
    faded.setAlphaF(0.38)
    for role in (*TEXT_ROLES, QPalette.ColorRole.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return made


class Drawn(QIconEngine):
    """Draw an icon of our family in the text colour of the moment, sharp on every screen."""

    def __init__(self, drawing: str) -> None:
        super().__init__()
        self._drawing = drawing

    def clone(self) -> QIconEngine:
        """Give another that draws the same."""
        return Drawn(self._drawing)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw into a rectangle, faint when it cannot be pressed."""
        colour = QGuiApplication.palette().color(QPalette.ColorRole.WindowText)
        drawing = self._drawing.replace("#000", colour.name())
        painter.setOpacity(0.35 if mode is QIcon.Mode.Disabled else 1.0)
        QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Draw on nothing, `size` in pixels of the screen."""
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """Draw `size` at so many pixels of the screen each."""
        made = self.pixmap(size * scale, mode, state)
        made.setDevicePixelRatio(scale)
        return made


@lru_cache(maxsize=64)
def icon(name: str) -> QIcon:
    """Give an icon of our family, which keeps the text colour of the scheme in use."""
    return QIcon(Drawn(files("cascadeclip.resources").joinpath(f"icons/{name}.svg").read_text()))
