"""A toy world: generated scenes with exact masks and captions."""

from cascadeclip.core.scenes.art import Art, draw_sprites, load_art
from cascadeclip.core.scenes.scene import Scene, SceneObject, SceneSettings, draw_scene
from cascadeclip.core.scenes.words import DEMO_WORDS, INDEX, WORDS, SceneWord

__all__ = [
    "DEMO_WORDS",
    "INDEX",
    "WORDS",
    "Art",
    "Scene",
    "SceneObject",
    "SceneSettings",
    "SceneWord",
    "draw_scene",
    "draw_sprites",
    "load_art",
]
