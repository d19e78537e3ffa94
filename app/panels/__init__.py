"""The widgets around the canvas, one each."""
