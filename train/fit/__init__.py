"""Training a network on a labelled set as the paper does: configuration, loop, resuming."""
