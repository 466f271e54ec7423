"""Judging a host: the rule set, what each step finds, the record that follows."""
