def test_moving_the_threshold_decodes_and_encodes_nothing(gui, wait):
    engine = gui.state.engine
    before = (engine.encodes, engine.decodes)
    slider = gui.window.suggestions.slider
    counts = []
    for value in (99, 60, 3):
        slider.setValue(value)
        wait()
        counts.append(len(gui.state.suggestions))
    assert counts[0] < counts[1] <= counts[2]
    assert (engine.encodes, engine.decodes) == before


def test_rows_follow_when_the_slider_has_settled(gui, wait):
    gui.window.suggestions.slider.setValue(99)
    wait()
    project, image = gui.state.project, gui.state.image
    assert len(project.suggestions.of_image(image.id)) == len(gui.state.suggestions)
    assert project.settings.get("threshold") == 0.99


def test_nothing_above_the_threshold_says_how_far_to_go(gui, wait):
    gui.window.suggestions.slider.setValue(99)
    wait()
    panel = gui.window.suggestions
    assert panel.list._empty.isVisible()
    assert panel.list._empty.text().startswith("Nothing above .99: lower the threshold (best is .")
    assert not panel.button.isEnabled()


def test_a_decided_region_is_not_suggested_again_at_another_threshold(gui, wait):
    gui.review.accept()
    gui.review.reject()
    wait()
    for value in (45, 55, 50):
        gui.window.suggestions.slider.setValue(value)
        wait()
        assert gui.state.suggestions == ()


def test_accepting_before_the_rows_are_written_loses_nothing(gui, wait):
    gui.window.suggestions.slider.setValue(52)
    gui.review.accept_all()
    wait()
    assert len(gui.state.project.annotations.of_image(gui.state.image.id)) == 2
