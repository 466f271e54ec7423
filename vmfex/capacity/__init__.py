"""What hosts have room for, and what would become of them: judged, and never certified."""
