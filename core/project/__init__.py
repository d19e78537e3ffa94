"""The project store: images, words, annotations, suggestions, model versions in SQLite."""
