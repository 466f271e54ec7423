"""The folder that `--out` names: whose files are in it, and how a run's come there whole."""
