"""The image view, its mask layers and its tools."""
