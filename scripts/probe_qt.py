"""Start Qt and load its plugin for X11; the exit code says whether both work.

With `--screen` the window system of this session is tried instead, in a child of its own: Qt ends
the whole process where no screen answers.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Return 0 when Qt starts, 1 with one line on stderr when it cannot."""
    if arguments == ["--screen"]:
        child = [sys.executable, "-c", "from PySide6.QtGui import QGuiApplication as A; A([])"]
        return int(subprocess.run(child, capture_output=True, check=False).returncode != 0)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        import PySide6
        from PySide6.QtWidgets import QApplication

        QApplication(["probe"])
        # Loading it needs no screen: a missing library shows before there is one.
        ctypes.CDLL(str(Path(PySide6.__file__).parent / "Qt/plugins/platforms/libqxcb.so"))
    except (ImportError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
