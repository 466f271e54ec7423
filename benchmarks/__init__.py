"""How much processor time the program takes, as ratios against something that was measured in the
same run: the machine's own speed cancels out. Nothing here passes or fails."""
