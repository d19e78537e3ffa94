"""Plain doubles for everything a presenter talks to: nothing here needs a window."""

from types import SimpleNamespace

import numpy as np
import pytest

from cascadeclip.app.jobs import Lane, Task
from cascadeclip.app.presenters.state import State
from cascadeclip.core.project import ClassRow, ImageRow


class Runner:
    """Queue work until the test says go; answers can be given late and out of order."""

    def __init__(self):
        self.queue = []
        self.waiting = {}
        self.numbers = {}
        self.errors = []

    def run(self, lane, work, *, done=None, failed=None, topic=None):
        self.numbers[topic] = self.numbers.get(topic, 0) + 1
        self.queue.append((lane, work, done, failed, topic, self.numbers[topic]))

    def start(self, title, work, *, done=None, failed=None, lane=Lane.WORK):
        task = Task(title)
        self.run(lane, lambda: work(lambda *_: None, task.stop.is_set), done=done, failed=failed)
        return task

    def after(self, milliseconds, topic, call):
        self.waiting[topic] = call

    def on_gui(self, call):
        call()

    def crowded(self, lane):
        return any(entry[0] is lane for entry in self.queue)

    def forget(self, topic):
        self.numbers[topic] = self.numbers.get(topic, 0) + 1
        self.waiting.pop(topic, None)

    def ring(self, topic):
        self.waiting.pop(topic)()

    def go(self, limit=50):
        """Do everything that is queued, and what that queues."""
        while self.queue:
            limit -= 1
            assert limit > 0, "the presenters keep each other busy"
            self.finish(self.perform(0))

    def perform(self, at):
        """Run one piece of work without giving its answer yet."""
        lane, work, done, failed, topic, number = self.queue.pop(at)
        try:
            return done, work(), topic, number
        except Exception as error:  # noqa: BLE001 - as the real one does
            if failed is None:
                self.errors.append(error)
                return None, None, topic, number
            return failed, error, topic, number

    def finish(self, performed):
        call, value, topic, number = performed
        if call is not None and (topic is None or self.numbers[topic] == number):
            call(value)


class Messages:
    def __init__(self):
        self.said = []
        self.undo = None

    def say(self, text, *, undo=None):
        self.said.append(text)
        self.undo = undo


class Canvas:
    def __init__(self):
        self.sizes = ()
        self.message = ""
        self.layers = None

    def show_image(self, sizes, *, keep_place=False):
        self.sizes = sizes

    def clear(self, message=""):
        self.sizes, self.message = (), message

    def show_layers(self, settled, pending):
        self.layers = (settled, pending)


class ImagesView:
    def __init__(self):
        self.rows, self.count, self.total, self.selected, self.broken = [], 0, 0, None, []
        self.pages, self.known = {}, None

    def reset(self, count, total, first):
        self.count, self.total, self.rows = count, total, list(first)

    def put(self, first, rows):
        self.pages[first] = rows

    def forget(self):
        self.rows, self.count = [], 0

    def show_known(self, known, unreviewed):
        self.known = (known, unreviewed)

    def replace(self, row):
        self.rows = [row if old.image.id == row.image.id else old for old in self.rows]

    def select(self, position):
        self.selected = position

    def mark_broken(self, image_id):
        self.broken.append(image_id)


@pytest.fixture
def runner():
    return Runner()


@pytest.fixture
def messages():
    return Messages()


@pytest.fixture
def canvas():
    return Canvas()


@pytest.fixture
def images_view():
    return ImagesView()


@pytest.fixture
def make_row():
    def make(number, *, width=8, height=6, status="unreviewed"):
        path = f"image{number:04}.png"
        return ImageRow(number, path, width, height, 1, f"digest{number}", status)

    return make


@pytest.fixture
def make_word():
    def make(number, name, *, negative=False, phrases=None):
        spellings = phrases or (name,)
        return ClassRow(number, name, spellings, "#112233", number - 1, negative)

    return make


@pytest.fixture
def state(make_row):
    return State(
        project=SimpleNamespace(read_only=False),
        image=make_row(1),
        pixels=np.zeros((6, 8, 3), np.uint8),
    )
