"""A host as it would be with a few facts changed: the same rules judge it, nothing certifies it."""
