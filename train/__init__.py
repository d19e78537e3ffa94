"""Training and measuring, in a process of its own; importing this package costs nothing."""
