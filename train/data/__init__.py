"""What a model learns from: the corrections of a project, their split, their views."""
