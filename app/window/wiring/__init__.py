"""Every feature of the window, each wired in a module of its own."""

from __future__ import annotations

from cascadeclip.app.window.wiring.appearance import Appearance
from cascadeclip.app.window.wiring.batch import BatchWork
from cascadeclip.app.window.wiring.feature import Feature
from cascadeclip.app.window.wiring.formats import Formats
from cascadeclip.app.window.wiring.images import ImageList
from cascadeclip.app.window.wiring.language import Language
from cascadeclip.app.window.wiring.looking import Looking
from cascadeclip.app.window.wiring.models import ModelChoice
from cascadeclip.app.window.wiring.program import Program
from cascadeclip.app.window.wiring.projects import Projects
from cascadeclip.app.window.wiring.remembered import Remembered
from cascadeclip.app.window.wiring.review import Reviewing
from cascadeclip.app.window.wiring.sight import SightMaps
from cascadeclip.app.window.wiring.suggestions import Suggestions
from cascadeclip.app.window.wiring.tools import Tools
from cascadeclip.app.window.wiring.training import Retraining
from cascadeclip.app.window.wiring.upkeep import KeptWell
from cascadeclip.app.window.wiring.view import View
from cascadeclip.app.window.wiring.words import Vocabulary

FEATURES: tuple[type[Feature], ...] = (
    Projects,
    Formats,
    KeptWell,
    Reviewing,
    Tools,
    Vocabulary,
    View,
    Appearance,
    ImageList,
    Suggestions,
    BatchWork,
    Retraining,
    ModelChoice,
    Looking,
    SightMaps,
    Remembered,
    Language,
    Program,
)
