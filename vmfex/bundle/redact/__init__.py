"""A run in which pseudonyms stand for what names somebody's machines and people."""
