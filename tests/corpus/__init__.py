"""Inputs that the fuzz tests begin with (CONTRIBUTING.md says how to run them)."""
