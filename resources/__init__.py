"""Data that ships with the program: icons, style, word lists, the bundled mini model."""
