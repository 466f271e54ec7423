"""Fuzzing in one process: `make fuzz`, or `python -m tests.fuzz --help`."""
