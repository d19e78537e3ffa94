"""The main window: assembly, actions, layout."""
