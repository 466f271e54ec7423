"""Reading and writing recordings and tars that nobody vouches for (docs/recordings.md)."""
