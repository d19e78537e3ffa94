"""Ways to run the image tower, behind one small protocol."""
