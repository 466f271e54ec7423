"""Many hosts: which they are, side by side, and what is said of all of them."""
