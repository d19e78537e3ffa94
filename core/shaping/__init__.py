"""Shape masks by hand: their parts, their outlines, and what clicks on an image mean."""
