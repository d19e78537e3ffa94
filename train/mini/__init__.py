"""Make the bundled mini model again from nothing: `python -m cascadeclip.train.mini`."""
