"""Training and measuring, in a process of its own: `python -m cascadeclip.train`."""
