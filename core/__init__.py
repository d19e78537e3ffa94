"""Everything a script could use without a window."""
