"""The paper's experiments at the size of two CPU cores, on generated scenes."""
