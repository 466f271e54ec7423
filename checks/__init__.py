"""What a host is, and how it is judged: pure functions on frozen facts, no I/O, no pytest."""
