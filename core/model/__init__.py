"""Cascade-CLIP: parts, assembly, builder, checkpoints."""
