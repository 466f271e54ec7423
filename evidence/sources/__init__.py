"""One module for each place that a host can be read from; each is a tree (evidence/tree.py)."""
