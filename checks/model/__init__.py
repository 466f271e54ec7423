"""What a host is: its facts, and what of it VM-FEX stands on."""
