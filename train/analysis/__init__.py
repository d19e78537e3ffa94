"""Looks into a model: how alike its layers are, what its patches resemble, what it costs."""
