"""Take pictures of the real window in all its states: `docs/screenshots/*.png`.

Usage: take_shots.py [--out DIR] [NAME ...]. The window is 1600 x 1000 at two pixels in one, drawn
without a screen; model, project, training and batch are the real ones, on the demo.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cascadeclip.app.window.assembly import Assembly

SIZE = (1600, 1000)
COLOURS = 256
PATIENCE = 240.0
HALF_WAY = 100
OUT = Path(__file__).resolve().parent.parent / "docs" / "screenshots"


def main() -> int:
    """Take the pictures named on the command line, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*SHOTS, []], help="which, all if none")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    home = tempfile.TemporaryDirectory(prefix="shots-")
    _prepare(Path(home.name))
    with home:
        studio = Studio(Path(home.name), options.out)
        for name in options.names or SHOTS:
            SHOTS[name](studio, name)
        studio.close()
    return 0


def _prepare(home: Path) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = "2"
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(home / name.lower())


class Studio:
    """Hold the program that is pictured; `demo` opens its project first."""

    def __init__(self, home: Path, out: Path) -> None:
        from PySide6.QtWidgets import QApplication

        from cascadeclip.app.theme import Theme

        self.home, self.out = home, out
        self.application = QApplication(sys.argv[:1])
        self.theme = Theme(self.application)
        self.program = self._open()

    def _open(self) -> Assembly:
        from cascadeclip.app.main import program_version
        from cascadeclip.app.window.assembly import Assembly

        program = Assembly(version=program_version(), device="cpu")
        program.window.resize(*SIZE)
        program.window.show()
        return program

    def again(self) -> Assembly:
        """Close the program and open it again."""
        self.program.window.close()
        self.program = self._open()
        self.wait(self.program.jobs.idle)
        return self.program

    def demo(self) -> Assembly:
        """Open the demo and wait until its first image has suggestions."""
        state = self.program.state
        if state.project is None:
            self.program.do("open_demo")
        self.wait(lambda: state.image is not None and bool(state.engine))
        self.rest()
        return self.program

    def rest(self) -> None:
        """Wait until nothing is under way."""
        self.wait(self.program.jobs.idle)

    def wait(self, ready: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Let the program run until `ready`."""
        until = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > until:
                raise TimeoutError(f"not ready after {seconds:g} s")
            self.run(0.02)

    def run(self, seconds: float) -> None:
        """Let the program run for a while."""
        until = time.monotonic() + seconds
        while True:
            self.application.processEvents()
            if time.monotonic() >= until:
                return
            time.sleep(0.005)

    def point_at(self, x: float, y: float) -> None:
        """Put the pointer over a place of the image, given in image pixels."""
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent

        canvas = self.program.window.canvas
        here = canvas.placement
        at = QPointF(here.x + x * here.scale, here.y + y * here.scale)
        none = Qt.MouseButton.NoButton
        move = QMouseEvent(
            QEvent.Type.MouseMove, at, canvas.mapToGlobal(at), none, none, Qt.KeyboardModifier(0)
        )
        self.application.sendEvent(canvas, move)
        self.run(0.1)

    def take(self, name: str, over: QWidget | None = None) -> None:
        """Write what the window shows, and a sheet `over` it, as a small PNG."""
        from io import BytesIO

        from PIL import Image
        from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect
        from PySide6.QtGui import QColor, QPainter

        self.run(0.2)
        window = self.program.window
        picture = window.grab()
        if over is not None:
            painter = QPainter(picture)
            at = QPoint(
                (window.width() - over.width()) // 2, (window.height() - over.height()) // 3
            )
            painter.fillRect(window.rect(), QColor(0, 0, 0, 70))
            frame = QRect(at, over.size()).adjusted(-1, -25, 1, 1)
            painter.fillRect(frame, over.palette().mid())
            painter.drawText(
                frame.adjusted(10, 0, 0, 0).topLeft() + QPoint(0, 17), over.windowTitle()
            )
            painter.drawPixmap(at, over.grab())
            painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        picture.save(buffer, "PNG")
        image = Image.open(BytesIO(buffer.data().data())).convert("RGB")
        small = image.quantize(COLOURS, dither=Image.Dither.NONE)
        self.out.mkdir(parents=True, exist_ok=True)
        path = self.out / f"{name}.png"
        small.save(path, optimize=True)
        print(f"{path}: {image.width} x {image.height}, {path.stat().st_size / 1024:.0f} KiB")  # noqa: T201

    def close(self) -> None:
        """Close the program."""
        self.program.window.close()


def start(studio: Studio, name: str) -> None:
    """Show the start page with a project on it."""
    program = studio.demo()
    for _ in range(4):
        program.do("accept_all")
        program.do("reviewed")
        studio.rest()
        program.do("next")
        studio.rest()
    studio.again()
    studio.take(name)


def suggestions(studio: Studio, name: str) -> None:
    """Show the demo with suggestions, one of them under the pointer."""
    program = studio.demo()
    _to_fresh_image(studio)
    program.do("accept")
    studio.rest()
    shape = program.state.suggestions[0]
    height, width = shape.cutout.pixels.shape
    studio.point_at(shape.cutout.left + width / 2, shape.cutout.top + height / 2)
    studio.take(name)


def brush(studio: Studio, name: str) -> None:
    """Show the brush in the middle of a stroke."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    program = studio.demo()
    _to_fresh_image(studio)
    canvas = program.window.canvas
    program.do("brush")
    canvas.set_brush(size=28)
    height, width = canvas.size_of_image
    places = [(0.2 + 0.1 * at, 0.7 + 0.05 * (at % 2)) for at in range(5)]
    here = canvas.placement

    def at(x: float, y: float) -> QPoint:
        left, top = here.x + x * width * here.scale, here.y + y * height * here.scale
        return QPoint(round(left), round(top))

    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at(*places[0]))
    for place in places[1:]:
        QTest.mouseMove(canvas, at(*place))
        studio.run(0.05)
    studio.take(name)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at(*places[-1]))
    studio.rest()
    program.do("select")


def polygon(studio: Studio, name: str) -> None:
    """Show a polygon with a hole being cut into it."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    program = studio.demo()
    _to_fresh_image(studio)
    program.do("polygon")
    canvas = program.window.canvas
    height, width = canvas.size_of_image or (1, 1)

    def click(x: float, y: float, held: Qt.KeyboardModifier) -> None:
        here = canvas.placement
        at = QPoint(round(here.x + x * width * here.scale), round(here.y + y * height * here.scale))
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, held, at)
        studio.run(0.05)

    plain, alt = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
    for corner in ((0.2, 0.2), (0.7, 0.15), (0.85, 0.6), (0.5, 0.85), (0.15, 0.6)):
        click(*corner, plain)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    studio.rest()
    for corner in ((0.4, 0.4), (0.6, 0.4), (0.5, 0.6)):
        click(*corner, alt)
    QTest.keyClick(canvas, Qt.Key.Key_Return, alt)
    studio.rest()
    studio.take(name)
    program.do("select")


def typing(studio: Studio, name: str) -> None:
    """Show a word being typed, and what it would find."""
    program = studio.demo()
    _to_fresh_image(studio)
    program.do("type_word")
    field = program.window.words.field
    field.setText("mountain | hill, -shadow")
    field.textEdited.emit(field.text())
    studio.run(1.0)
    studio.rest()
    studio.take(name)
    field.clear()
    field.textEdited.emit("")
    studio.rest()


def batch(studio: Studio, name: str) -> None:
    """Show all images being pre-labelled."""
    program = studio.demo()
    program.do("prelabel")
    studio.wait(lambda: any(task.done for task in program.jobs.tasks))
    studio.take(name)
    studio.rest()


def training(studio: Studio, name: str) -> None:
    """Show a training under way, with curves."""
    program = studio.demo()
    for _ in range(6):
        program.do("accept_all")
        studio.rest()
        if program.state.image.status != "reviewed":
            program.do("reviewed")
        studio.rest()
        program.do("next")
        studio.rest()
    panel = program.window.training
    program.do("retrain")
    studio.rest()
    panel.recipe.setCurrentIndex(panel.recipe.findData("quick"))
    panel.start_button.click()
    studio.wait(lambda: panel.progress.value() >= HALF_WAY)
    studio.take(name)


def versions(studio: Studio, name: str) -> None:
    """Show the model versions of the project, after a training."""
    program = studio.demo()
    studio.rest()
    program.do("model")
    studio.run(0.5)
    studio.rest()
    studio.take(name)
    program.features["ModelChoice"].dock.hide()


def dark(studio: Studio, name: str) -> None:
    """Show the window in the dark."""
    studio.demo()
    _to_fresh_image(studio)
    studio.theme.use(dark=True)
    studio.run(0.3)
    studio.take(name)
    studio.theme.use(dark=False)


def sight(studio: Studio, name: str) -> None:
    """Show what the model sees."""
    program = studio.demo()
    _to_fresh_image(studio)
    program.do("sight")
    studio.rest()
    studio.run(0.3)
    studio.take(name)
    program.features["SightMaps"].dock.hide()


def unsure(studio: Studio, name: str) -> None:
    """Show where the model is unsure, and where it differs from the person."""
    program = studio.demo()
    _to_fresh_image(studio)
    program.do("unsure")
    program.do("differences")
    studio.rest()
    studio.take(name)
    program.do("unsure")
    program.do("differences")


def tour(studio: Studio, name: str) -> None:
    """Show a stop of the tour."""
    program = studio.demo()
    program.do("tour")
    program.features["Projects"].tour.go(2)
    studio.take(name)
    program.features["Projects"].tour.end()


def keys(studio: Studio, name: str) -> None:
    """Show the sheet of keys."""
    from cascadeclip.app.window.key_sheet import KeySheet

    program = studio.demo()
    program.do("keys")
    sheet = program.window.findChild(KeySheet)
    studio.take(name, over=sheet)
    sheet.close()


def _to_fresh_image(studio: Studio) -> None:
    """Go on to an image that still has suggestions."""
    program = studio.program
    program.do("select")
    for _ in range(12):
        if len(program.state.suggestions) > 2:
            return
        program.do("next")
        studio.rest()


SHOTS: dict[str, Callable[[Studio, str], None]] = {
    "start": start,
    "suggestions": suggestions,
    "brush": brush,
    "polygon": polygon,
    "typing": typing,
    "batch": batch,
    "sight": sight,
    "unsure": unsure,
    "keys": keys,
    "tour": tour,
    "dark": dark,
    "training": training,
    "versions": versions,
}


if __name__ == "__main__":
    sys.exit(main())
