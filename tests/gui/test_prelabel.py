"""Pre-labelling from the window: another process looks, the database's own thread writes."""

import multiprocessing
import os
import signal
import sys
import threading

import pytest

from cascadeclip.core.engine.prelabel.desk import Desk, recipe_for
from cascadeclip.core.engine.prelabel.run import run
from cascadeclip.core.engine.prelabel.threads import Threads


@pytest.fixture
def here(bare, monkeypatch):
    """Let this process look; give the settings it was asked with, and the threads that wrote."""
    import cascadeclip.core.engine as engines

    asked, owners = [], set()

    def look(project, *, threshold, refine_edges, device, progress, stopped, owner):
        asked.append((threshold, refine_edges, device))

        def own(call):
            def noted():
                owners.add(threading.current_thread().name.partition("_")[0])
                return call()

            return owner(noted)

        engine = engines.open_engine(project, device)
        recipe = own(
            lambda: recipe_for(project, engine, threshold=threshold, refine_edges=refine_edges)
        )
        desk = Desk(project, recipe, owner=own)
        return run(desk, Threads(engine, recipe), progress=progress, stopped=stopped)

    monkeypatch.setattr(bare.batch, "_look", look)
    return asked, owners


def prelabel(gui):
    gui.window.actions_table.by_name["prelabel"].trigger()


def test_every_image_gets_its_suggestions(gui, wait, here):
    asked, owners = here
    prelabel(gui)
    assert gui.window.status.tasks.line.cancel_button.isVisible()
    wait()
    project = gui.state.project
    for row in project.images.page():
        assert len(project.suggestions.of_image(row.id)) == 2
    assert not gui.window.status.tasks.line.cancel_button.isVisible()
    assert owners == {"database"}
    assert asked == [(gui.state.threshold, True, "auto")]
    assert "6 suggestions on 3 images" in gui.window.toast.text


def test_edges_are_left_out_where_the_person_left_them_out(gui, wait, here):
    gui.state.refine_edges = False
    prelabel(gui)
    wait()
    assert here[0][0][1] is False


def test_files_that_cannot_be_read_are_named(gui, wait, here, folder):
    for number in (1, 2):
        (folder / f"image{number}.png").write_bytes(b"no image")
    prelabel(gui)
    wait()
    assert gui.window.toast.text.endswith("could not be read: image1.png, image2.png")


def test_a_second_press_does_not_start_a_second_run(gui, wait, here):
    prelabel(gui)
    prelabel(gui)
    wait()
    assert len(here[0]) == 1


def test_a_window_that_closes_in_between_waits_for_nobody(gui, here, monkeypatch):
    began = threading.Event()

    def look(project, *, owner, stopped, **_):
        began.set()
        while not stopped():
            pass
        owner(project.images.count)  # nobody begins this any more

    monkeypatch.setattr(gui.batch, "_look", look)
    prelabel(gui)
    assert began.wait(10)
    gui.window.close()
    assert gui.jobs.idle()


@pytest.fixture
def tiny(gui, tiny_folder):
    """Put a small random model on disk in use: another process has to load it."""
    versions = gui.state.project.versions
    versions.activate(versions.add("tiny-0", folder=tiny_folder, recipe="test", metrics={}).id)


@pytest.mark.slow
@pytest.mark.timeout(280)
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.usefixtures("tiny")
def test_a_killed_process_is_one_sentence_and_the_window_goes_on(gui, qtbot, refusals):
    def ended():
        assert gui.jobs.idle()

    gui.state.threshold = 0.1
    prelabel(gui)
    qtbot.waitUntil(lambda: bool(multiprocessing.active_children()))
    (child,) = multiprocessing.active_children()
    assert child.pid != os.getpid()
    os.kill(child.pid, signal.SIGKILL)  # not waited for yet: the number is its own
    qtbot.waitUntil(ended, timeout=120_000)
    (refused,) = refusals
    assert "was killed" in refused
    assert "pre-label again" in refused

    prelabel(gui)
    qtbot.waitUntil(ended, timeout=120_000)
    project = gui.state.project
    found = [one for row in project.images.page() for one in project.suggestions.of_image(row.id)]
    assert {one.model_version for one in found} == {"tiny-0"}
    assert {one.image_id for one in found} == {row.id for row in project.images.page()}
    assert len(refusals) == 1
