"""A screen of our own and somebody who works on it, with real key and mouse events from outside."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

import cv2
import numpy as np
from PIL import ImageGrab

NEEDED = ("Xvfb", "xdotool")
SIZE = (1280, 800)
PATIENCE = 30.0


def missing():
    """Say what a run under a screen of its own lacks here; empty when it lacks nothing."""
    gone = [name for name in NEEDED if shutil.which(name) is None]
    return f"{' and '.join(gone)} not installed: no screen for real keys" if gone else ""


@contextmanager
def screen():
    """Start an X server without a screen and give the name of its display."""
    read, write = os.pipe()
    wanted = ("-displayfd", str(write), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24")
    command = ["Xvfb", *wanted, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()  # the server says it once it is ready
        assert number, "Xvfb has not started"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


class Worker:
    """Press keys and use the mouse on a display, on what can be seen there."""

    def __init__(self, display, home):
        self.display, self.home = display, home
        self._program = None

    # The program

    def start(self, *arguments):
        """Start the program as a person does and wait for its window."""
        environment = {
            **os.environ,
            "DISPLAY": self.display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_IM_MODULE": "compose",
            "XDG_DATA_HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
        }
        self._log = (self.home / "said.txt").open("a+")
        self._program = subprocess.Popen(
            [sys.executable, "-m", "cascadeclip.app", *map(str, arguments)],
            env=environment,
            stdout=self._log,
            stderr=self._log,
        )
        self.focus("Cascade-CLIP")

    def ended(self):
        """Wait until the program has gone; return its exit code and what it said."""
        code = self._program.wait(PATIENCE)
        self._log.seek(0)
        said = self._log.read()
        self._log.close()
        return code, said

    def stop(self):
        """End what is still there."""
        if self._program is not None and self._program.poll() is None:
            self._program.kill()
            self._program.wait(10)

    # Windows

    def windows(self, name):
        """List the windows in sight whose title holds `name`."""
        return self._xdotool("search", "--onlyvisible", "--name", name, check=False).split()

    def focus(self, name):
        """Wait for a window and let it have the keys: no window manager does that here."""
        self.until(lambda: self.windows(name), f"the window {name}")
        self._xdotool("windowfocus", "--sync", self.windows(name)[-1])

    def until(self, ready, what, seconds=PATIENCE):
        """Look until `ready`."""
        end = time.monotonic() + seconds
        while not ready():
            assert self._program.poll() is None, f"the program has ended before: {what}"
            if time.monotonic() > end:
                self.look().save(self.home / "vain.png")
                raise AssertionError(f"waited in vain for {what}: see {self.home}/vain.png")
            time.sleep(0.05)

    # Hands and eyes

    def key(self, *keys):
        """Press keys one after the other, such as ctrl+z."""
        self._xdotool("key", "--delay", "20", *keys)

    @contextmanager
    def held(self, key):
        """Hold a key down for the block."""
        self._xdotool("keydown", key)
        try:
            yield
        finally:
            self._xdotool("keyup", key)

    def type(self, text):
        """Type a text."""
        self._xdotool("type", "--delay", "15", text)

    def click(self, x, y):
        """Click a place on the screen."""
        self._xdotool("mousemove", round(x), round(y), "click", 1)

    def drag(self, *places):
        """Draw with the left button down, from place to place."""
        (x, y), *rest = places
        moves = [part for x, y in rest for part in ("mousemove", x, y, "sleep", "0.03")]
        first = ("mousemove", x, y, "sleep", "0.03", "mousedown", 1, "sleep", "0.03")
        self._xdotool(*first, *moves, "mouseup", 1)

    def look(self):
        """Return what is on the screen."""
        return ImageGrab.grab(xdisplay=self.display).convert("RGB")

    def find(self, picture, least=0.95):
        """Return left and top of where a picture (HxWx3 uint8) is on the screen, else None."""
        greys = [
            cv2.cvtColor(one, cv2.COLOR_RGB2GRAY) for one in (np.asarray(self.look()), picture)
        ]
        match = cv2.matchTemplate(*greys, cv2.TM_CCOEFF_NORMED)
        _, score, _, place = cv2.minMaxLoc(match)
        return place if score >= least else None

    def _xdotool(self, *arguments, check=True):
        command = ["xdotool", *map(str, arguments)]
        environment = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 0 or not check, f"{command}: {done.stderr}"
        return done.stdout
