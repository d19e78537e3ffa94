"""Choices of a project."""


def test_values_are_kept_as_json(world):
    values = {"threshold": 0.5, "words": ["猫", None, True], "deep": {"a": [1]}, "none": None}
    for key, value in values.items():
        world.project.settings.set(key, value)
    world.project.settings.set("threshold", 0.75)
    settings = world.reopen().settings
    assert settings.get("threshold") == 0.75
    assert settings.get("words") == values["words"]
    assert settings.get("deep") == values["deep"]
    assert settings.get("none", "default") is None
    assert settings.get("missing") is None
    assert settings.get("missing", 3) == 3
