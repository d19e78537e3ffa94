"""The commands of `cascadeclip`, one module each."""
