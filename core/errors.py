"""Errors a user can act on: each carries one plain sentence."""

from __future__ import annotations


class CascadeClipError(Exception):
    """Say in one sentence what happened and what to do; front ends show it as it is."""


class ProjectError(CascadeClipError):
    """Report a project folder that cannot be opened, created or written."""


class ProjectTooNew(ProjectError):
    """Report a project written by a newer version of the program."""


class ImageUnreadable(CascadeClipError):
    """Report an image file that is missing, damaged, too large or of an unknown kind."""


class VocabularyError(CascadeClipError):
    """Report words that make no vocabulary."""


class MaskInvalid(CascadeClipError):
    """Report a mask whose size or run lengths are impossible."""


class CheckpointError(CascadeClipError):
    """Report weights that cannot be loaded, naming the keys."""


class FormatError(CascadeClipError):
    """Report an export or import that cannot be done."""


class ArtMissing(CascadeClipError):
    """Report that the art of the toy world is not installed."""


class TrainingFailed(CascadeClipError):
    """Report a training run that could not start or finish."""


class MeasuringFailed(CascadeClipError):
    """Report that what runs a model fastest could not be measured."""


class PrelabelFailed(CascadeClipError):
    """Report a run over all images that another process or machine broke off."""


class DeviceUnavailable(CascadeClipError):
    """Report a device that was asked for and does not compute."""


class OutOfMemory(CascadeClipError):
    """Report that not even the smallest piece of work fits into memory."""


class DownloadFailed(CascadeClipError):
    """Report a file that could not be fetched, or is not what was asked for."""


class AnalysisFailed(CascadeClipError):
    """Report that a look into a model cannot be had as it was asked for."""
