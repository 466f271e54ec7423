"""Judgements: one pure function for each, by subject."""
