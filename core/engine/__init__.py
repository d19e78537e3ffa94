"""Encode once, decode often."""
