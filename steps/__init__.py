"""The vocabulary of the features: what a Given can select, what a Then can judge."""
