"""A toy world: generated scenes with exact masks and captions."""
