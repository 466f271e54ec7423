"""How many more VM interfaces hosts can serve, and what a change would do to that."""
