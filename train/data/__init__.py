"""Training data: reviewed images of a project, generated scenes."""
