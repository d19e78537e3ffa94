"""The two front ends: the window and the command line."""
